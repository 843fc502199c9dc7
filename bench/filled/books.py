"""The books of the counter, as far as copies moved: loans, slips, trips, destructions; and receipts, dispatches, runs, counts."""

from datetime import datetime, timedelta
from typing import Any

from filled import rows
from filled.ledgers import DAY, World, marked, move
from mifeng.rooms.approvals.models import Approval, StepTaken
from mifeng.rooms.circulation.models import Dispatch, Incoming, Loan, Parcel, Slip, SlipLine
from mifeng.rooms.copies.models import (
    Carried,
    CarryOut,
    Copy,
    Count,
    CountLine,
    Destruction,
    DestructionLine,
    Excerpt,
    Reproduced,
    Reproduction,
)
from mifeng.rooms.documents import deriving

# Of 100 papers: how many came in by the counter, went out by it, were copied, were excerpted.
RECEIVED, SENT, COPIED, EXCERPTED = 20, 5, 4, 0.5
A_LIST = 8  # copies of a destruction list at most


def approval(world: World, paper: Any, act: str, matter: str, person: Any, at: datetime) -> Any:
    """A request that was approved, with one signature."""
    made = world.add(Approval(
        matter=matter, act=act, item_key=paper.item_key, level=paper.level, state="closed", edition="", steps='[["deputy_gm"]]', step_no=1,
        applicant=person, department_id=paper.department_id, wanted="{}", asked_at=at - DAY, decided_at=at,
    ))  # fmt: skip
    leader = next(one for one in world.readers if one.clearance >= 30 and one.pk != person.pk)
    world.add(StepTaken(approval=made, no=0, post="deputy_gm", person=leader, decision="approved", at=at))
    return made


def lend(world: World, copy: Any, *, back: bool) -> None:
    """A loan: ten working days at most, back in time or out still."""
    reader, at = world.reader(copy.level), copy.since + DAY
    request = approval(world, copy.document, "lend", "circulation:lend", reader, at)
    made = Loan(
        document=copy.document, copy=copy, borrower=reader, approval_uid=request.uid, number=world.number("借密", at), state="lent",
        where="own_site", asked_at=at - DAY, lent_at=at, due_at=at + 10 * DAY, lender=copy.custodian, pages_out=copy.pages,
        purpose="项目用件",
    )  # fmt: skip
    told = {"ref": made.item_key, "register_no": made.number, "approval_uid": request.uid}
    if move(world, copy, "lend", days=1, holder=reader, due_at=made.due_at, signer=reader, **told) is None:
        made.state, made.lent_at, made.due_at, made.lender, made.pages_out = "approved", None, None, None, 0
    elif back and move(world, copy, "return", days=world.chance.randrange(1, 10), **told):
        made.state, made.back_at, made.pages_in, made.intact, made.receiver = "back", copy.since, copy.pages, True, copy.custodian
        move(world, copy, "store", hours=1, place=world.chance.choice(world.places[copy.level]))
    world.add(made)


def circulate(world: World, copy: Any, *, done: bool) -> None:
    """A slip with four readers: all have read, or the second has it."""
    at, slips = copy.since + DAY, copy.document.__dict__.setdefault("slips_made", [])
    made = Slip(
        document=copy.document, n=len(slips) + 100, copy=copy, state="open", asked_by=copy.document.drafter, asked_at=at - DAY,
        clerk=copy.custodian, opened_at=at,
    )  # fmt: skip
    made.approval_uid = approval(world, copy.document, "circulate", "circulation:circulate", copy.document.drafter, at).uid
    slips.append(world.add(made))
    readers = [world.reader(copy.level) for _ in range(4)]
    lines = [_reads(world, made, copy, no, reader, len(readers) if done else 1) for no, reader in enumerate(readers, 1)]
    if all(line.in_at for line in lines):
        made.state, made.done_at = "done", copy.since
        move(world, copy, "store", hours=1, place=world.chance.choice(world.places[copy.level]))


