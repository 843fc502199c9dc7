"""The acts of the room for the house: what may be asked for, and what of it waits on whose desk."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mifeng.base import duties
from mifeng.base.room import Duty, DutyItem, Matter
from mifeng.rooms.copies import asked, granted, queries
from mifeng.rooms.copies.facts import State
from mifeng.rooms.documents import asked as papers_asked
from mifeng.rooms.documents import known_by_few
from mifeng.rooms.documents import queries as papers
from mifeng.rooms.documents import work as papers_work
from mifeng.rooms.people.models import Person

LABELS = {
    "copy": gettext_lazy("复制"), "first_print": gettext_lazy("印制"), "carry_out": gettext_lazy("外出携带"),
    "excerpt": gettext_lazy("摘抄"),
}  # fmt: skip

FORMS = {"copy": "F05", "first_print": "F05", "excerpt": "F06", "carry_out": "F07"}


def _matter(act: str) -> Matter:
    return Matter(
        name=granted.MATTERS[act], act=act, label=LABELS[act], item=papers.of_key, summary=asked.summary, done=asked.approved,
        returned=asked.returned, grants=True, pages=True, handlers=papers_work.handlers, limits=known_by_few.limits,
        conditions=asked.CONDITIONS, knew=papers_asked.knew, frozen=lambda approval: papers.of_key(approval.item_key).frozen,
        gone=lambda approval: not papers.of_key(approval.item_key).live, form=FORMS[act],
    )  # fmt: skip


MATTERS = tuple(_matter(act) for act in LABELS)


def _to_carry_out(person: Person) -> list[Duty]:
    """Approvals in force that wait for this person's hands: to be copied, printed, carried out (M1.1)."""
    found = granted.waiting(person)
    items = tuple(
        DutyItem(papers.of_key(one.item_key).number, _("%(act)s，%(name)s申请") % {"act": LABELS[one.act], "name": one.applicant.called},
                 _("办理"), granted.place(one), one.level)
        for one in found[:3]
    )  # fmt: skip
    return [Duty(_("已批准待办理"), _("批准后七日内未用即失效"), "/copies/jobs/", len(found), items, order=13)]


def _not_back(person: Person) -> list[Duty]:
    """What is out beyond its time, for whoever carries it and whoever answers for it (C5.2)."""
    late = duties.few(queries.late(person).filter(state=State.OUT))
    items = tuple(
        DutyItem(f"{copy.document.number} {copy.number}".strip(), _("%(name)s携带，应已返回") % {"name": copy.holder.called},
                 _("查看"), f"/copies/{copy.uid}/", copy.document.level, late=True)
        for copy in late[:3]
    )  # fmt: skip
    return [Duty(_("外出未归"), _("逾期二十四小时即记为异常"), "/copies/?view=away", len(late), items, late=True, order=9)]


def _lagging(person: Person) -> list[Duty]:
    """Excerpts that have not followed their source: its level, its term, its destruction; for whoever answers for them."""
    found = queries.lagging_excerpts(person)
    items = tuple(
        DutyItem(one.made.number, _(queries.LAGS[what]), _("办理"), f"/documents/{one.made.uid}/change/", one.made.level, late=True)
        for one, what in found[:3]
    )
    why = _("摘录件的密级、期限和去留随来源文件")
    return [Duty(_("摘录件待随来源调整"), why, "/documents/?view=mine", len(found), items, late=True, order=15)]


DUTIES = (_to_carry_out, _not_back, _lagging)
