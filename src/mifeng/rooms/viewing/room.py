"""What the room announces to the house."""

from django.db.models import OuterRef
from django.utils.translation import gettext_lazy as _

from mifeng.base.room import Duty, DutyItem, Room
from mifeng.base.shapes import Exists
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.documents.models import DocumentFile
from mifeng.rooms.people.models import Person
from mifeng.rooms.viewing import actions, queries
from mifeng.rooms.viewing.models import Receipt


def _to_read(person: Person) -> list[Duty]:
    """Levelled papers with pages that this person may read and has not acknowledged: the newest three by title."""
    done = Receipt.objects.filter(person=person).values("document")
    shown = DocumentFile.objects.filter(document=OuterRef("pk"), state="ready")
    found = documents.known_by(person).exclude(pk__in=done).exclude(owner=person)
    readable = documents.newest_in_scope(person, found.filter(Exists(shown), state="valid", level__gte=10), 20)
    items = tuple(
        DutyItem(d.title, d.number, str(_("阅览")), f"/read/{d.uid}/", d.level, d.proposed, shows=d.item_key)
        for d in documents.shown(person, readable[:3])
    )
    return [Duty(str(_("待阅")), str(_("读到末页签已阅")), "/documents/?view=unread", len(readable), items, order=40)]


room = Room(
    name="viewing",
    label=_("阅览"),
    order=50,
    clauses=("P2.1", "D3", "I10.6"),
    deeds=(actions.open_document, actions.open_page, actions.acknowledge),
    duties=(_to_read,),
    judged=queries.has_judged,
)