def _reads(world: World, slip: Any, copy: Any, no: int, reader: Any, back: int) -> Any:
    line = world.add(SlipLine(slip=slip, no=no, reader=reader))
    if no <= back + 1 and copy.state in ("stored", "desk", "archived"):
        told = {"ref": line.item_key, "signer": reader, "holder": reader, "due_at": copy.since + 5 * DAY}
        if move(world, copy, "circulate", hours=6, **told):
            line.out_at, line.due_at = copy.since, copy.since + 5 * DAY
            if no <= back and move(world, copy, "return", days=1, ref=line.item_key):
                line.read_at = line.in_at = copy.since
                line.taken_in_by, line.opinion = copy.custodian, "已阅，同意。"
    return line


def carry_out(world: World, copy: Any) -> None:
    """A trip that is not over."""
    bearer, at = world.reader(copy.level), copy.since + DAY
    request = approval(world, copy.document, "carry_out", "copies:carry_out", copy.document.drafter, at)
    made = CarryOut(
        document=copy.document, approval_uid=request.uid, number=world.number("携密", at), applicant=copy.document.drafter,
        approver=world.readers[0], bearer=bearer, destination="own_site", level=copy.level, out_planned=at, back_planned=at + 10 * DAY,
        out_at=at, out_by=copy.custodian, place="南方分公司", purpose="样机核对", route="公司车辆", measures="locked_bag company_car",
    )  # fmt: skip
    told = {"ref": made.item_key, "register_no": made.number, "approval_uid": request.uid}
    if move(world, copy, "carry_out", days=1, holder=bearer, due_at=made.back_planned, signer=bearer, **told):
        world.add(made)
        world.add(Carried(carry_out=made, copy=copy, pages_out=copy.pages))


def destroy(world: World, copy: Any) -> None:
    """Set aside, listed with others of its item, destroyed before two watchers."""
    if not move(world, copy, "set_aside", days=world.chance.randrange(100, 900)) or copy.since + 3 * DAY > world.now:
        return
    at, paper = copy.since + 2 * DAY, copy.document
    listed = paper.__dict__.get("listed")
    if listed is None or len(listed.named) >= A_LIST:
        watchers = [one for one in world.readers if one.clearance >= 10][:2]
        listed = world.add(Destruction(
            number=world.number("销密", at), document=paper, level=paper.level, department_id=paper.department_id, state="done",
            by=copy.custodian, made_at=copy.since, what=paper.title, reason="不再需要", method="shred", place="机要室碎纸间",
            archivist=watchers[0], archived_at=at, executor=world.clerks[1], executed_at=at, watcher1=watchers[0], watcher2=watchers[1],
            watched1_at=at, watched2_at=at, done_at=at, bags="封0001",
        ))  # fmt: skip
        listed.named, paper.listed = [], listed
    listed.named.append(copy)
    world.add(DestructionLine(destruction=listed, copy=copy, number=listed.number, at=listed.done_at, pages=copy.pages))
    move(world, copy, "destroy", days=2, ref=listed.item_key, register_no=listed.number)


