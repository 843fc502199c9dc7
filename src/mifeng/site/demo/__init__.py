"""The demonstration company 澜岱公司: people, papers and texts as data, and the loader that plays its past by real deeds."""

# Everybody's password in a demonstration, said on its pages: one must be able to unlock. No real instance knows it.
PASSWORD = "Lan-Dai-2026-Demo"  # noqa: S105  # said on its pages
