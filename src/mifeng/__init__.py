"""密封 Mifeng: the office of a company that keeps secrets, as a program."""

__version__ = "0.1.0"
