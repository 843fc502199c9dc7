"""Acts that leave grants: who approves them in a real house, through matters that stand in tests only.

The table itself is proved in test_matrix_words; here requests run through real deeds on real rows, on both databases. No
clause is claimed kept by these: what an approval is for (the copy, the parcel, the seal) comes with its room.
"""

from datetime import timedelta
from typing import Any

import pytest

from mifeng.base import clock
from mifeng.base.refusals import Refused
from mifeng.rooms.approvals import actions, queries
from mifeng.rooms.approvals.facts import Wanted
from tests import matters

TOP, HIGH, CONFIDENTIAL, INTERNAL = 30, 20, 10, 5
# Clause, act, level, the posts of which somebody signs each step.
CHAINS = [
    ("M2.1", "copy", TOP, ["gm deputy_gm"]), ("M2.1", "copy", HIGH, ["gm deputy_gm"]),
    ("M2.1", "copy", CONFIDENTIAL, ["gm deputy_gm"]), ("M2.1", "excerpt", HIGH, ["gm deputy_gm"]),
    ("C2.2", "first_print", CONFIDENTIAL, ["gm deputy_gm"]), ("C1", "circulate", TOP, ["gm"]),
    ("C1", "circulate", CONFIDENTIAL, ["gmo_head"]), ("C3", "lend", HIGH, ["deputy_gm gm"]),
    ("C3", "lend", CONFIDENTIAL, ["dept_head"]), ("C5.2", "carry_out", TOP, ["gm"]), ("C5.2", "carry_out", HIGH, ["deputy_gm"]),
    ("M4", "external_provision", CONFIDENTIAL, ["dept_head", "classifier", "legal", "gm"]),
    ("C6.2", "publicity", INTERNAL, ["dept_head", "gmo_head", "deputy_gm"]), ("M1.1", "destroy", TOP, ["gm"]),
    ("M1.1", "destroy", CONFIDENTIAL, ["deputy_gm gm"]), ("M5.1", "meeting_plan", HIGH, ["deputy_gm"]),
    ("G6", "key_site_entry", HIGH, ["dept_head", "guard_head", "gmo_head"]), ("C8.1", "seal_company", INTERNAL, ["dept_head", "gm"]),
    ("C8.2", "seal_contract", INTERNAL, ["dept_head", "legal", "deputy_gm"]),
    ("C8.1", "seal_finance", INTERNAL, ["dept_head", "cfo deputy_gm"]), ("C8.1", "seal_taken_out", INTERNAL, ["dept_head", "gm"]),
    ("H2", "hr_publication", HIGH, ["gm"]), ("G7", "penalty", HIGH, ["gm"]), ("I8", "exit_signoff", INTERNAL, ["it_head", "hr"]),
    ("I11", "fault", INTERNAL, ["dept_head"]),
]  # fmt: skip
OTHERS = ("drafter", "clerk", "sysadmin", "secadmin", "auditor", "engineer", "gm", "deputy", "dept_head", "office_head", "it_head")


def asked(cast: Any, act: str, level: int) -> Any:
    """A request of 聂 with everything named that the row may ask for."""
    wanted = Wanted(
        copies=1, pages=frozenset({1}), recipient="合作单位", destination="reading_room", since=clock.now(),
        until=clock.now() + timedelta(days=5), people=(cast.engineer.pk, cast.insider.pk),
    )  # fmt: skip
    site = cast.drafter.department if act == "key_site_entry" else None
    return matters.ask(cast.drafter, act, level=level, wanted=wanted, site_department=site)


def sign(approval: Any, cast: Any, clause: str, posts: set[str]) -> None:
    """One step: whoever does not decide it is refused by the act's clause, then one of its posts signs."""
    candidates = queries.candidates(approval)
    assert candidates and all(person.posts() & posts for person in candidates), (candidates, posts)
    for name in OTHERS:
        person = getattr(cast, name)
        if person not in candidates:
            with pytest.raises(Refused) as refusal:
                actions.approve(person, approval, "同意")
            assert clause in refusal.value.clauses, (name, refusal.value.clauses)
    actions.approve(candidates[0], approval, "同意")
    approval.refresh_from_db()


@pytest.mark.parametrize(
    ("clause", "act", "level", "steps"), [pytest.param(*row, id=f"{row[0]}-{row[1]}-{row[2]}") for row in CHAINS]
)
def test_each_step_is_signed_by_its_post_and_by_nobody_else(house, cast, clause, act, level, steps):
    with matters.announced(act):
        approval = asked(cast, act, level)
        for number, step in enumerate(steps):
            assert (approval.state, approval.step_no) == ("asked", number)
            sign(approval, cast, clause, set(step.split()))
        assert approval.state != "asked"
        assert approval.grants.count() == 1


@pytest.mark.parametrize("level", [TOP, HIGH, CONFIDENTIAL])
def test_c6_2_nobody_may_publish_a_levelled_paper(house, cast, refused, level):
    with matters.announced("publicity"), refused("C6.2"):
        asked(cast, "publicity", level)


@pytest.mark.parametrize(
    ("clause", "act"), [("M2.1", "copy"), ("M4", "external_provision"), ("C5.2", "carry_out"), ("C8.1", "seal_company")],
    ids=["copy", "external_provision", "carry_out", "seal_company"],
)  # fmt: skip
def test_what_was_returned_on_the_way_grants_nothing(house, cast, clause, act):
    with matters.announced(act):
        approval = asked(cast, act, HIGH)
        actions.send_back(queries.candidates(approval)[0], approval, "不予同意")
        approval.refresh_from_db()
        assert approval.state != "asked" and approval.grants.count() == 0
