"""Readings of the one rule table: an interpreter, generated Python, SQL for lists. Each knows only the rows."""
