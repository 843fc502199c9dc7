"""The only shared Django code of the house: deeds, the door to the log, refusals, numbers, duties, jobs, the clock.

A closed list (docs/decisions/0003-what-lives-in-base.md). Never here: a noun of a register, a clause id as a literal,
a decision, a model that one room alone needs.
"""
