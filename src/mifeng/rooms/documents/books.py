"""定密登记簿 and 变更登记簿: the history of items as registers, trimmed like every list of them."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from mifeng.base import clock, language
from mifeng.base.registers import Column, Corrected, Entry, Lines, Register
from mifeng.rooms.documents import cards, queries
from mifeng.rooms.documents.models import Change
from mifeng.rooms.people.models import Person

READERS = frozenset({"gm", "deputy_gm", "gmo_head", "clerk", "auditor", "classifier"})
KEEPERS = frozenset({"gmo_head", "clerk"})  # who keeps the registers reads their serial numbers
CLASSIFIED = ("classified",)
CHANGED = ("level", "term", "released", "reviewed", "scope")


def _lines(person: Person, kinds: tuple[str, ...]) -> Lines:
    made = Change.objects.filter(what__in=kinds).select_related("person", "document__drafter")
    return Lines(queries.lines(person, made), sound=sound)


def sound(rows: list[Change]) -> Iterable[Change]:
    """The rows with their items verified; those whose title was corrected since know the title before. Raises Tampered."""
    queries.sound({row.document_id: row.document for row in rows}.values())
    corrections = Change.objects.filter(what="corrected", document__in={row.document_id for row in rows}).order_by("-pk")
    first = {made.document_id: made.before.rpartition(" · ")[0] for made in corrections.select_related("document")}
    for row in rows:
        row.title_before = first.get(row.document_id, "")
    return rows


def _title(row: Change) -> str | Corrected:
    was, now = getattr(row, "title_before", ""), row.document.title
    return Corrected(was, now) if was and was != now else now


def _day(row: Change) -> str:
    return clock.local(row.at).date().isoformat()


def _level(row: Change) -> int:
    return row.document.level


NUMBER = Column(_("编号"), lambda row: row.number, width=15, number=True)
ITEM = Column(_("文件"), _title, width=34, key="item")
REFERENCE = Column(_("发文字号"), lambda row: row.document.number, width=16, number=True)
CLASSIFIER = Column(_("审定人"), lambda row: row.person.called, width=14, key="classifier")

REGISTERS = (
    Register(
        "F08", _("定密登记簿"),
        (
            NUMBER, ITEM, REFERENCE,
            Column(_("承办人"), lambda row: row.document.drafter.name, width=10, key="drafter"),
            CLASSIFIER,
            Column(_("审定密级与期限"), lambda row: row.after, width=20, key="final_level"),
            Column(_("现密级"), lambda row: language.level(row.document.level), width=8, number=True),
            Column(_("日期"), _day, width=11, number=True),
        ),
        lambda person: _lines(person, CLASSIFIED), posts=READERS, keepers=KEEPERS, series="定密", level=_level,
        purpose=_("本簿记每一件密件由谁审定、定为何级、多长期限。"), first=Entry(_("登记与定密"), "/documents/new/", "shield-lock"),
    ),
    Register(
        "F09", _("密级变更、解密登记簿"),
        (
            NUMBER, ITEM, REFERENCE,
            Column(_("类型"), lambda row: str(cards.CHANGES[row.what]), width=8, number=True, key="kind"),
            Column(_("原标志"), lambda row: row.before, width=18, key="from_level"),
            Column(_("现标志"), lambda row: row.after, width=18, key="to_level"),
            CLASSIFIER,
            Column(_("生效日期"), _day, width=11, number=True, key="effective"),
        ),
        lambda person: _lines(person, CHANGED), posts=READERS, keepers=KEEPERS, series="变密", level=_level,
        purpose=_("本簿记每一次升降密、延长、缩短、解密和知悉范围变更，原标志与现标志并列。"),
        first=Entry(_("到期审查"), "/documents/terms/", "calendar-due"),
    ),
)  # fmt: skip
