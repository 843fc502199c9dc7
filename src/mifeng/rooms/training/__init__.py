"""教育: pledges (保密承诺书), entry tests, acknowledgement of each version of the rules; lessons and courses come later.

Without a signed pledge and a passed entry test no clearance is active; fifteen days after a new version of the rules,
levelled items stay shut to whoever has not acknowledged it. The room announces both as conditions of a person.

Once a year everybody answers for himself what no rule of the software can see (self_check.toml).

Clauses here: P0.1 (the clerk is a trusted post), G1 (follow the rules), M6.2 (not in public places), I12 (training).
Register: F19 承诺书登记.
"""
