"""Every statement that was kept is composed anew by Django and must come out the same: `MIFENG_TEST_STATEMENTS=1`.

For a run of the whole suite, which asks some millions of questions; a common run checks those of tests/house/test_statements.py.
"""

from typing import Any

from mifeng.base import statements


def compare_each() -> None:
    """From here on each use of a kept statement is compared; AssertionError where they differ."""
    known = statements.statement

    def compared(asked: Any, use: str, connection: Any, compose: Any = None) -> Any:
        found = known(asked, use, connection, compose)
        if found is not None:
            # What fills up a list, and whatever else stands there twice, Django takes once: something else stands in for it.
            values = tuple(
                value if value not in asked._told[:at] else statements._stand_in(value, at) for at, value in enumerate(asked._told)
            )
            sql, params = statements.composed(asked, values, compose or statements.USES[use], connection)[:2]
            assert sql == found.sql, f"{asked.model.__name__} {asked._asked}"
            assert list(params) == found.bound(values, connection), f"{asked.model.__name__} {asked._asked}"
        return found

    statements.statement = compared
