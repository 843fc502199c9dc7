"""Pages made from the regulation are up to date and complete."""

import pytest
from tools import make_docs

from mifeng.clauses import regulation, words


def test_the_glossary_page_is_the_glossary() -> None:
    page = (make_docs.ROOT / "docs" / "glossary.md").read_text("utf-8")
    assert page == make_docs.glossary()
    assert page.count("\n| ") == len(words.words()) + 1


def test_nothing_made_is_out_of_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert (make_docs.main(["--check"]), capsys.readouterr().out) == (0, "")


def test_the_table_names_every_clause_once() -> None:
    cells = [row.split(" | ")[2].removesuffix(" |").split() for row in make_docs.clause_table().splitlines()[2:]]
    named = [name for cell in cells for name in cell if name != "–"]
    assert len(named) == 134
    assert set(named) == set(regulation())


def test_the_table_is_put_between_its_two_lines_only() -> None:
    page = f"# a\n{make_docs.BEGIN}\nold\n{make_docs.END}\nb\n"
    assert make_docs.with_table(page) == f"# a\n{make_docs.BEGIN}\n{make_docs.clause_table()}{make_docs.END}\nb\n"
    assert make_docs.with_table("# a\n") == "# a\n"
