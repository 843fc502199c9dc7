"""Chinese walls (P1.1): papers of two sides of one case, as of two bidders, are never read by one person."""

from mifeng.base import clock
from mifeng.base.deeds import deed
from mifeng.base.refusals import Refused
from mifeng.engines.access import Decision
from mifeng.rooms.documents import who
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.models import Document, Wall, WallSide
from mifeng.rooms.people.models import Person


@deed("documents:declare_side", subject="document")
def declare_side(person: Person, document: Document, class_name: str, side: str) -> WallSide:
    """Say to which side of which case an item belongs; whoever knows its contents already stands on that side from now on."""
    if person.pk not in (document.owner_id, document.decider_id):
        raise Refused(Decision.refuse("owner_declares", "P1.1", "隔离由责任人或审定人设定"), "未设定隔离")
    name, own = " ".join(class_name.split()), " ".join(side.split())
    if not name or not own or WallSide.objects.filter(document=document).exists():
        raise Refused(Decision.refuse("wall_form", "P1.1", "请写明事项和所属一方;已设定的不得更改"), "未设定隔离")
    row = WallSide.objects.create(document=document, class_name=name, side=own)
    who.verify_item(document)
    for known in document.knowers.filter(way__in=_shared.CONTENTS).select_related("person"):
        Wall.objects.get_or_create(person=known.person, class_name=name, side=own, defaults={"since": clock.now()})
    _shared.touched(document, case=name, side=own)
    return row
