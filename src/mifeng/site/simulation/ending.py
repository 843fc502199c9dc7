"""What is asked of the house once the years are over: the log against the acts, the grants against the account, the rows."""

from collections import Counter

from mifeng.base import record
from mifeng.rooms.approvals.models import Grant
from mifeng.rooms.documents.models import Knower
from mifeng.site import verification
from mifeng.site.simulation import carriers, granting, reading
from mifeng.site.simulation.office import GOES_ON, Office

ROWS = "rows, numbers, blobs and log agree"


def look(office: Office) -> None:
    """Every invariant that is about the whole."""
    granting.note_new(office)
    spends: Counter[str] = Counter()
    acts: Counter[tuple[str, str]] = Counter()
    for _seq, entry in record.entries(office.first):
        acts[entry["act"], entry["out"]] += entry["act"] != GOES_ON
        if entry["act"] == "later:use" and entry["out"] == "allowed":
            spends[entry["grant"]] += 1
    office.expect("log = acts", +acts == office.acts, f"the log tells of other acts: {_apart(acts, office.acts)}")
    _grants(office, spends)
    _seen(office)
    carriers.look(office)
    for finding in verification.run():
        office.breach(ROWS, finding)
    office.checked[ROWS] += 1


def _apart(one: Counter[tuple[str, str]], other: Counter[tuple[str, str]]) -> str:
    told = {key: (one[key], other[key]) for key in one.keys() | other.keys() if one[key] != other[key]}
    return ", ".join(f"{act} {out}: {here} against {done}" for (act, out), (here, done) in sorted(told.items()))


def _grants(office: Office, spends: Counter[str]) -> None:
    """Row, log and account tell the same of every grant."""
    for grant in Grant.objects.order_by("pk"):
        kept = office.grants[grant.pk]
        used = kept.used
        left, logged, which = kept.uses - used if grant.state == "approved" else 0, spends[grant.uid], f"grant {grant.pk}"
        office.expect(granting.USES, used <= kept.uses, f"{which}: {used} uses of {kept.uses}")
        office.expect(granting.USES, grant.uses_left == left, f"{which}: the row leaves {grant.uses_left} uses, {left} are left")
        office.expect(granting.USES, logged == len(kept.spent), f"{which}: {logged} uses in the log, {len(kept.spent)} done")


def _seen(office: Office) -> None:
    """Whoever is entered as having seen an item was seen to see it, and the other way round."""
    entered = set(Knower.objects.filter(way="viewed").values_list("person_id", "document_id"))
    for pair in sorted(entered - office.seen):
        office.expect(reading.SAW, False, f"person {pair[0]} is entered as having seen item {pair[1]}, and never opened it")
    office.checked[reading.SAW] += len(entered)
