"""Write the pages made from the regulation: docs/glossary.md, docs/parameters.md, the clause table of architecture.md.

    python tools/make_docs.py [--check]

With --check nothing is written; exit 1 says which page is out of date. The table stands between two comment lines
`<!-- clauses: begin -->` and `<!-- clauses: end -->`; a page without them is left alone.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from mifeng.clauses import parameters_of, regulation, words  # noqa: E402 - the path above comes first
from mifeng.rooms import ORDER  # noqa: E402

BEGIN, END = "<!-- clauses: begin -->", "<!-- clauses: end -->"
GLOSSARY_HEAD = """# 词汇 Glossary

Made from `src/mifeng/regulation/words.tsv` by `tools/make_docs.py`. The words are binding: interface, code and
documents use them, and on any difference this list wins. False friends: 解密 is *declassify*, never *decrypt* (还原);
密封 and 印章 are both "seal" in English, `vault` and `seal` in code; 秘密 is a level and the general word; 密码 is
cryptography, and a password is 口令.

| 中文 | English | identifier | note |
|---|---|---|---|
"""


def glossary() -> str:
    """The glossary as a table, in the order of the list."""
    rows = ((word.zh, word.en, f"`{word.identifier}`", word.note) for word in words.words())
    return GLOSSARY_HEAD + "".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |\n" for row in rows)


PARAMETERS_HEAD = """# 数值 Parameters

Made from `src/mifeng/regulation/parameters.toml` by `tools/make_docs.py`. Figures of the regime are no settings: each belongs
to a clause and has a first day, a basis and, where the clause sets one, a bound that the company's own figure may not pass.

| clause | name | 中文 | in force | unit | bound | basis |
|---|---|---|---|---|---|---|
"""


def parameters() -> str:
    """Every figure of the regulation in the order of the clauses, with its latest value."""
    rows = []
    for clause in regulation():
        for one in parameters_of(clause):
            now = one.rows[-1]
            bound = "" if one.at_most is None else f"≤ {one.at_most}"
            value = ", ".join(map(str, now.value)) if isinstance(now.value, tuple) else str(now.value)
            rows.append((clause, f"`{one.name}`", one.zh, value, one.unit, bound, now.basis))
    return PARAMETERS_HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def clause_table() -> str:
    """Room -> its clauses: the rooms that stand in their order, then those still to come."""
    held: dict[str, list[str]] = {room: [] for room in ORDER}
    for one in regulation().values():
        held.setdefault(one.room, []).append(one.id)
    rows = (f"| {room} | {len(ids)} | {' '.join(ids) or '–'} |\n" for room, ids in held.items())
    return "| room | number | clauses |\n|---|---|---|\n" + "".join(rows)


def with_table(page: str) -> str:
    """The page with the table of today between the two comment lines; without them, the page as it is."""
    before, begun, rest = page.partition(BEGIN)
    _, ended, after = rest.partition(END)
    return f"{before}{BEGIN}\n{clause_table()}{END}{after}" if begun and ended else page


def pages() -> dict[Path, str]:
    """Every page that is made, as it should be."""
    made = {ROOT / "docs" / "glossary.md": glossary(), ROOT / "docs" / "parameters.md": parameters()}
    architecture = ROOT / "docs" / "architecture.md"
    if architecture.exists():
        made[architecture] = with_table(architecture.read_text("utf-8"))
    return made


def main(argv: list[str]) -> int:
    """Exit 0 when every page is as it should be, or was written so; 1 when --check found one that is not."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--check", action="store_true")
    check = asked.parse_args(argv).check
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text("utf-8") != text]
    for path in stale:
        print(f"{path.relative_to(ROOT)}: {'is out of date' if check else 'written'}")
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(pages()[path], "utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
