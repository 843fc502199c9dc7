"""Django applications that keep a history of rows, measured beside a deed: the same change, the same disk, the same run."""
