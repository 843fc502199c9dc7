"""The company that lists are measured in: people, scopes, documents, drawn from a seed, and the naive answer.

200 departments in a tree, 400 posts, 5,000 meetings; documents 50/40/9/1 % 内部, 秘密, 机密, 绝密, one in a hundred
under embargo, three in ten of the 绝密 in sole custody. `fresh` gives every levelled document a scope of its own;
otherwise scopes are drawn from a pool, as offices do.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from mifeng.engines.access import ALL_STAFF, EVER, Context, Item, Relations, Subject, decide, key

DEPARTMENTS, POSTS, MEETINGS = 200, 400, 5_000
LEVELS, SHARES = (5, 10, 20, 30), (50, 40, 9, 1)
NOW = 1_790_000_000  # seconds UTC
FIRST = NOW - 10 * 365 * 86_400  # the first document; the others follow evenly
# How many different scopes a pool holds, as a share of the documents of its level.
POOLED = {5: 1 / 500, 10: 1 / 20, 20: 1 / 9, 30: 1 / 10}
DESK = Context(NOW, 30, EVER, EVER, EVER, 1)
Keys = tuple[int, ...]


@dataclass(slots=True)
class Paper:
    """A document as the rules see it; `keys` its scope, live from the beginning for ever."""

    id: int
    level: int
    aset: int
    excl: int | None
    sealed: bool
    live: bool
    dept: int
    handlers: tuple[int, ...] = ()
    concerned: tuple[int, ...] = ()

    def item(self) -> Item:
        return Item(self.id, self.level, self.aset, int(self.live), 0, int(self.sealed), self.excl, self.dept, 0, 0)


@dataclass
class Company:
    """Everything that is loaded: `parents[d]` the department above, `sets[n]` the keys of set n + 1."""

    parents: list[int | None]
    people: list[Subject]
    sets: list[Keys] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)

    def registered(self, paper: Paper) -> int:
        """Seconds UTC at which the document was registered."""
        return FIRST + paper.id * (NOW - FIRST) // (len(self.papers) + 1)

    def allowed(self, who: Subject, paper: Paper) -> bool:
        """The naive answer: the decision on this one document."""
        scope = not who.keys.isdisjoint(self.sets[paper.aset - 1])
        relations = Relations(scope=scope, handler=who.pid in paper.handlers, concerned=who.pid in paper.concerned)
        return decide("read", who, DESK, paper.item(), relations).allow

    def newest(self, who: Subject, most: int) -> list[int]:
        """The newest documents of this person, one decision a document."""
        found: list[int] = []
        for paper in reversed(self.papers):
            if self.allowed(who, paper):
                found.append(paper.id)
                if len(found) == most:
                    break
        return found


def company(docs: int, people: int, seed: int, fresh: bool) -> Company:
    """Draw the company."""
    dice = random.Random(seed)
    parents = [None, *(dice.randrange(max(1, number // 3)) for number in range(1, DEPARTMENTS))]
    made = Company(parents, [_person(dice, number + 1, parents) for number in range(people)])
    pools = {level: [_scope(dice, level, people) for _ in range(max(5, int(docs * share * POOLED[level] / 100)))]
             for level, share in zip(LEVELS, SHARES, strict=True)}  # fmt: skip
    known: dict[Keys, int] = {}
    for number, level in enumerate(dice.choices(LEVELS, SHARES, k=docs), 1):
        if fresh and level >= 10:
            made.sets.append(_scope(dice, level, people))
            aset = len(made.sets)
        else:
            scope = dice.choice(pools[level])
            aset = known.setdefault(scope, len(made.sets) + 1)
            if aset > len(made.sets):
                made.sets.append(scope)
        made.papers.append(_paper(dice, number, level, aset, people))
    return made


def _person(dice: random.Random, pid: int, parents: list[int | None]) -> Subject:
    keys = {ALL_STAFF, key(2, pid), key(3, dice.randrange(POSTS)), *_chain(dice.randrange(DEPARTMENTS), parents)}
    keys |= {key(5, dice.randrange(MEETINGS)) for _ in range(dice.choice([0, 0, 2, 5, 15]))}
    return Subject(pid, dice.choices(LEVELS, [20, 50, 25, 5])[0], 0, 1, EVER, EVER, 1, frozenset(keys))


def _chain(dept: int | None, parents: list[int | None]) -> Iterator[int]:
    while dept is not None:
        yield key(4, dept + 1)
        dept = parents[dept]


def _scope(dice: random.Random, level: int, people: int) -> Keys:
    if level == 5:
        keys = {ALL_STAFF if dice.random() < 0.4 else key(4, dice.randrange(DEPARTMENTS) + 1)}
    elif level == 10:
        keys = {key(4, dice.randrange(1, DEPARTMENTS) + 1)}
        keys |= {key(3, dice.randrange(POSTS)) for _ in range(dice.randrange(1, 4))}
    elif level == 20:
        keys = {key(5, dice.randrange(MEETINGS)), key(3, dice.randrange(POSTS))}
    else:
        keys = {key(2, dice.randrange(people) + 1) for _ in range(dice.randrange(2, 6))}
    return tuple(sorted(keys))


def _paper(dice: random.Random, number: int, level: int, aset: int, people: int) -> Paper:
    excl = dice.randrange(people) + 1 if level == 30 and dice.random() < 0.3 else None
    paper = Paper(number, level, aset, excl, dice.random() < 0.01, dice.random() < 0.97, dice.randrange(DEPARTMENTS) + 1)
    if paper.sealed:
        paper.handlers = tuple({dice.randrange(people) + 1 for _ in range(3)})
        paper.concerned = (dice.randrange(people) + 1,)
    return paper


def without_all_staff(who: Subject) -> Subject:
    """The same person, not of the staff: an auditor of the parent company, a secondment."""
    return Subject(who.pid, max(who.clearance, 20), 0, 1, EVER, EVER, 1, who.keys - {ALL_STAFF})


def almost_nothing(who: Subject) -> Subject:
    """Cleared for everything, named in next to nothing."""
    return Subject(who.pid, 30, 0, 1, EVER, EVER, 1, frozenset({key(2, who.pid)}))
