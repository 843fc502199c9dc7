"""份: every numbered copy from print to destruction.

The copy is the unit of accountability: it has a number, one custodian at any time, whoever holds it now, a place, a
state. Whatever happens to it is one line of its ledger (Movement), written by the one function `actions/_ledger.py`
`move`; the row of the copy is the last line of that ledger and nothing else. So the register and what each person
holds cannot disagree: both are read from the same lines.
"""
