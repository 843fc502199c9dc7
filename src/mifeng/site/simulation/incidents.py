"""What befalls papers: told by word of mouth, put under embargo, frozen, kept by one person, corrected."""

from datetime import timedelta

from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents.facts import ScopeLine
from mifeng.rooms.documents.models import Custody, Document, Opening
from mifeng.site.simulation.office import Office


def tell(office: Office) -> None:
    """By word of mouth: a briefing, a mistake, a leader's leave that the clerk records."""
    document, clerk, other = office.paper(), office.holder("clerk"), office.anybody()
    if document is None or clerk is None:
        return
    place, what = office.words["place"], office.chance.randrange(4)
    if what == 0:
        office.do(documents.record_briefing, clerk, document, other, document.owner, place)
    elif what == 1:
        office.do(documents.enter_mistake, clerk, document, other, place, pledged=office.often(80))
    elif what == 2:
        office.do(documents.record_mistake, other, document, place, pledged=office.often(80))
    else:
        leader = office.holder(office.chance.choice(("gm", "deputy_gm")))
        line = ScopeLine("person", other.uid, "", office.today + timedelta(days=20))
        if leader:
            office.do(documents.record_verbal, clerk, document, office.seat(clerk), leader, (line,), place)


def embargo(office: Office) -> None:
    """An embargo is set, published or withdrawn."""
    gm, person = office.holder("gm"), office.anybody()
    document = office.paper(sealed=True) if office.often(40) else office.paper(category="S6")
    if document is None or gm is None:
        return
    if document.sealed:
        if office.often(60):
            office.do(documents.end_embargo, gm, document, office.often(80))
        else:
            office.do(documents.withdraw_sealed, gm, document, office.words["reason"])
    else:
        office.do(documents.open_embargo, gm, document, (document.owner, *((gm,) if office.often(60) else (office.anybody(),))), (person,))


def freeze(office: Office) -> None:
    """An incident: frozen, confirmed or not, lifted."""
    by = office.holder(office.chance.choice(("gmo_head", "gm")))
    document = (office.paper(frozen=True) if office.often(75) else None) or office.paper(live=True)
    if document is None or by is None:
        return
    if not document.frozen:
        office.do(documents.freeze, by, document, (office.anybody(),), office.words["reason"])
    elif office.often(25):
        office.do(documents.confirm_freeze, by, document)
    else:
        office.do(documents.unfreeze, by, document, office.words["reason"])


def custody(office: Office) -> None:
    """A sole custody is offered, taken, declined or given up."""
    offered = Custody.objects.filter(accepted_at=None, ended_at=None).select_related("taker").order_by("pk").first()
    if offered and office.often(70):
        deed = documents.accept_custody if office.often(80) else documents.decline_custody
        office.do(deed, office.person(offered.taker_id), offered.uid)
        return
    document, keeper = office.paper(level__gte=10, live=True), office.holder("clerk")
    if document is None or keeper is None:
        return
    if document.excl_id:
        holder = office.person(document.excl_id)
        if office.often(60):
            office.do(documents.end_custody, holder, document, office.words["reason"])
        else:
            office.do(documents.offer_custody, holder, document, keeper, office.words["reason"])
        return
    office.do(documents.offer_custody, document.owner, document, keeper, office.words["reason"])


def opening(office: Office) -> None:
    """A cupboard is opened in an emergency, step by step, by whoever has the next part."""
    row = Opening.objects.filter(reviewed_at=None).order_by("pk").first()
    gm, head = office.holder("gm"), office.holder("gmo_head")
    if row is None:
        held = Document.objects.exclude(excl=None).order_by("-pk").first()
        witness = office.anybody()
        if held and gm and head:
            office.do(documents.decide_opening, gm, office.person(held.excl_id), head, witness, office.words["reason"])
        return
    if row.counted_at is None:
        office.do(documents.count_opening, office.person(row.office_id), row.uid, 1, office.words["seal"])
    elif row.witnessed_at is None:
        office.do(documents.witness_opening, office.person(row.witness_id), row.uid)
    elif row.ended_at is None and row.interim_id is None:
        clerk = office.holder("clerk", but=(row.holder_id,))
        if clerk:
            office.do(documents.name_interim, office.person(row.office_id), row.uid, clerk)
    elif row.ended_at is None:
        office.do(documents.take_interim, office.person(row.interim_id), row.uid)
    if row.counted_at and gm and office.often(50):
        office.do(documents.review_opening, gm, row.uid, office.words["reason"])


def tidy(office: Office) -> None:
    """Corrections, walls, papers whose scope has left, standing decisions."""
    document, what = office.paper(), office.chance.randrange(4)
    if document is None:
        return
    if what == 0:
        office.do(documents.correct, document.owner, document, title=f"{document.title}b", reason=office.words["reason"])
    elif what == 1:
        side = office.chance.choice(office.words["sides"])
        office.do(documents.declare_side, document.owner, document, f"{office.words['case']}{office.chance.randrange(5)}", side)
    elif what == 2:
        head = office.holder("gmo_head")
        if head:
            office.do(documents.take_custody, head, document)
    else:
        gm = office.holder("gm")
        if gm:
            office.do(documents.stand, gm, "plan_project", document.department, 20, "years", 3, office.today)
