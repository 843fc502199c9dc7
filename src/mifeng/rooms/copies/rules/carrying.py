"""Carrying out: where to, by whom, back with every page and in time. Pure."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from mifeng.clauses import enforces, parameter, words_of
from mifeng.engines.access import (
    DESTINATION_AUTHORITY,
    DESTINATION_BRANCH,
    DESTINATION_CLIENT,
    DESTINATION_HOME,
    DESTINATION_MEETING,
    DESTINATION_PUBLIC,
    Decision,
    Level,
)
from mifeng.rooms.copies.facts import Keeper, Measure

KINDS = {
    "own_site": DESTINATION_BRANCH, "partner": DESTINATION_CLIENT, "authority": DESTINATION_AUTHORITY, "meeting": DESTINATION_MEETING,
}  # fmt: skip


@enforces("G4.3", "D5")
def where_to(kind: str, place: str, on: date) -> int | None:
    """不准带回家或带到其他公共场所。

    The kind of destination as the access engine knows it; a home or a public place by the words that count as one on
    that day, whatever kind was chosen. None = a kind that nobody carries papers to.
    """
    written = "".join(place.split())
    if kind == "home" or any(word in written for word in words_of("G4.3", "home_words", on)):
        return DESTINATION_HOME
    if kind == "public" or any(word in written for word in words_of("G4.3", "public_words", on)):
        return DESTINATION_PUBLIC
    return KINDS.get(kind)


@enforces("C5.2")
def may_bear(bearer: Keeper) -> Decision:
    """携带秘密文件外出须主管领导批准。

    Whoever carries is there, entrusted with transit at that level (M2.2) and cleared for it; `appointed` says the former.
    """
    if not bearer.active or not bearer.appointed:
        return Decision.refuse("carrier_not_designated", "M2.2", "携带人、同行人须是受委托传递此密级的指定人员")
    return Decision.permit("may_bear", "C5.2")


def measures_fit(level: int, measures: Collection[Measure]) -> Decision:
    """Safety measures are chosen (M2.2); 绝密 goes in a locked bag."""
    if not measures or (level >= Level.TOP_SECRET and Measure.LOCKED_BAG not in measures):
        return Decision.refuse("measures_missing", "M2.2", "须选定安全措施,绝密件须用密码箱(包)")
    return Decision.permit("measures_fit", "M2.2")


@enforces("C5.2")
def pages_back(out: int, back: int) -> Decision:
    """携带秘密文件外出须主管领导批准。

    What comes back has as many pages as went out; fewer open an incident, more were never counted out.
    """
    if back == out:
        return Decision.permit("pages_back", "C5.2")
    if back > out:
        return Decision.refuse("more_pages_back", "C5.2", "清点页数多于出门时的页数,请重新清点")
    return Decision.refuse("pages_missing", "C5.2", "归还时缺页")


def incident_at(due: datetime) -> datetime:
    """When whatever is not back becomes an incident: the parameter's hours after the due time, both UTC."""
    return due + timedelta(hours=int(parameter("C5.2", "incident_hours", on=due.date())))


@enforces("C5.2")
def is_incident(due: datetime, now: datetime) -> bool:
    """携带秘密文件外出须主管领导批准。

    Not back when those hours are over: an incident, whatever is said by telephone.
    """
    return now >= incident_at(due)
