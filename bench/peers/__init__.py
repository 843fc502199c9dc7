"""Django applications that keep a history of rows, measured beside a deed: same change, same disk, same run."""
