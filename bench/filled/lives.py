"""Where the lives of numbered copies lead: most lie in store, some went round, some are gone."""

from collections import defaultdict
from typing import Any

from filled import books
from filled.ledgers import DAY, World, issue, marked, move, numbered, store

# Where the lives of copies have led, in copies of 10,000.
ENDS = {
    "stored": 7000, "archived": 1200, "destroyed": 800, "issued": 500, "void": 120, "desk": 60, "set_aside": 60, "lent": 40,
    "circulating": 20, "out": 5, "numbered": 5, "missing": 1,
}  # fmt: skip
RE_MARKED = 0.998  # of the copies whose item was released
# On the way there: events of 100 copies.
LENT_BEFORE, CIRCULATED_BEFORE, SEEN_BEFORE = 12, 8, 60


def enter(world: World, papers: list[Any], count: int) -> None:
    """So many copies of these papers with their ledgers, and the lines of the books that speak of them."""
    levelled = [paper for paper in papers if marked(paper) >= 10 and not paper.sealed and paper.excl_id is None]
    chosen = world.chance.sample(levelled, max(1, len(levelled) * 2 // 3))
    numbers: dict[int, int] = defaultdict(int)
    ends = list(ENDS)
    for paper in world.chance.choices(chosen, k=count):
        numbers[paper.pk] += 1
        copy = numbered(world, paper, numbers[paper.pk])
        lead(world, copy, world.chance.choices(ends, weights=list(ENDS.values()))[0])
    books.enter(world, papers)
    world.write()


def lead(world: World, copy: Any, end: str) -> None:
    """Its life up to the state where it is today."""
    move(world, copy, "number", hours=2)
    if end == "void":
        move(world, copy, "void", hours=3, note="卡纸")
    if end in ("void", "numbered"):
        return
    store(world, copy)
    if world.chance.random() * 100 < LENT_BEFORE:
        books.lend(world, copy, back=True)
    if world.chance.random() * 100 < CIRCULATED_BEFORE:
        books.circulate(world, copy, done=True)
    if world.chance.random() * 100 < SEEN_BEFORE:
        move(world, copy, "see", days=world.chance.randrange(30, 400))
    _last(world, copy, end)


def _last(world: World, copy: Any, end: str) -> None:
    if end in ("lent", "circulating", "out", "issued"):
        copy.since = max(copy.since, world.now - DAY * world.chance.randrange(1, 360 if end == "issued" else 12))
    steps = {
        "lent": lambda: books.lend(world, copy, back=False), "circulating": lambda: books.circulate(world, copy, done=False),
        "out": lambda: books.carry_out(world, copy), "issued": lambda: issue(world, copy),
        "archived": lambda: move(world, copy, "archive", days=200), "destroyed": lambda: books.destroy(world, copy),
        "set_aside": lambda: move(world, copy, "set_aside", days=20), "missing": lambda: move(world, copy, "miss", days=20),
        "desk": lambda: _back_on_the_desk(world, copy),
    }  # fmt: skip
    if end in steps:
        steps[end]()
    if copy.level != copy.document.level and world.chance.random() < RE_MARKED:
        move(world, copy, "remark", days=1, level=copy.document.level)


def _back_on_the_desk(world: World, copy: Any) -> None:
    issue(world, copy)
    move(world, copy, "return", days=5)
