"""Archiving and re-marking of copies. Pure."""

from datetime import date

from mifeng.engines.access import Decision

# 保管期限 of the archive: for ever (0), thirty years, ten years.
YEARS = (0, 30, 10)
YEAR_WORDS = {0: "永久", 30: "30年", 10: "10年"}


def may_archive(years: int) -> Decision:
    """An archived copy has a retention of the archive's own, which is not the term of its secrecy."""
    if years in YEARS:
        return Decision.permit("may_archive", "G4.5")
    return Decision.refuse("retention_given", "G4.5", "归档须定保管期限:永久、30年或10年")


def until(years: int, since: date) -> date | None:
    """The last day of a retention that begins on that day; None = for ever. 29 February ends on the 28th."""
    if years == 0:
        return None
    year = since.year + years
    return date(year, 2, 28) if (since.month, since.day) == (2, 29) and not _leap(year) else since.replace(year=year)


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def may_set_aside(kept_until: date | None, archived: bool, on: date) -> Decision:
    """What is archived is not destroyed while the archive keeps it."""
    if archived and (kept_until is None or on <= kept_until):
        return Decision.refuse("retention_runs", "G4.5", "保管期限未满,不得列入待销")
    return Decision.permit("may_set_aside", "G4.5")


def may_re_mark(holder: bool, borne: int, level: int) -> Decision:
    """Whoever has the sheets strikes the old mark out and puts the new one beside it, once the level has changed (P4.3)."""
    if not holder:
        return Decision.refuse("holder_re_marks", "P4.3", "由持有人或保管人划去旧标志、加注新标志")
    if borne == level:
        return Decision.refuse("mark_is_right", "P4.3", "此份标志与现密级一致")
    return Decision.permit("may_re_mark", "P4.3")


def may_surrender(given: bool, issuer: str, receipt: str) -> Decision:
    """Only what an issuer numbered goes back to him, and he signs for it."""
    if not given:
        return Decision.refuse("issued_elsewhere", "G4.5", "本单位编号的份不清退,不再需要的列入待销")
    if not issuer.strip() or not receipt.strip():
        return Decision.refuse("issuer_signs", "G4.5", "清退须写明原单位和回执")
    return Decision.permit("may_surrender", "G4.5")
