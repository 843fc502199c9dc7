"""Every act at every level: the table that decides against the words typed from the regulation, and who may sign what.

`vectors/approvals/steps.txt` is typed by hand. `candidates.txt` says for every act, level and post whether its holder may
sign and at which step; the product is asked, not its table: a company with one holder of each post.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mifeng.clauses import matrix as table
from mifeng.clauses.levels import RANKS
from mifeng.rooms.approvals import changes, matrix, rules
from mifeng.rooms.approvals.facts import DepartmentFacts, Matter, Organisation, PersonFacts
from tests.rooms.approvals.company import TODAY

VECTORS = Path(__file__).parents[3] / "vectors" / "approvals"
NOBODY = "任何人不得"
OWNING, ASKING, SITE, OTHER = 1, 2, 3, 4
APPLICANT = 1
# Who stands for the posts: number -> (department, posts). Heads of four departments, one holder of everything else.
HOLDERS: dict[str, tuple[int, int, frozenset[str]]] = {
    "归口部门负责人": (10, OWNING, frozenset({"dept_head"})), "申请人部门负责人": (11, ASKING, frozenset({"dept_head"})),
    "部位所在部门负责人": (12, SITE, frozenset({"dept_head"})), "其他部门负责人": (13, OTHER, frozenset({"dept_head"})),
    "总经理": (14, OTHER, frozenset({"gm"})), "主管副总经理": (15, OTHER, frozenset({"deputy_gm"})),
    "其他副总经理": (16, OTHER, frozenset({"deputy_gm"})), "总经理办公室主任": (17, OTHER, frozenset({"gmo_head"})),
    "董事会秘书": (18, OTHER, frozenset({"board_secretary"})), "定密责任人": (19, OTHER, frozenset({"classifier"})),
    "法务": (20, OTHER, frozenset({"legal"})), "财务总监": (21, OTHER, frozenset({"cfo"})), "人事": (22, OTHER, frozenset({"hr"})),
    "信息部门负责人": (23, OTHER, frozenset({"it_head"})), "安保负责人": (24, OTHER, frozenset({"guard_head"})),
    "系统管理员": (25, OTHER, frozenset({"sysadmin"})), "安全保密管理员": (26, OTHER, frozenset({"secadmin"})),
    "安全审计员": (27, OTHER, frozenset({"auditor"})), "机要员": (28, OTHER, frozenset({"clerk"})),
    "信息部门人员": (29, OTHER, frozenset({"it_staff"})), "员工": (30, OWNING, frozenset()),
    "会议主持人": (31, OTHER, frozenset()), "领导本人": (32, OTHER, frozenset({"deputy_gm"})),
    "门卫": (33, OTHER, frozenset({"guard"})), "印章保管人": (34, OTHER, frozenset({"seal_keeper"})),
    "申请人": (APPLICANT, ASKING, frozenset()),
}  # fmt: skip


def typed() -> Iterator[tuple[str, str, str, list[list[str]]]]:
    """Clause, act, column, steps in words, as they stand in steps.txt."""
    for line in (VECTORS / "steps.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        head, said = line.split(": ")
        clause, act, column = head.split(" | ")
        steps = [] if said == NOBODY else [step.split("或") for step in said.split(" → ")]
        yield clause, act, column, steps


TYPED = list(typed())


def named(clause: str, act: str, column: str) -> str:
    """m2_1_copy_top_secret"""
    return f"{clause.lower().replace('.', '_')}_{act}_{column}"


def company() -> Organisation:
    """One holder of each post; the deputy supervises everything but what the other deputy has."""
    people = tuple(PersonFacts(pid, dept, posts, 30) for pid, dept, posts in HOLDERS.values())
    supervised = [(OWNING, 15), (ASKING, 15), (SITE, 15), (OTHER, 16)]
    return Organisation(TODAY, people, tuple(DepartmentFacts(key, over) for key, over in supervised))


def request(act: str, column: str) -> Matter:
    """A request of that row: everybody whom it may name is named."""
    steps = table.act(act).levels[column]
    return Matter(
        act, RANKS.get(column, 0), steps, APPLICANT, OWNING, site_department=SITE, chair=HOLDERS["会议主持人"][0],
        leader=HOLDERS["领导本人"][0], classifier=HOLDERS["定密责任人"][0],
    )  # fmt: skip


def signs(act: str, column: str) -> dict[str, list[int]]:
    """Who may sign which steps (from 1) of a request of that row, by the product's own rules."""
    found: dict[str, list[int]] = {who: [] for who in HOLDERS}
    begun = request(act, column)
    for number in range(len(begun.steps)):
        here = Matter(**begun.__dict__ | {"step_no": number})
        for who, (pid, _dept, _posts) in HOLDERS.items():
            if rules.may_decide(pid, here, company()).allow:
                found[who].append(number + 1)
    return found


