"""时钟待确认: who vouches for the date when the machine's clock is not believed, and who is told (P4.1, decision 0012).

Terms, releases and lapses are all counted from now. So the date is nobody's alone: not the machine's, not the system
administrator's, who sets the machine.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from mifeng.base import clock, deeds, duties
from mifeng.base.deeds import deed
from mifeng.base.record import CONFIRMED
from mifeng.base.refusals import NotThere, Refused
from mifeng.engines.access import Decision
from mifeng.rooms.oversight import queries
from mifeng.rooms.oversight.models import ClockWord
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.models import Person

TOLD = ("gmo_head", "secadmin", "auditor")

NOT_CONFIRMED = gettext_noop("未确认")


@deed("oversight:confirm_clock", in_doubt=True)
def confirm_clock(person: Person, day: date) -> bool:
    """Vouch for the machine's clock, which shows this local `day`; True when it is the second word and time goes on.

    Two persons of different posts: neither the machine's administrator, nor one person with two hats.
    """
    told, posts = clock.reading(), sorted(person.posts() & queries.CONFIRMERS)
    if not posts:
        raise NotThere
    if not told.doubted:
        raise _refuse("clock_sound", gettext_noop("没有待确认的日期"), "There is no date to confirm.")
    if day != clock.local(told.machine).date():
        raise _refuse(
            "clock_other_day", gettext_noop("您填的日期与本机日期不同:请先由系统管理员校正本机时钟"),
            "The date you gave is not the machine's: its clock must be set right first.",
        )  # fmt: skip
    before = queries.first_word(told)
    if before and (before.person_key == person.pk or len({*before.posts.split(","), *posts}) < 2):
        raise _refuse(
            "clock_second_person", gettext_noop("须由另一名不同岗位的人员确认"), "Somebody else, of another post, has to confirm it."
        )
    ClockWord.objects.create(person_key=person.pk, posts=",".join(posts), shown=told.machine, spent=before is not None)
    if before is None:
        return False
    before.spent = True
    before.save()
    _believe(told.machine)
    return True


def _believe(at: datetime) -> None:
    # Told in the entry, too: other processes of the house, and this one after a restart, go on from there.
    deeds.note(counts={CONFIRMED: clock.seconds(at)})
    transaction.on_commit(lambda: clock.confirm(at))


def _refuse(rule: str, zh: str, en: str) -> Refused:
    return Refused(Decision.refuse(rule, "P4.1", zh, en=en), NOT_CONFIRMED)


@deed("oversight:clock_alarm", in_doubt=True)
def clock_alarm(person: None, told: clock.Reading) -> None:
    """The machine's clock was set forward or back: recorded, and told to the office and two of the officers."""
    apart = told.machine - told.at
    deeds.note(counts={"minutes": int(apart.total_seconds() // 60)})
    for post in TOLD:
        for holder in people.holders(post):
            duties.remind(holder.pk, "clock", once=f"{told.at.date().isoformat()}|{'ahead' if told.doubted else 'behind'}")