def enter(world: World, papers: list[Any]) -> None:
    """The books in which the papers themselves stand."""
    for paper in papers:
        if world.chance.random() * 100 < RECEIVED:
            receive(world, paper)
    some = [paper for paper in papers if paper.level >= 10]
    for copy in world.chance.sample(world.copies, len(world.copies) * SENT // 100):
        send(world, copy)
    for copy in world.chance.sample(world.copies, len(world.copies) * COPIED // 100):
        reproduce(world, copy)
    for source, made in zip(*[iter(world.chance.sample(some, int(len(some) * EXCERPTED / 100) * 2))] * 2, strict=True):
        if not deriving.lags(source, made):
            excerpt(world, source, made)


def receive(world: World, paper: Any) -> None:
    """A line of F01."""
    at, clerk = paper.registered_at, world.chance.choice(world.clerks)
    world.add(Incoming(
        at=at - timedelta(hours=1), by=clerk, via="confidential_mail", origin="partner", marked=paper.level, addressee=world.clerks[0],
        envelope="intact", state="registered", number=world.number("收密", at), document=paper, copy_numbers="000001", handled_by=clerk,
        handled_at=at, sender=f"合作单位 {world.chance.randrange(400)}", remark="",
    ))  # fmt: skip


def send(world: World, copy: Any) -> None:
    """A line of F02 with its parcel, delivered."""
    at = rows.within(copy.document.registered_at + 3 * DAY, world.now)
    there = at + DAY if at + DAY < world.now else None
    made = world.add(Dispatch(
        document=copy.document, number=world.number("发密", at), by=copy.custodian, at=at, via="carried", carrier=world.reader(copy.level),
    ))  # fmt: skip
    world.add(Parcel(dispatch=made, copy=copy, recipient=world.reader(copy.level), envelope="01", seal="A1", delivered_at=there,
                     seal_found="A1" if there else ""))  # fmt: skip


def reproduce(world: World, source: Any) -> None:
    """A line of F05: two copies of a copy, handed out for a year."""
    paper, at = source.document, rows.within(source.document.registered_at + 5 * DAY, world.now)
    request = approval(world, paper, "copy", "copies:copy", paper.drafter, at)
    made = world.add(Reproduction(
        document=paper, source=source, approval_uid=request.uid, number=world.number("复密", at), act="copy", method="print",
        pages=f"1-{source.pages}", count=2, applicant=paper.drafter, approver=world.readers[0], operator=source.custodian, made_at=at,
        finished_at=at, stamped=True, purpose="项目评审会用", place="机要室 2 号复印机", waste_how="碎纸机粉碎",
    ))  # fmt: skip
    for rep in (1, 2):
        copy = world.add(Copy(document=paper, n=source.n, rep=rep, moves=0, state="", level=marked(paper), custodian=source.custodian,
                              holder=source.custodian, pages=source.pages))  # fmt: skip
        copy.since = at
        to = world.reader(copy.level)
        world.add(Reproduced(reproduction=made, copy=copy, grant_uid="", recipient=to, printed_at=at))
        move(world, copy, "number", ref=made.item_key, register_no=made.number)
        move(world, copy, "issue", hours=1, holder=to, due_at=at + 366 * DAY, signer=to)
        move(world, copy, "return", days=300)
        move(world, copy, "store", days=1, place=world.chance.choice(world.places[copy.level]))
        if copy.level != paper.level:
            move(world, copy, "remark", days=1, level=paper.level)


def excerpt(world: World, source: Any, made: Any) -> None:
    """A line of F06."""
    at = rows.within(source.registered_at + 5 * DAY, world.now)
    request = approval(world, source, "excerpt", "copies:excerpt", source.drafter, at)
    world.add(Excerpt(
        document=source, made=made, approval_uid=request.uid, number=world.number("摘密", at), pages="1", level=source.level,
        applicant=source.drafter, approver=world.readers[0], executor=world.reader(source.level), made_at=at, passage="第一段",
        fingerprint="0" * 64, purpose="编写计划", target="试制计划", notebook="记-07",
    ))  # fmt: skip


def count(world: World, copies: list[Any], kind: str, *, closed: bool) -> Any:
    """One sheet of the first clerk over these copies: seen and decided where it is closed, half seen where it is open."""
    clerk, at = world.clerks[0], world.now - DAY
    number = world.number("清" if kind == "year" else "盘", at)
    made = world.add(Count(
        kind=kind, number=number, year=at.year, by=clerk, custodian=clerk, department_id=clerk.department_id, second=world.clerks[1],
        opened_at=at, closed_at=at if closed else None, closed_by=clerk if closed else None, crossed_at=at if closed else None,
        crossed_by=world.clerks[1] if closed else None,
    ))  # fmt: skip
    for no, copy in enumerate(copies):
        seen = closed or no % 2 == 0
        world.add(CountLine(
            count=made, number=number, at=at, copy=copy, expected_place_id=copy.place_id, expected_holder_id=copy.holder_id,
            seen_at=at if seen else None, seen_by=clerk if seen else None, seen_place_id=copy.place_id if seen else None,
            decision="keep" if closed and kind == "year" else "", decided_by=clerk if closed else None, decided_at=at if closed else None,
        ))  # fmt: skip
    return made
