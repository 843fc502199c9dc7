"""The tool that made the regulation: every clause of the source lands in its book, what stands is left alone."""

from pathlib import Path

import pytest
from tools import make_regulation

from mifeng.clauses import BOOKS, loader, regulation

SOURCE = """
[[clause]]
id = "M2.1"
title_zh = "复制"
title_en = "Copying"
source = "第三章"
status = "source"
kind = "enforce"
demand_zh = "不得复制。"
demand_en = "No \\"copying\\"."
actors = []
objects = []
enforce = "approver"
record = ""
check = "copies"
evidence = ["register"]
scenarios = ["WHEN a THEN REFUSE", "WHEN b THEN ALLOW"]
edge_cases = []
"""
FORMS = """
[[form]]
id = "F05"
title_zh = "复制审批单"
title_en = "Copy approval"
numbering = "复密"
kept_by = "机要室"
notes = ""
fields = ["seq|号|str", "kind|方式|enum(复印,打印)"]
states = ["申请"]
signatures = ["申请人"]
"""
MATRIX = "# The approval matrix\nschema = 2\n\n[[act]]\nid = 'copy'\n"


@pytest.fixture
def domain(tmp_path: Path) -> Path:
    """A domain of one clause, one form, one act, one word."""
    files = {
        "clauses.toml": SOURCE,
        "forms.toml": FORMS,
        "approvals.toml": MATRIX,
        "glossary.tsv": "zh\ten\tidentifier\tnote\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_a_clause_lands_in_its_book_with_its_room_and_its_ways(domain: Path) -> None:
    assert make_regulation.main([str(domain), "--into", str(domain / "made")]) == 0
    made = loader.read("m_measures.toml", domain / "made")
    assert made == {
        "M2.1": {
            "title_zh": "复制", "title_en": "Copying", "text": "不得复制。", "english": 'No "copying".',
            "source": "第三章",
            "status": "source", "room": "copies", "kept_by": ["rule", "inspection"], "enforce": "approver",
            "record": "",
            "check": "copies", "evidence": ["register"], "scenarios": ["WHEN a THEN REFUSE", "WHEN b THEN ALLOW"],
            "edge_cases": [],
        }
    }  # fmt: skip
    assert loader.read("forms.toml", domain / "made")["F05"]["room"] == "copies"
    assert loader.read("approvals.toml", domain / "made")["posts"]["gm"] == "总经理"


def test_what_stands_is_left_alone(domain: Path) -> None:
    made = domain / "made"
    make_regulation.main([str(domain), "--into", str(made)])
    (made / "m_measures.toml").write_text("# edited since\n", "utf-8")
    assert make_regulation.main([str(domain), "--into", str(made)]) == 0
    assert (made / "m_measures.toml").read_text("utf-8") == "# edited since\n"


def test_another_notation_of_the_matrix_is_refused(domain: Path) -> None:
    (domain / "approvals.toml").write_text("schema = 1\n[[act]]\n", "utf-8")
    with pytest.raises(SystemExit, match="schema 2"):
        make_regulation.main([str(domain), "--into", str(domain / "made")])


def test_the_tool_and_the_product_agree_on_books_and_rooms() -> None:
    assert list(make_regulation.BOOKS) == list(BOOKS)
    assert {one.id: one.room for one in regulation().values()} == make_regulation.ROOM_OF
