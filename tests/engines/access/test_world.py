"""Random histories of a small office: function = interpreter = SQL = Cedar = the rules written down a second time.

And what no history may reach, whatever the rules say about it.
"""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from mifeng.engines.access import ACTS, KIND_DEPARTMENT, KIND_PERSON, Decision, Register, decide, key, listing, where
from mifeng.engines.access.policy import RULES, whole
from mifeng.engines.access.readings import listing as lists_of
from mifeng.engines.access.readings.interpreted import World as Facts
from mifeng.engines.access.readings.interpreted import holds

from . import cedar, reference
from .world import Doc, Paper, Person, Rows, World, context, handed, item, relations, subject

TABLE = {act: whole(RULES, act) for act in ACTS}
PIDS, DOCS = st.integers(0, 2), st.integers(0, 2)
LEVELS = st.sampled_from([0, 5, 10, 10, 20, 20, 30])
CLEARANCES = st.sampled_from([0, 5, 10, 20, *[30] * 8])
INSTANT, LATER = st.sampled_from([0, 0, 0, 0, 1, 3]), st.sampled_from([0, 1, 2, 4, 6, *[99] * 15])
MOSTLY, RARELY = st.sampled_from([1] * 9 + [0]), st.sampled_from([0] * 6 + [1])
DEPARTMENTS = st.sampled_from([1, 1, 1, 2])
KEYS = st.sampled_from([1 << 48, 1 << 48, key(KIND_PERSON, 0), key(KIND_PERSON, 1), key(KIND_DEPARTMENT, 1)])
SOME = st.frozensets(PIDS, max_size=2)
SELDOM = st.just(frozenset()) | st.just(frozenset()) | st.frozensets(PIDS, max_size=1)
GRANTED = ("show", "copy", "excerpt", "print", "lend", "carry_out", "external")
APPOINTED = ("register_facts", "copy", "excerpt", "print", "lend", "carry_out")
PERSONS = st.builds(
    Person, pid=PIDS, clearance=CLEARANCES, role=st.sampled_from([0] * 9 + [1, 2, 3]), active=MOSTLY,
    pledge_until=LATER, trained_until=LATER, rules_read=MOSTLY, keys=st.frozensets(KEYS, min_size=1, max_size=3),
    device_cap=st.sampled_from([0, 5, 10, 20, *[30] * 8]), fresh_until=LATER, fresh_top_until=LATER,
    password_until=LATER, session_ok=MOSTLY,
)  # fmt: skip
PAPERS = st.builds(
    Paper, act=st.sampled_from(GRANTED), applicant=PIDS, executor=PIDS, since=INSTANT, until=LATER,
    uses=st.sampled_from([0, 1, 1, 2]), by_gm=st.booleans(), destination=st.none() | st.sampled_from([1, 4, 8, 9]),
    approver=st.none() | PIDS | st.just(3),
)  # fmt: skip
DOCUMENTS = st.builds(
    Doc, id=DOCS, level=LEVELS, live=MOSTLY, frozen=RARELY, sealed=RARELY, dept=DEPARTMENTS, no_copy=RARELY,
    excl=st.sampled_from([None] * 6 + [0, 1]), handlers=SOME, concerned=SOME, team=SOME,
    scope=st.lists(st.tuples(KEYS, INSTANT, LATER), max_size=2).map(tuple), grant=st.none() | PAPERS,
    walled=SELDOM, openers=SOME,
)  # fmt: skip
ABLE = Person(0, 30, 0, 1, 99, 99, 1, frozenset({1 << 48}), 30, 99, 99, 99, 1)
PLAIN = Doc(0, 10, 1, 0, 0, None, 1, 0, (), frozenset(), frozenset(), frozenset(), None)
LISTED = ("read", "register_facts", "apply_copy")
# Ordered by a column in which many rows are equal, so that a page may end between equals.
BY_LEVEL = Register(table="item", at="item.level")
told: Counter[str] = Counter()


