"""Labels of copies: the code that is scanned, the number and the mark; printed by whoever answers for the copy."""

from django.utils.translation import gettext as _

from mifeng.base.refusals import Refused
from mifeng.base.registers import Label, Labels
from mifeng.engines.access import Decision
from mifeng.rooms.copies import queries
from mifeng.rooms.copies.models import Copy
from mifeng.rooms.documents import marking
from mifeng.rooms.people.models import Person


def of_copies(person: Person, uids: list[str]) -> list[Label]:
    """The labels of these copies, each found as its card is. Raises NotThere, Refused (not its custodian), Tampered."""
    found = [queries.find(person, uid) for uid in uids]
    if any(copy.custodian_id != person.pk for copy in found):
        raise Refused(Decision.refuse("custodian_labels", "G4.1", "份的标签由其保管人打印"), "未打印")
    return [label(copy) for copy in found]


def label(copy: Copy) -> Label:
    """What stands on the label of a copy."""
    number = _("第 %(number)s 份") % {"number": copy.number}
    return Label(copy.code, copy.document.number or copy.document.uid[:8], (number, marking.mark_text(copy.document)))


LABELS = (Labels("copies:copy", of_copies),)
