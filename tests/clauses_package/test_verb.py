"""`mifeng clauses`: the regulation at the terminal and for programs."""

import json

import pytest

from mifeng.clauses import RULES, evidence, regulation
from mifeng.site.cli import clauses as verb

NOTHING = evidence.Measured(True, None, {})


@pytest.fixture(autouse=True)
def no_run_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """This tree has no whole run behind it, whatever lies in build/."""
    monkeypatch.setattr(evidence, "measured", lambda: NOTHING)


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str]:
    """Exit code and what was printed."""
    code = verb.main(list(argv))
    return code, capsys.readouterr().out


def test_json_has_a_line_for_each_of_134_clauses(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(capsys, "--json")
    lines = json.loads(out)
    assert code == 0
    assert [line["id"] for line in lines] == list(regulation())
    assert {frozenset(line) for line in lines} == {
        frozenset({"id", "room", "rule", "tests", "kept", "kept_by", "stale"})
    }
    assert {(line["kept"], line["stale"]) for line in lines} == {(False, True)}


def test_a_rule_is_named_where_a_room_has_one(capsys: pytest.CaptureFixture[str]) -> None:
    line = json.loads(run(capsys, "I6.3", "--json")[1])[0]
    assert line["room"] == "people"
    assert line["rule"] == "mifeng.rooms.people.rules.password_good"
    assert line["kept_by"] == ["rule", "register", "inspection"]


def test_a_run_that_showed_every_scenario_keeps_the_clause(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = {f"K1.2/{place}": evidence.Shown("passed", ("tests/t.py::test_k",)) for place in (1, 2)}
    monkeypatch.setattr(evidence, "measured", lambda: evidence.Measured(False, None, shown))
    line = json.loads(run(capsys, "K1.2", "--json")[1])[0]
    assert (line["kept"], line["stale"], line["tests"]) == (True, False, ["tests/t.py::test_k"])
    assert "已证明做到" in run(capsys, "K1.2")[1]


def test_a_page_has_text_scenarios_figures_approvers_and_room(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(capsys, "M2.1")
    assert code == 0
    for said in (
        "未经总经理或主管副总经理批准,密级文件资料物品不得复制、摘抄。", "登记室 copies",
        "M2.1/5 WHEN the supervising deputy GM",
        "approval_lapse_days = 7 days", "复制 绝密: 总经理或主管副总经理", "尚未证明,缺5例",
    ):  # fmt: skip
        assert said in out


def test_the_overview_counts_what_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert "134条,已证明做到0条" in run(capsys)[1]


def test_an_id_that_no_book_has_is_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    assert verb.main(["M9.9"]) == 2
    assert "M9.9" in capsys.readouterr().err


def test_the_rules_of_every_room_are_loaded() -> None:
    verb.load_rules()
    rooms = {name.split(".")[2] for name in RULES if name.startswith("mifeng.rooms.")}
    assert rooms >= {"people", "training", "documents", "viewing"}
