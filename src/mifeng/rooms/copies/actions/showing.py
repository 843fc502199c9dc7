"""Deeds on the photographs of a destruction: added by those who were there, shown to whoever may read the list, marked."""

from django.utils.translation import gettext_noop

from mifeng.base import clock, codes, deeds, vault
from mifeng.base.deeds import deed
from mifeng.base.refusals import NotThere, insist
from mifeng.base.registers import minute
from mifeng.engines import intake, watermark
from mifeng.rooms.copies import destruction_lists
from mifeng.rooms.copies.actions import _marks
from mifeng.rooms.copies.models import Destruction, Evidence, EvidenceMark
from mifeng.rooms.copies.rules import destroying
from mifeng.rooms.copies.rules.destroying import Step
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.models import Upload
from mifeng.rooms.people.models import Person
from mifeng.rooms.viewing.facts import PURPOSES
from mifeng.rooms.viewing.pages import Issue

NOT_ADDED = gettext_noop("未附上")


@deed("copies:add_evidence")
def add_evidence(person: Person, uid: str, upload: Upload) -> Evidence:
    """附影像: a photograph that this person brought in becomes part of the list and stays with it for ever."""
    listed = destruction_lists.of(person, uid)
    deeds.note(obj=listed.item_key)
    found = listed.first
    codes.verify("upload", [upload.pk])
    upload.refresh_from_db()
    took_part = person.pk in (found.executor_id, found.watcher1_id, found.watcher2_id)
    picture = upload.state == "accepted" and upload.person_id == person.pk and intake.KINDS[upload.kind].family is intake.Family.IMAGE
    insist(destroying.may_show(Step(found.state), took_part, picture, found.evidence.count()), NOT_ADDED)
    vault.opened().rewrap_document(bytes.fromhex(upload.uid), _shared.compartment(listed.level, found.department))
    upload.state = "attached"
    upload.save()
    return Evidence.objects.create(destruction=found, upload=upload, by=person, at=clock.now())


@deed("copies:see_evidence")
def see_evidence(person: Person, uid: str, picture: str) -> tuple[Evidence, Issue]:
    """看影像: one photograph for whoever may read the list, with a mark of its own; what is returned is drawn afterwards."""
    listed = destruction_lists.of(person, uid)
    deeds.note(obj=listed.item_key)
    found = listed.first
    row = found.evidence.select_related("upload").filter(uid=picture).first()
    if row is None:
        raise NotThere
    return row, _issue(person, found, row)


def _issue(person: Person, found: Destruction, row: Evidence) -> Issue:
    now = minute(clock.now())
    made = _marks.drawn(EvidenceMark, person, now, watermark.EDGE_SCREEN, destruction=found, evidence=row)
    mark, who = int(made.mark, 16), f"{person.name} {now}"
    footer = " · ".join([person.name, person.department.name, person.login, now, PURPOSES["view"], watermark.short_id(mark)])
    return Issue(mark, made.epoch, (found.number,), footer, who, person.name, made.edge)