@pytest.mark.parametrize(("clause", "act", "column", "steps"), [pytest.param(*row, id=named(*row[:3])) for row in TYPED])
def test_matrix(clause: str, act: str, column: str, steps: list[list[str]]) -> None:
    have = [[table.post_word(post) for post in step] for step in table.act(act).levels[column]]
    assert have == steps
    assert table.act(act).clauses[0] == clause
    case = column if column in table.CASES else ""
    assert table.steps(act, RANKS.get(column, 0), case) == [list(step) for step in table.act(act).levels[column]]


def test_every_cell_of_the_table_is_typed_once() -> None:
    assert [(act, column) for _clause, act, column, _steps in TYPED] == sorted(
        {(act, column) for _clause, act, column, _steps in TYPED}, key=[(a, c) for _, a, c, _ in TYPED].index
    )
    assert {(act, column) for _clause, act, column, _steps in TYPED} == set(changes.shipped())


@pytest.mark.parametrize(("clause", "act", "column", "steps"), [pytest.param(*row, id=named(*row[:3])) for row in TYPED])
def test_who_signs(clause: str, act: str, column: str, steps: list[list[str]]) -> None:
    """Whoever is named by a step signs it and nobody else, whatever else he is."""
    wanted = {who: [number for number, step in enumerate(steps, 1) if who in step] for who in HOLDERS}
    assert signs(act, column) == wanted


def candidates() -> list[str]:
    """The lines of candidates.txt as the product answers today."""
    lines = []
    for clause, act, column, _steps in TYPED:
        for who, numbers in signs(act, column).items():
            may = f"may, step {' and '.join(map(str, numbers))}" if numbers else "may not"
            lines.append(f"{clause} | {act} | {column} | {who}: {may}")
    return lines


def test_the_vectors_say_what_the_product_answers() -> None:
    stored = (VECTORS / "candidates.txt").read_text("utf-8").splitlines()
    assert [line for line in stored if not line.startswith("#")] == candidates()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        pytest.param("M2.1 | copy | confidential | 归口部门负责人: may not", "a head approves no copy", id="m2_1-head"),
        pytest.param("M4 | external_provision | confidential | 主管副总经理: may not", "only the GM, beforehand", id="m4-deputy"),
        pytest.param("I8 | exit_signoff | any | 信息部门人员: may not", "the head of IT signs himself", id="i8-staff"),
        pytest.param("C6.2 | publicity | confidential | 总经理: may not", "nobody publishes a secret", id="c6_2-gm"),
        pytest.param("M2.1 | copy | top_secret | 其他副总经理: may not", "the deputy over the owner", id="m2_1-other-deputy"),
        pytest.param("M2.1 | copy | top_secret | 总经理: may, step 1", "the GM may", id="m2_1-gm"),
    ],
)
def test_the_classical_answers_stand_in_the_vectors(line: str, why: str) -> None:
    assert line in (VECTORS / "candidates.txt").read_text("utf-8").splitlines(), why


def test_no_request_of_the_one_holder_company_stands_still() -> None:
    assert matrix.dead_ends(company()) == []