class Office(RuleBasedStateMachine):
    """People, items, scopes, grants, seals, walls, appointments, judges and the clock move at random."""

    def __init__(self) -> None:
        super().__init__()
        self.db, self.world = self.rows(), World()

    def rows(self) -> Rows:
        """Where the tables stand."""
        return Rows.in_memory()

    @rule(person=PERSONS)
    def somebody_comes_or_changes(self, person: Person) -> None:
        self.world.people[person.pid] = person

    @rule(doc=DOCUMENTS)
    def an_item_comes_or_changes(self, doc: Doc) -> None:
        self.world.docs[doc.id] = doc
        self.db.store(doc)

    @rule(pid=PIDS, doc=DOCS)
    def somebody_judges(self, pid: int, doc: int) -> None:
        self.world.judges.add((doc, pid))
        self.db.add("judge", [(doc, pid)])

    @rule(pid=PIDS, act=st.sampled_from(APPOINTED), most=LEVELS, dept=DEPARTMENTS, since=INSTANT, until=LATER)
    def somebody_is_appointed(self, pid: int, act: str, most: int, dept: int, since: int, until: int) -> None:
        row = (pid, act, most, dept, since, until)
        self.world.appointments.append(row)
        self.db.add("appointment", [row])

    @rule(pid=PIDS, level=LEVELS, act=st.sampled_from([*GRANTED, "register_facts"]), number=DOCS)
    def an_act_is_prepared(self, pid: int, level: int, act: str, number: int) -> None:
        """Everything in order for one act: the histories around it then disturb one thing or another."""
        applicant = pid if act == "show" else (pid + 1) % 3
        paper = Paper(act, applicant, pid, self.world.now, 99, 1, True, 1)
        self.somebody_comes_or_changes(replace(ABLE, pid=pid))
        self.an_item_comes_or_changes(replace(PLAIN, id=number, level=level, grant=paper))
        self.somebody_is_appointed(pid, act, 30, 1, 0, 99)

    @rule()
    def a_second_passes(self) -> None:
        self.world.now += 1

    @invariant()
    def all_readings_agree(self) -> None:
        self.decisions: dict[tuple[int, int, str], Decision] = {}
        for person in self.world.people.values():
            for act in ACTS:
                decided = {d.id: self._decided(person, d, act) for d in self.world.docs.values()}
                allowed = {number for number, decision in decided.items() if decision.allow}
                assert self._listed(person, act) == allowed, (act, person, self.world)
                self._lists_agree(person, act, allowed)
        for person in self.world.people.values():
            visible = {d.id for d in self.world.docs.values() if reference.knows(self.world, person, d, "read")}
            assert self._known(person) == visible
        self._cedar_agrees()

    def _cedar_agrees(self) -> None:
        asked = [(p, d, act) for p in self.world.people.values() for d in self.world.docs.values() for act in ACTS]
        for (person, doc, act), answer in zip(asked, cedar.answers(self.world, asked), strict=True):
            decision = self.decisions[person.pid, doc.id, act]
            assert cedar.like(decision) == answer, (act, person, doc, self.world)

    def _decided(self, person: Person, doc: Doc, act: str) -> Decision:
        facts = (subject(person), context(self.world, person), item(doc), relations(self.world, person, doc, act))
        decision = decide(act, *facts)
        clauses = reference.refusals(self.world, person, doc, act)
        assert [reason.clause for reason in decision.reasons] == clauses, (act, person, doc, self.world)
        assert decision.allow == (clauses == []) == holds(TABLE[act], Facts(*facts))
        assert decision.knows == (decision.allow or reference.knows(self.world, person, doc, act)), (act, person, doc)
        flags = reference.flagged(self.world, person, doc, act) if decision.allow else []
        assert [flag.clause for flag in decision.flags] == flags
        self._nothing_forbidden(person, doc, act, decision)
        self.decisions[person.pid, doc.id, act] = decision
        told[f"{act} {'allowed' if decision.allow else 'refused'}"] += 1
        return decision

    def _nothing_forbidden(self, person: Person, doc: Doc, act: str, decision: Decision) -> None:
        """Sentences that hold whatever the table says."""
        if not decision.allow:
            return
        assert person.active
        assert doc.live
        assert doc.level <= person.clearance
        assert person.role == 0 or doc.level < 10
        assert not (doc.sealed and person.pid in doc.concerned)
        assert doc.excl in (None, person.pid) or (act == "register_facts" and person.pid in doc.openers)
        assert person.pid not in doc.walled
        if act in APPOINTED[1:]:
            assert doc.grant
            assert doc.grant.act == act
            assert doc.grant.uses > 0
            assert doc.grant.since <= self.world.now < doc.grant.until
            assert doc.grant.applicant != person.pid == doc.grant.executor

    def _listed(self, person: Person, act: str) -> set[int]:
        here = subject(person), context(self.world, person)
        return self._rows(where(act, *here, self.db.columns, **handed(self.world, person, act)))

    def _lists_agree(self, person: Person, act: str, allowed: set[int]) -> None:
        """Scan, gather, count and pages of two, downwards and upwards, name the rows that the function allows."""
        if act not in LISTED:
            return
        lists = listing([act], subject(person), context(self.world, person), self.db.columns, BY_LEVEL, **handed(self.world, person, act))
        order = sorted(allowed, key=lambda number: (self.world.docs[number].level, number), reverse=True)
        places = [(self.world.docs[number].level, number) for number in order]
        assert [row[0] for row in self._run(*lists.scan(99))] == order
        assert [row[0] for row in self._run(*lists.gather(99))] == order
        assert sorted(row[0] for row in self._run(*lists.everything())) == sorted(allowed)
        assert [lists.count(self._run, most) for most in (1, 2, 99)] == [min(len(allowed), most) for most in (1, 2, 99)]
        for much in (False, True):  # by gather, by scan
            for start in range(len(order)):
                after = lists.page(self._run, 2, after=places[start], much=much)
                assert (after.keys, after.older) == (order[start + 1 : start + 3], len(order) > start + 3)
                before = lists.page(self._run, 2, before=places[start], much=much)
                assert (before.keys, before.newer) == (order[max(0, start - 2) : start], start > 2)

    def _run(self, sql: str, values: list) -> list[tuple]:
        return self.db.run(sql, values).fetchall()

    def _known(self, person: Person) -> set[int]:
        calm = context(self.world, person).calm()
        return self._rows(where("read", subject(person), calm, self.db.columns, **handed(self.world, person, "read")))

    def _rows(self, condition: tuple[str, list]) -> set[int]:
        return self.db.those(condition, set(self.world.docs))

    def teardown(self) -> None:
        self.db.close()


