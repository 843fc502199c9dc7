"""The demonstration company 澜岱公司: people, papers and texts as data, and the loader that plays its past by real deeds."""
