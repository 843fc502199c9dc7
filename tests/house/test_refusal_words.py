"""What people read: clauses that exist, sentences without shouting, never the mark of state secrets."""

import ast
import re
from pathlib import Path

import pytest

from mifeng import clauses

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "mifeng"
BANNED = ("成功", "失败", "系统检测到", "！", "★")
# Where a banned sign is named in order to be kept out.
NAMED = {
    "regulation/g_rules.toml": "says that the star is never used",
    "engines/watermark/lettering.py": "refuses every kind of star in what is drawn into a page",
}  # fmt: skip
# T3 speaks of products whose development has succeeded: the regulation's own words.
QUOTED = ("研制成功",)


def texts() -> dict[str, str]:
    """Everything of ours that may come before somebody's eyes; vendored files and the demonstration's papers are not ours."""
    kinds = {".py", ".html", ".toml", ".js", ".md"}
    return {
        str(file.relative_to(SRC)): file.read_text("utf-8").replace(QUOTED[0], "")
        for file in sorted(SRC.rglob("*"))
        if file.suffix in kinds and "vendor" not in file.parts and "demo" not in file.parts
    }


@pytest.mark.parametrize("word", BANNED)
def test_no_text_of_the_house_shouts_or_congratulates(word):
    assert {name for name, text in texts().items() if word in text} - set(NAMED) == set()


def refusals() -> list[tuple[str, str, str, str]]:
    """(file, rule, clause, sentence) of every refusal that is written out in rules and deeds."""
    found = []
    for file in sorted((SRC / "rooms").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Decision.refuse":
                rule, clause, zh = (*map(ast.unparse, node.args), "", "", "")[:3]
                found.append((file.name, rule.strip("'\""), clause, zh))
    return found


def test_every_refusal_names_a_clause_that_exists_and_says_a_sentence():
    written = refusals()
    assert len(written) > 60
    for file, rule, clause, sentence in written:
        if re.fullmatch(r"'[A-Z][\d.]+'", clause):
            assert clause.strip("'") in clauses.regulation(), (file, rule, clause)
        assert sentence, (file, rule)
        if sentence.startswith(("'", "f'")):
            text = sentence.strip("f'")
            assert re.search(r"[\u4e00-\u9fff]", text), (file, rule, sentence)
            assert not text.endswith(("。", ".", "!")), (file, rule, sentence)


def test_every_refused_deed_of_the_scenarios_has_a_clause_and_a_sentence(house, cast):
    from mifeng.base.refusals import Refused
    from mifeng.rooms.documents import actions
    from tests import factories

    bad = factories.proposed(scope=(), interest="", term=factories.TermFacts())
    with pytest.raises(Refused) as refusal:
        actions.register(cast.drafter, factories.new_document(cast.drafter, proposed=bad))
    assert set(refusal.value.clauses) <= set(clauses.regulation())
    assert all(reason.zh for reason in refusal.value.decision.reasons)
    assert refusal.value.not_done == "未登记"