@pytest.fixture(autouse=True)
def lists_of_a_small_office(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every row met twice has to be sorted out, and every scan runs to the end of its window."""
    monkeypatch.setattr(lists_of, "TWICE", 0)
    monkeypatch.setattr(lists_of, "WINDOW", 1)


def histories(machine: type[Office], examples: int) -> None:
    told.clear()
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=20, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_function_interpreter_sql_cedar_and_reference_agree_in_every_history() -> None:
    histories(Office, 40)
    assert sum(told.values()) > 10_000
    assert set(told) == {f"{act} {answer}" for act in ACTS for answer in ("allowed", "refused")}


@pytest.mark.part("postgresql")
def test_postgresql_agrees_in_every_history(server) -> None:
    class OnServer(Office):
        def rows(self) -> Rows:
            return Rows.on_server(server)

        def _lists_agree(self, person: Person, act: str, allowed: set[int]) -> None:
            """The two ways of a list once a history step and act; its pages are SQLite's part."""
            if act == "read":
                here = subject(person), context(self.world, person), self.db.columns, BY_LEVEL
                lists = listing([act], *here, **handed(self.world, person, act))
                assert {row[0] for row in self._run(*lists.scan(99))} == allowed
                assert {row[0] for row in self._run(*lists.gather(99))} == allowed

        def teardown(self) -> None:
            self.db.clear()

    histories(OnServer, 40)
    assert sum(told.values()) > 1_000
