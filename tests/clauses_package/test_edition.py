"""The edition is the hash of what the regulation says: stable over spacing, another one after one changed word."""

from collections.abc import Callable
from pathlib import Path

from mifeng.clauses import edition, loader

Spoil = Callable[[str, str, str], Path]


def test_the_edition_is_the_same_for_the_same_words(copy: Path) -> None:
    assert edition(copy) == edition()
    assert len(edition()) == 64


def test_spacing_and_comments_do_not_make_another_edition(spoil: Spoil) -> None:
    folder = spoil("m_measures.toml", '["M2.1"]', '# the rule everybody asks for\n\n\n["M2.1"]   # here')
    assert edition(folder) == edition()


def test_one_word_makes_another_edition(spoil: Spoil) -> None:
    assert edition(spoil("m_measures.toml", "未经总经理", "未经董事长")) != edition()


def test_the_order_of_scenarios_is_part_of_the_edition(spoil: Spoil) -> None:
    swapped = spoil("k_levels.toml", '"WHEN harm=一般 THEN', '"WHEN harm=无 THEN')
    assert edition(swapped) != edition()


def test_a_figure_a_row_a_line_a_form_a_scheme_or_a_word_makes_another_edition(copy: Path) -> None:
    changes = {
        "parameters.toml": ("value = 60", "value = 59"),
        "approvals.toml": ('top_secret = [["gm"]]', "top_secret = []"),
        "catalogue.toml": ("standing = true", "standing = false"),
        "forms.toml": ("收文号", "收件号"),
        "schemes.toml": ("核心商密", "核心秘密"),
        "words.tsv": ("confidentiality", "secrecy"),
    }
    assert set(changes) == {name for name in loader.names() if name[1] != "_"}
    seen = {edition()}
    for file, (old, new) in changes.items():
        text = (copy / file).read_text("utf-8")
        (copy / file).write_text(text.replace(old, new, 1), "utf-8")
        edition.cache_clear()
        seen.add(edition(copy))
    assert len(seen) == 1 + len(changes)


def test_a_file_more_is_another_edition(copy: Path) -> None:
    (copy / "z_extra.toml").write_text("", "utf-8")
    assert edition(copy) != edition()
