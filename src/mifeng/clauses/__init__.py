"""The regulation as Python values: clauses, figures, matrix, catalogue, forms, words. Imports nothing of ours.

    >>> from mifeng.clauses import clause, regulation
    >>> len(regulation())
    134
    >>> clause("M2.1").text
    '未经总经理或主管副总经理批准,密级文件资料物品不得复制、摘抄。'

The data lie in mifeng/regulation and are read once, strictly; `edition()` is their hash and stands in every log entry.
A room's rule says with `@enforces("M2.1")` whose rule it is. Figures are asked for by day:
`parameter("I6.3", "password_age_days", on=day)`. The rest are modules: `matrix.steps`, `catalogue.propose`,
`forms.form`, `schemes.scheme`, `words.words`, `evidence.measured`.
"""

from mifeng.clauses.books import BOOKS, Clause, UnknownClause, clause, regulation
from mifeng.clauses.enforcing import RULES, Rule, enforces, rules_of, switched
from mifeng.clauses.loader import RegulationError, edition
from mifeng.clauses.parameters import parameter, parameters_of, words_of

__all__ = [
    "Clause", "clause", "regulation", "edition", "BOOKS", "parameter", "parameters_of", "words_of", "enforces", "switched",
    "Rule", "RULES", "rules_of", "RegulationError", "UnknownClause",
]  # fmt: skip
