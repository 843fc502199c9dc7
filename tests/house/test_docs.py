"""What can be typed, set, done or asked for stands in the documents; pages that are made are up to date."""

import re
from pathlib import Path

import pytest
from django.utils import translation
from tools import make_deeds

from mifeng.__main__ import VERBS
from mifeng.clauses import parameters_of, regulation
from mifeng.site import env, handbook, start

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
BASE = ROOT / "src" / "mifeng" / "base"
HANDBOOKS = {"clerk", "leader", "employee", "auditor", "administrator"}


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def launcher_verbs() -> set[str]:
    """The verbs that the launcher keeps to itself, as its own table names them."""
    table = re.search(r"verbs = \{(.+?)\}", (ROOT / "mifeng").read_text("utf-8"))
    assert table is not None
    return set(re.findall(r'"([a-z]+)":', table[1]))


def test_every_verb_is_in_the_table_of_verbs_and_nothing_else_is() -> None:
    told = set(re.findall(r"^\| `\./mifeng ([a-z-]+)` \|", page("operate.md"), re.M))
    assert told == set(VERBS) | launcher_verbs()


def test_every_option_of_a_verb_is_in_its_row() -> None:
    rows = dict(re.findall(r"^\| `\./mifeng ([a-z-]+)` (.+)$", page("operate.md"), re.M))
    for verb in VERBS:
        source = (ROOT / "src/mifeng/site/cli" / f"{verb.replace('-', '_')}.py").read_text("utf-8")
        taken = re.findall(r'add_argument\(\s*"(--[a-z-]+)"|"(--[a-z-]+)" in argv', source)
        assert {option for pair in taken for option in pair if option} <= set(re.findall(r"--[a-z-]+", rows[verb])), verb


def test_every_setting_is_in_the_table_of_settings_and_nothing_else_is() -> None:
    told = set(re.findall(r"`(MIFENG_[A-Z_]+)`", "".join(re.findall(r"^\| `MIFENG.+?\|", page("operate.md"), re.M))))
    assert told == env.NAMES


def test_every_deed_is_in_the_list_of_deeds() -> None:
    start.django_up()
    assert page("deeds.md") == make_deeds.page()
    from mifeng.base import deeds  # app loading

    own = {name for name in deeds.REGISTERED if deeds.REGISTERED[name].function.__module__.startswith("mifeng.rooms.")}
    assert set(re.findall(r"^\| `([a-z_]+:[a-z_]+)` \|", page("deeds.md"), re.M)) == own
    assert len(own) > 40


def test_every_figure_is_in_the_list_of_parameters() -> None:
    told = set(re.findall(r"^\| ([A-Z][0-9.]+) \| `([a-z0-9_]+)` \|", page("parameters.md"), re.M))
    assert told == {(clause, one.name) for clause in regulation() for one in parameters_of(clause)}


def test_every_clause_is_in_the_table_of_rooms() -> None:
    table = page("architecture.md").partition("<!-- clauses: begin -->")[2].partition("<!-- clauses: end -->")[0]
    assert set(re.findall(r"\b[A-Z][0-9]+(?:\.[0-9]+)?\b", table)) == set(regulation())


def test_what_lives_in_base_is_the_list_of_its_decision() -> None:
    rows = re.findall(r"^\| (`.+?) \|", page("decisions/0003-what-lives-in-base.md"), re.M)
    listed = {name.rstrip("/") for row in rows for name in re.findall(r"`([a-z_/]+)`", row)}
    there = {p.stem for p in BASE.iterdir() if p.name not in ("__init__.py", "__pycache__")}
    assert {name.removeprefix("templates/base") or "templates" for name in listed} == there


def shape(text: str) -> list[str]:
    """Headings by depth, clauses and what is typed, in the order of reading: the same in each language."""
    marks = re.findall(r"^#+(?= )|\b[A-Z]\d+(?:\.\d+)?\b|`[^`]+`", text, re.M)
    return [re.sub(r" [^ ]*(?:FILE|文件名)\.zip.*", "", mark) for mark in marks]


@pytest.mark.parametrize("name", sorted(HANDBOOKS))
def test_a_handbook_says_the_same_in_english(name: str) -> None:
    chinese, english = page(f"users/{name}.zh.md"), page(f"users/{name}.en.md")
    assert shape(english) == shape(chinese)
    assert not re.search(r"[\u4e00-\u9fff]", english)
    items = [re.findall(r"^ *(\d+\.|\*|\|) ", text, re.M) for text in (chinese, english)]
    assert items[0] == items[1]


def test_the_handbook_is_shown_in_the_language_of_the_page() -> None:
    for language, word in (("en", "Handbook for"), ("zh-hans", "手册")):
        with translation.override(language):
            assert all(word in handbook._text(name).splitlines()[0] for name in HANDBOOKS)


def test_every_post_has_its_handbook() -> None:
    assert {p.name.removesuffix(".zh.md") for p in (DOCS / "users").glob("*.zh.md")} == HANDBOOKS


@pytest.mark.parametrize("name", sorted(HANDBOOKS))
def test_a_handbook_names_only_clauses_that_exist(name: str) -> None:
    text = page(f"users/{name}.zh.md")
    named = set(re.findall(r"\(([A-Z][0-9]+(?:\.[0-9]+)?)\)", text))
    assert named <= set(regulation())
    assert named
    assert "★" not in text


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(p.name[:4]) for p in (DOCS / "decisions").glob("[0-9]*.md"))
    assert numbers == list(range(1, numbers[-1] + 1))
