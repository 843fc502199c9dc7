"""Who is meant by a word of the table of ladders today: loaded once for many deadlines."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mifeng.base import clock, moment
from mifeng.rooms.people.models import Department, Person, PostHolding

Who = Callable[[str], list[int]]


@dataclass(frozen=True)
class Office:
    """Active persons by post and department as of today. Telling only: whoever decides is asked of coded rows elsewhere."""

    active: frozenset[int]
    department: Mapping[int, int]
    posts: Mapping[str, tuple[int, ...]]
    supervisors: Mapping[int, int | None]

    def heads(self, department: int | None) -> list[int]:
        """Heads of the department; without one, whoever supervises it."""
        found = [pid for pid in self.posts.get("dept_head", ()) if self.department[pid] == department]
        return found or self._live([self.supervisors.get(department) if department else None])

    def classifier(self, decider: int | None, department: int) -> list[int]:
        """Who decided the level while he is still a classifier; else the supervisor of the owning department (P4.1)."""
        still = [decider] if decider in self.posts.get("classifier", ()) else [self.supervisors.get(department)]
        return self._live(still)

    def who(self, department: int | None = None, shut: Collection[int] = (), **own: Iterable[int | None]) -> Who:
        """A resolver of words: those of the deadline's own (`own`), then dept_head, then posts.

        Where nobody is left it is the general manager, so that no deadline runs out unseen; `shut`: never told (A2).
        """

        def meant(word: str) -> list[int]:
            if word in own:
                named = self._live(own[word])
            else:
                named = self.heads(department) if word == "dept_head" else list(self.posts.get(word, ()))
            return [pid for pid in named or self.posts.get("gm", ()) if pid not in shut]

        return meant

    def _live(self, keys: Iterable[int | None]) -> list[int]:
        return [key for key in keys if key in self.active]


def today() -> Office:
    """The office as it stands today; loaded once a moment."""
    day = clock.today()
    return moment.kept(("office", day), lambda: _of(day))


def _of(day: date) -> Office:
    people: list[tuple[Any, ...]] = list(Person.objects.filter(active=True).values_list("pk", "department_id"))
    active, posts = frozenset(pid for pid, _ in people), {}
    held = PostHolding.objects.filter(since__lte=day).exclude(until__lt=day).order_by("pk")
    for post, pid in held.values_list("post", "person_id"):
        if pid in active:
            posts.setdefault(post, []).append(pid)
    return Office(
        active, dict(people), {post: tuple(pids) for post, pids in posts.items()},
        dict(Department.objects.values_list("pk", "supervisor_id")),
    )  # fmt: skip
