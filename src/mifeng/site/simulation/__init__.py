"""A simulated company: people of three natures do random deeds for years, then the house is asked whether its promises held.

Only in a house of its own that is thrown away; see docs/decisions/0014-simulation.md.
"""
