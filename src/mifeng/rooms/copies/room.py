"""What the room announces to the house."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from mifeng.base import language
from mifeng.base.room import Duty, DutyItem, Entry, JobKind, Matter, Room
from mifeng.rooms.copies import (
    act_books,
    act_duties,
    act_sheets,
    actions,
    deadlines,
    destructions,
    labels,
    queries,
    rounds,
    stock_books,
    stock_duties,
    stock_sheets,
    stock_work,
    work,
)
from mifeng.rooms.copies.actions.importing import BRINGERS
from mifeng.rooms.copies.facts import SEE_PLACES
from mifeng.rooms.copies.models import Copy
from mifeng.rooms.copies.rules.desks import LOOKS
from mifeng.rooms.documents import asked as papers_asked
from mifeng.rooms.documents import known_by_few
from mifeng.rooms.documents import queries as papers
from mifeng.rooms.documents import work as papers_work
from mifeng.rooms.people.models import Person


def _to_sign(person: Person) -> list[Duty]:
    """What was given into this person's hands and is not signed for (G4.1, G4.4)."""
    lines = queries.to_sign(person)
    items = tuple(
        DutyItem(f"{line.copy.document.number} {line.copy.number}".strip(), _("%(name)s交来") % {"name": line.by.called},
                 _("签收"), f"/copies/sign/{line.uid}/", line.copy.document.level)
        for line in lines[:3]
    )  # fmt: skip
    return [Duty(_("待我签收"), _("签收之前仍由交出的人负责"), "/copies/", len(lines), items, order=12)]


def _incidents(person: Person) -> list[Duty]:
    """What was noticed about copies and nobody has looked into yet, for the head of the GM's office (M7.1)."""
    found = queries.incidents(person) if queries.sees_incidents(person) else []
    items = tuple(
        DutyItem(f"{one.copy.document.number} {one.copy.number}".strip(), language.said(one.why), _("核查"), "/copies/incidents/",
                 one.copy.document.level, late=True)
        for one in found[:3]
    )  # fmt: skip
    return [Duty(_("密件异常"), _("缺页、逾期未归、下落不明，请核查"), "/copies/incidents/", len(found), items, late=True, order=8)]


def _holdings(person: Person, viewer: Person) -> Iterable[Copy]:
    """What this person has in his hands or answers for: for whoever signs him off or clears his desk."""
    return [*queries.held_by(person), *queries.kept_by(person)]


DESTROYS = frozenset({"gmo_head", "clerk", "archivist"})
DESTROY = Matter(
    name="copies:destroy", act="destroy", label=gettext_lazy("销毁"), item=papers.of_key, summary=destructions.summary, pages=True,
    done=destructions.approved, returned=destructions.returned, grants=True, handlers=papers_work.handlers, limits=known_by_few.limits,
    conditions=destructions.CONDITIONS, knew=papers_asked.knew,
    frozen=lambda approval: papers.of_key(approval.item_key).frozen, gone=lambda approval: not papers.of_key(approval.item_key).live,
)  # fmt: skip

room = Room(
    name="copies",
    label=gettext_lazy("份"),
    order=40,
    clauses=("D5", "G4.1", "G4.2", "G4.3", "M2.1", "M2.3", "C2.2", "C4.2", "C4.3", "C5.1", "C5.2"),
    supplies=("applicant", "approver", "destination"),
    menu=(
        Entry(gettext_lazy("份与持有"), "/copies/", "stack-2", group=gettext_lazy("办件")),
        Entry(gettext_lazy("扫码"), "/copies/scan/", "scan", group=gettext_lazy("办件")),
        Entry(gettext_lazy("盘点与清理"), "/copies/counts/", "clipboard-check", group=gettext_lazy("定期")),
        Entry(gettext_lazy("销毁"), "/copies/destructions/", "trash", posts=DESTROYS, group=gettext_lazy("定期")),
        Entry(pgettext_lazy("簿", "存放位置"), "/copies/places/", "map-pin", posts=SEE_PLACES, group=gettext_lazy("定期")),
        Entry(gettext_lazy("上锁抽查"), "/copies/desks/", "lock", posts=LOOKS | {"hr", "auditor"}, group=gettext_lazy("定期")),
        Entry(gettext_lazy("旧台账补登"), "/copies/import/", "file-upload", posts=BRINGERS | {"gm"}, group=gettext_lazy("定期")),
    ),
    labels=labels.LABELS,
    deeds=tuple(getattr(actions, name) for name in actions.__all__),
    duties=(
        _to_sign,
        _incidents,
        *act_duties.DUTIES,
        *stock_duties.DUTIES,
    ),
    deadlines={
        "carry_out": deadlines.carried,
        "clean_up": deadlines.clean_ups,
        "clear_up": deadlines.clear_ups,
        "combination": deadlines.combinations,
        "desk": deadlines.desks,
        "held_copy": deadlines.held,
        "missing_copy": deadlines.missing,
        "re_mark": deadlines.re_marks,
    },
    holdings=(_holdings,),
    registers=(*act_books.REGISTERS, *stock_books.REGISTERS),
    forms=(*act_sheets.FORMS, *stock_sheets.FORMS),
    matters=(*act_duties.MATTERS, DESTROY),
    daily=(rounds.late_trips, stock_work.treat_leaks),
    jobs={
        "copies:enter_rows": JobKind(work.enter_rows, gettext_lazy("补登旧台账"), owed=True),
        "copies:late": JobKind(stock_work.late, gettext_lazy("文件后续处理"), owed=True, timed=True),
        "copies:shred": JobKind(stock_work.shred, gettext_lazy("文件后续处理"), owed=True),
    },
)
