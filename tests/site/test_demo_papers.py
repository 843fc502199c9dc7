"""The demonstration's papers are real papers: written, set, and classified as the rules want it."""

import io
import re
import tomllib
import unicodedata
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest

from mifeng.clauses import catalogue
from mifeng.rooms.documents.facts import Proposed, ScopeLine, TermFacts
from mifeng.rooms.documents.rules import classification, scope, terms
from mifeng.site.cli import demo
from mifeng.site.demo import papers, sheets
from mifeng.site.demo.reading import wide

LEVELS = {"绝密": 30, "机密": 20, "秘密": 10, "内部": 5}
HARMS = {30: "exceptional", 20: "grave", 10: "harm", 5: "none"}
STAR = chr(0x2605)


def told(name: str) -> dict[str, Any]:
    return tomllib.loads(files("mifeng.site.demo").joinpath(name).read_text(encoding="utf-8"))


LISTED = {row["id"]: row for row in told("documents.toml")["document"]}
ANSWERS = told("answers.toml")["answer"]
ORG = told("org.toml")
POST_GROUPS = ORG.get("post_groups") or ORG["company"]["post_groups"]
ALL = sorted(LISTED)


def squeezed(text: str) -> str:
    """Without spaces and line ends, wide and narrow signs alike: what a reader sees as the same words."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def pages_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [document[number].get_textpage().get_text_range() for number in range(len(document))]
    finally:
        document.close()


def scope_line(name: str) -> ScopeLine:
    if name in {row["name"] for row in ORG["person"]}:
        return ScopeLine("person", name)
    if name in {row["name"] for row in POST_GROUPS}:
        return ScopeLine("post", name)
    if name in {row["name"] for row in ORG["dept"]}:
        return ScopeLine("department", name)
    assert name == "全体员工"
    return ScopeLine("all", "")


def term_of(text: str) -> TermFacts:
    if text == "公布前":
        return TermFacts("event", event="公布前")
    found = re.fullmatch(r"(\d+)(年|个月)", text)
    return TermFacts("years" if found[2] == "年" else "months", int(found[1])) if found else TermFacts()


def proposed(doc_id: str, **changed: Any) -> Proposed:
    row, answer = LISTED[doc_id], ANSWERS[doc_id]
    level = LEVELS[row["level"]]
    facts: dict[str, Any] = {
        "level": level, "category": row["category"], "line": answer["line"], "harm": HARMS[level],
        "interest": answer["interest"], "reason": answer.get("reason", ""), "project": answer.get("project", ""),
        "term": term_of(row["term"]), "scope": tuple(scope_line(name) for name in row["knowers"]),
    }  # fmt: skip
    return Proposed(**facts | changed)


def refused(facts: Proposed) -> list[str]:
    decisions = classification.all_of(facts, frozenset({10, 20, 30}))
    return [decision.reasons[0].rule for decision in decisions if not decision.allow]


# The texts


def test_there_are_forty_papers_each_listed_and_answered() -> None:
    assert len(ALL) == 40
    assert papers.ids() == ALL == sorted(ANSWERS)


@pytest.mark.parametrize("doc_id", ALL)
def test_a_paper_says_what_the_list_says(doc_id: str) -> None:
    paper, row = papers.paper(doc_id), LISTED[doc_id]
    assert (paper.id, paper.ref, paper.level, paper.category) == (doc_id, row["ref"], row["level"], row["category"])
    assert paper.issued_on == row.get("issued_on")
    assert paper.title.startswith(row["title"])
    assert paper.term == row["term"].strip("—")
    last = paper.copy_numbers.rpartition("-")[2]
    assert int(last or 0) == ANSWERS[doc_id]["copies"]


@pytest.mark.parametrize("doc_id", ALL)
def test_a_paper_has_three_to_eight_hundred_characters(doc_id: str) -> None:
    assert 300 <= len(re.findall("[\u3007\u3400-\u9fff]", papers.paper(doc_id).text)) <= 800


def test_no_paper_bears_the_star_of_state_secrets() -> None:
    for doc_id in ALL:
        paper = papers.paper(doc_id)
        assert STAR not in paper.title + paper.text + ANSWERS[doc_id]["interest"]


def test_no_two_papers_share_a_sentence() -> None:
    where: dict[str, set[str]] = {}
    for doc_id in ALL:
        for sentence in re.split(r"[。;\n]", papers.paper(doc_id).text):
            if len(sentence.strip()) >= 20:
                where.setdefault(sentence.strip(), set()).add(doc_id)
    assert len(where) > 400
    assert {sentence: ids for sentence, ids in where.items() if len(ids) > 1} == {}


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    for doc_id in ALL:
        for block in papers.paper(doc_id).blocks:
            assert len({len(row) for row in block.rows}) <= 1, doc_id


# The answers


@pytest.mark.parametrize("doc_id", ALL)
def test_an_answer_passes_every_rule_on_classification(doc_id: str) -> None:
    assert refused(proposed(doc_id)) == []


def test_an_answer_without_its_interest_or_project_would_not_pass() -> None:
    assert refused(proposed("DOC-008", interest="")) == ["interest_required"]
    assert refused(proposed("DOC-022", project="")) == ["project_required"]
    assert "harm_differs" in refused(proposed("DOC-008", harm="harm"))


@pytest.mark.parametrize("doc_id", ALL)
def test_an_answer_names_a_line_of_the_papers_own_category(doc_id: str) -> None:
    line = catalogue.line(ANSWERS[doc_id]["line"])
    assert line is not None
    assert line.category == LISTED[doc_id]["category"]
    assert bool(ANSWERS[doc_id].get("project")) == ANSWERS[doc_id]["line"].startswith("tech")


@pytest.mark.parametrize("doc_id", ALL)
def test_the_scope_and_the_term_of_a_paper_pass_their_rules(doc_id: str) -> None:
    facts, start = proposed(doc_id), LISTED[doc_id].get("issued_on") or date(2026, 11, 23)
    assert scope.has_scope(facts.level, facts.scope).allow
    assert scope.scope_is_small(facts.level, facts.scope).allow
    assert scope.project_scope(facts.line, facts.scope).allow
    assert terms.has_term(facts.level, facts.term).allow
    assert terms.within_cap(facts.level, facts.term, start).allow


def test_every_interest_is_told_in_its_own_words() -> None:
    levelled = [ANSWERS[doc_id]["interest"] for doc_id in ALL if LISTED[doc_id]["level"] != "内部"]
    assert len(set(levelled)) == len(levelled) == 39
    assert ANSWERS["DOC-040"] == {"line": "notice", "interest": "", "copies": 0}


# The files


@pytest.mark.parametrize("doc_id", ALL)
def test_the_pdf_opens_and_reads_as_the_paper(doc_id: str) -> None:
    paper = papers.paper(doc_id)
    pages = pages_of(papers.pdf(paper))
    whole = squeezed("".join(pages))
    assert squeezed(paper.title) in whole
    assert squeezed(LISTED[doc_id]["title"]) in whole
    for number, page in enumerate(pages, 1):
        assert f"—{number}—" in squeezed(page)
    if paper.red_headed:
        assert squeezed(paper.ref) in whole
    for block in paper.blocks:
        for cell in (cell for row in block.rows for cell in row):
            assert squeezed(cell) in whole


@pytest.mark.parametrize("doc_id", ALL)
def test_neither_level_nor_copy_number_is_printed_at_the_head(doc_id: str) -> None:
    first = pages_of(papers.pdf(papers.paper(doc_id)))[0]
    lines = [line.strip() for line in first.splitlines()]
    assert [line for line in lines if re.fullmatch(r"0000\d\d|(澜岱公司 *)?(绝密|机密|秘密).{0,6}", line)] == []


def test_the_pdf_is_the_same_each_time() -> None:
    paper = papers.paper("DOC-008")
    assert papers.pdf(paper) == papers.pdf(papers.paper("DOC-008"))


def test_notices_minutes_and_decisions_have_the_red_head() -> None:
    assert [doc_id for doc_id in ALL if papers.paper(doc_id).red_headed] == ["DOC-001", "DOC-002", "DOC-003", "DOC-040"]


@pytest.mark.parametrize("doc_id", ALL)
def test_the_docx_opens_and_reads_as_the_paper(doc_id: str) -> None:
    paper = papers.paper(doc_id)
    document = docx.Document(io.BytesIO(papers.docx(paper)))
    lines = [squeezed(paragraph.text) for paragraph in document.paragraphs]
    assert squeezed(paper.title) in lines
    for block in paper.blocks:
        if block.kind == "paragraph":
            assert squeezed(block.head + block.text) in lines
    written = [[squeezed(cell) for cell in row] for block in paper.blocks for row in block.rows]
    assert [[squeezed(cell.text) for cell in row.cells] for table in document.tables for row in table.rows] == written


def test_the_papers_are_written_without_an_installation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.main(["--papers", str(tmp_path / "out")]) == 0
    names = sorted(file.name for file in (tmp_path / "out").iterdir())
    assert len(names) == 80
    assert "80" in capsys.readouterr().out
    assert "DOC-008_青鹭三型关节模组项目立项与里程碑计划.pdf" in names
    assert "DOC-008_青鹭三型关节模组项目立项与里程碑计划.docx" in names
    assert [name.endswith(".docx") for name in names].count(True) == 40


# Setting


def test_no_line_begins_with_a_closing_sign_or_ends_with_an_opening_one() -> None:
    sheets.register_fonts()
    for doc_id in ALL:
        for block in papers.paper(doc_id).blocks:
            if block.kind == "paragraph":
                lines = sheets.broken(sheets.tokens(block.text or block.head, sheets.SERIF, 16), 200)
                assert not [line for line in lines[1:] if line[0].text in sheets.CLOSERS]
                assert not [line for line in lines if line[-1].text in sheets.OPENERS]


def test_a_long_title_divides_at_a_word() -> None:
    lines = sheets.title_lines("关于做好二〇二六年度涉密文件清退清理工作的通知")
    assert lines == ["关于做好二〇二六年度", "涉密文件清退清理工作的通知"]
    assert sheets.title_lines("股权激励初步方案") == ["股权激励初步方案"]


def test_signs_beside_chinese_become_wide_and_those_in_figures_stay() -> None:
    assert wide("收入46,318万元,毛利(%)") == "收入46,318万元\uff0c毛利\uff08%\uff09"
    assert wide("14:30 (a, b)") == "14:30 (a, b)"


def test_numbers_of_the_year_are_those_the_counters_give() -> None:
    """A paper's print and the register say the same number: from 1 in each series, in the order of issue."""
    listed = tomllib.loads(files("mifeng.site.demo").joinpath("documents.toml").read_text("utf-8"))["document"]
    issued = sorted((row for row in listed if str(row.get("issued_on", "")).startswith("2026")), key=lambda row: row["issued_on"])
    series: dict[str, list[int]] = {}
    for row in issued:
        name, _year, number = re.fullmatch(r"(.+)〔(\d+)〕(\d+)号", row["ref"]).groups()
        series.setdefault(name, []).append(int(number))
        assert papers.paper(row["id"]).ref == row["ref"]
    assert {name: numbers for name, numbers in series.items() if numbers != list(range(1, len(numbers) + 1))} == {}
