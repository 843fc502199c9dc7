"""Gather the sentences of the interface into locale/en/LC_MESSAGES/django.po, keep their English, drop what is unused.

    python tools/messages.py            write the catalogue anew and say what has no English yet
    python tools/messages.py --check    write nothing; exit 1 when a sentence is not gathered, unused, without English,
                                        fuzzy, or differs from its English in a %(name)s

Gathered are: what is wrapped in a function of gettext; what templates translate; the reasons and heads of refusals,
which are plain Chinese in the code because rules know no language; word tables of modules that may not know the
framework (TABLES); words of the regulation that have no English beside them (posts, acts, figures, matters). Clauses are
not: they have theirs. GNU gettext is not needed.
"""

import argparse
import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from mifeng.site.messages import entries  # noqa: E402 - the path above comes first

SOURCE = ROOT / "src" / "mifeng"
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
PLACE = re.compile(r"(?<!%)(?:%%)*%\((\w+)\)[-#0 +]*\d*(?:\.\d+)?[a-z]")
HEADER = (
    "Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\nLanguage: en\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
)
# Function of gettext -> which arguments are context, sentence and plural.
GETTEXT = {
    "_": (None, 0, None), "gettext": (None, 0, None), "gettext_lazy": (None, 0, None), "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1), "ngettext_lazy": (None, 0, 1), "pgettext": (0, 1, None), "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2), "npgettext_lazy": (0, 1, 2),
}  # fmt: skip
# Calls that carry a sentence for the person in plain Chinese; it is translated where it is shown.
CARRIERS: dict[str, tuple[int, ...]] = {
    "refuse": (2,), "Reason": (2,), "Rule": (5,), "_guard": (2,), "Refused": (1,), "insist": (1,), "insist_all": (1,),
    "check_proposed": (2,), "_mine": (2,), "move": (3,), "_check": (1,), "refusal": (1,),
    "_by": (2,), "_not_own": (2,), "Refusal": (2,), "Conflict": (1,), "_said": (0,),
    "_insist_custodian": (2,), "_insist_office": (1,), "_place": (2,),
    "history": (3, 4, 5), "ScopeLine": (2,), "_running": (2,), "_step": (3,), "draft": (1,),
}  # fmt: skip
# Word tables of modules that may not know the framework; they are translated where they are shown.
TABLES: dict[str, tuple[str, ...]] = {
    "clauses/books.py": ("BOOKS",),
    "clauses/catalogue.py": ("HARM_WORD",),
    "clauses/levels.py": ("WORDS",),
    "engines/access/policy.py": ("ACT_WORDS",),
    "rooms/approvals/facts.py": ("STATE_WORDS", "NOTED_WORDS", "DESTINATION_WORDS"),
    "rooms/circulation/facts.py": ("VIA_WORDS", "ORIGIN_WORDS", "ENVELOPE_WORDS",
        "INBOX_WORDS", "SLIP_WORDS", "LOAN_WORDS", "WHERE_WORDS", "SENT_WORDS", "URGENCY_WORDS", "HANDLED_WORDS", "STAGE_WORDS",
        "DRAFT_WORDS"),
    "rooms/copies/facts.py": ("STATE_WORDS", "EVENT_WORDS", "PLACE_WORDS", "METHOD_WORDS", "MEASURE_WORDS", "CARRY_TO"),
    "rooms/copies/rules/counting.py": ("KIND_WORDS", "FATE_WORDS"),
    "rooms/copies/rules/destroying.py": ("STEP_WORDS", "METHODS"),
    "rooms/copies/rules/fates.py": ("YEAR_WORDS",),
    "rooms/documents/actions/_shared.py": ("EVERYBODY",),
    "rooms/documents/facts.py": ("STATE_WORDS", "HARM_WORDS", "ORIGIN_WORDS"),
    "rooms/people/facts.py": ("POSTS", "CARRIER_ACTS"),
    "rooms/training/models.py": ("PLEDGE_TEXT",),
}
# Forms that are printed, filled or empty: what stands on them is read by people.
PRINTED = tuple(f"F{number:02d}" for number in range(1, 12))
STATE = "状态"  # context of the states of forms: 批准 is "Approve" on a button, and "approved" on paper
# File of the regulation -> the fields whose words people read and that have no English of their own.
REGULATION: dict[str, tuple[str, ...]] = {
    "approvals.toml": ("posts.*", "act.*.zh", "conditions.*.zh"),
    "parameters.toml": ("*.*.zh",),
    "catalogue.toml": ("category.*.title", "line.*.title"),
    "forms.toml": ("*.kept_by",),
    "ladders.toml": ("*.zh", "*.effect"),
    "schemes.toml": ("*.title", "*.level.*.word"),
}  # fmt: skip


@dataclass(order=True, frozen=True)
class Sentence:
    """What is translated: the Chinese, its context and its plural ("" = none)."""

    msgid: str
    context: str = ""
    plural: str = ""

    @property
    def key(self) -> str:
        """As `mifeng.site.messages` names it: context\\x04sentence\\0plural."""
        return (self.context + "\x04" if self.context else "") + self.msgid + ("\0" + self.plural if self.plural else "")


@dataclass
class Gathered:
    """Every sentence with the files that say it."""

    files: dict[Sentence, set[str]] = field(default_factory=dict)

    def add(self, sentence: Sentence, file: Path) -> None:
        """One more place where the sentence stands."""
        self.files.setdefault(sentence, set()).add(file.relative_to(ROOT).as_posix())


def gather() -> Gathered:
    """Every sentence of src/mifeng."""
    found = Gathered()
    for file in sorted(SOURCE.rglob("*")):
        if file.suffix == ".py":
            sentences = of_python(file.read_text("utf-8"), file.relative_to(SOURCE).as_posix())
        elif file.suffix in (".html", ".txt") and "templates" in file.parts:
            sentences = of_template(file.read_text("utf-8"))
        elif file.parent.name in ("regulation", "base") and file.name in REGULATION:
            sentences = of_regulation(file)
        else:
            continue
        for sentence in sentences:
            found.add(sentence, file)
    return found


def of_python(text: str, name: str) -> Iterator[Sentence]:
    """Sentences of a module; `name` is its path below src/mifeng."""
    tree = ast.parse(text)
    called = names_of_gettext(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from of_call(node, called)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and assigned(node) & set(TABLES.get(name, ())):
            yield from (Sentence(text_of(words)) for words in plain(node.value))
    yield from (Sentence(text_of(words)) for words in carried(tree))


def names_of_gettext(tree: ast.Module) -> dict[str, str]:
    """Name in this module -> function of gettext; an engine's own mark `_` counts as one."""
    names = {name: name for name in GETTEXT}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {alias.asname or alias.name: alias.name for alias in node.names if alias.name in GETTEXT}
    return names


def of_call(node: ast.Call, called: dict[str, str]) -> Iterator[Sentence]:
    """The sentence of a call of gettext; one whose sentence is a variable says nothing here."""
    if name_of(node) not in called:
        return
    given = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
    context, msgid, plural = GETTEXT[called[name_of(node)]]
    if len(given) > msgid and isinstance(given[msgid], str):
        yield Sentence(
            str(given[msgid]), str(given[context]) if context is not None else "",
            str(given[plural]) if plural is not None else "",
        )  # fmt: skip


def carried(tree: ast.AST) -> Iterator[ast.Constant]:
    """The plain sentences of refusals: as arguments, or as variables of the same function that become one."""
    for scope in ast.walk(tree):
        if not isinstance(scope, (ast.Module, ast.FunctionDef)):
            continue
        variables = set()
        for node in own(scope):
            if isinstance(node, ast.Call):
                for named in (keyword.value for keyword in node.keywords if keyword.arg == "not_done"):
                    yield from plain(named)
                for place in (p for p in CARRIERS.get(name_of(node), ()) if p < len(node.args)):
                    yield from plain(node.args[place])
                    variables |= {part.id for part in ast.walk(node.args[place]) if isinstance(part, ast.Name)}
        for node in own(scope):
            if isinstance(node, (ast.Assign, ast.AnnAssign)) and assigned(node) & variables:
                yield from plain(node.value)


def own(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function without those of functions inside it."""
    for child in ast.iter_child_nodes(scope):
        yield child
        if not isinstance(child, ast.FunctionDef):
            yield from own(child)


def name_of(call: ast.Call) -> str:
    """The last name of what is called."""
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def assigned(node: ast.Assign | ast.AnnAssign) -> set[str]:
    """The names that an assignment gives a value."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}


def plain(node: ast.AST | None) -> Iterator[ast.Constant]:
    """The whole Chinese strings of an expression; the pieces of an f-string are none, nor is what a call holds."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if CHINESE.search(node.value):
            yield node
    elif node is not None and not isinstance(node, (ast.JoinedStr, ast.BinOp, ast.Call)):
        for child in ast.iter_child_nodes(node):
            yield from plain(child)


def text_of(node: ast.Constant) -> str:
    """The string of a constant."""
    return str(node.value)


def of_template(text: str) -> Iterator[Sentence]:
    """Sentences of a template, by Django's own reading of it."""
    literal = r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    call = re.compile(rf"\b(n?p?gettext|_)\({literal}(?:, {literal})?(?:, {literal})?(?:, ?count)?\)", re.S)
    for match in call.finditer(templatize(text)):
        words = [ast.literal_eval(part) for part in match.groups()[1:] if part]
        context, msgid, plural = GETTEXT[match[1]]
        yield Sentence(words[msgid], words[context] if context is not None else "", words[plural] if plural is not None else "")


def of_regulation(file: Path) -> Iterator[Sentence]:
    """Words of the regulation that pages show."""
    table = tomllib.loads(file.read_text("utf-8"))
    for path in REGULATION[file.name]:
        for words in reached(table, path.split(".")):
            if isinstance(words, str) and CHINESE.search(words):
                yield Sentence(words)
    if file.name == "forms.toml":
        yield from of_forms(table)


def of_forms(table: dict[str, Any]) -> Iterator[Sentence]:
    """What stands printed on the forms that rooms fill: labels, states one by one and as they follow each other, signatures."""
    for form in (table[name] for name in PRINTED):
        words = [line.split("|")[1] for line in form["fields"]] + form["signatures"]
        yield from (Sentence(word) for word in words if CHINESE.search(word))
        states = [word for state in form["states"] for word in (state.replace("|", "/"), *re.split(r"[|()]", state))]
        yield from (Sentence(word, STATE) for word in states if CHINESE.search(word))


def reached(table: object, path: list[str]) -> Iterator[object]:
    """What lies at the end of the path; `*` = every key of a table or entry of a list."""
    if not path:
        yield table
    elif isinstance(table, list):
        for entry in table:
            yield from reached(entry, path[1:])
    elif isinstance(table, dict):
        for name in table if path[0] == "*" else [path[0]] if path[0] in table else []:
            yield from reached(table[name], path[1:])


def read(path: Path = CATALOGUE) -> dict[str, tuple[list[str], bool]]:
    """The catalogue: key -> (its English, one text or two for a plural; whether it is fuzzy)."""
    if not path.exists():
        return {}
    return {key: (texts, fuzzy) for key, texts, fuzzy in entries(path.read_text("utf-8")) if key}


def written(found: Gathered, kept: dict[str, tuple[list[str], bool]]) -> str:
    """The text of the catalogue: sorted by sentence, files without line numbers."""
    blocks = ['msgid ""\nmsgstr ""\n' + "\n".join(quoted(line + "\n") for line in HEADER.splitlines())]
    for sentence in sorted(found.files):
        texts, fuzzy = kept.get(sentence.key, ([], False))
        lines = [f"#: {file}" for file in sorted(found.files[sentence])]
        flags = ["fuzzy"] * fuzzy + ["python-format"] * bool(PLACE.search(sentence.msgid))
        lines += [f"#, {', '.join(flags)}"] * bool(flags)
        lines += [f"msgctxt {quoted(sentence.context)}"] * bool(sentence.context)
        lines.append(f"msgid {folded(sentence.msgid)}")
        if sentence.plural:
            lines.append(f"msgid_plural {folded(sentence.plural)}")
            lines += [f"msgstr[{n}] {folded(text)}" for n, text in enumerate(texts if len(texts) == 2 else ["", ""])]
        else:
            lines.append(f"msgstr {folded(texts[0] if texts else '')}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def folded(text: str) -> str:
    """A string of the catalogue; of several lines, one a line."""
    lines = text.splitlines(keepends=True)
    return quoted(text) if len(lines) < 2 else "\n".join(['""', *map(quoted, lines)])


def quoted(text: str) -> str:
    """In double quotes, escaped as the format wants it."""
    for sign, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        text = text.replace(sign, escaped)
    return f'"{text}"'


def faults(found: Gathered, kept: dict[str, tuple[list[str], bool]]) -> list[str]:
    """What is wrong with the catalogue, one line each."""
    wrong, known = [], {sentence.key for sentence in found.files}
    for sentence in sorted(found.files):
        if sentence.key not in kept:
            wrong.append(f"not gathered: {sentence.msgid}")
            continue
        texts, fuzzy = kept[sentence.key]
        if fuzzy:
            wrong.append(f"fuzzy: {sentence.msgid}")
        elif not all(texts) or len(texts) != (2 if sentence.plural else 1):
            wrong.append(f"without English: {sentence.msgid}")
        elif any(marks(text) != marks(sentence.msgid) for text in texts):
            wrong.append(f"other %(names)s: {sentence.msgid} -> {' / '.join(texts)}")
        elif any(CHINESE.search(text) for text in texts):
            wrong.append(f"Chinese in English: {sentence.msgid} -> {' / '.join(texts)}")
    return wrong + [f"unused: {key!r}" for key in sorted(kept.keys() - known)]


def marks(text: str) -> set[str]:
    """The names in %(name)s and, where there are any, a bare % that would break the filling in."""
    names = set(PLACE.findall(text))
    rest = PLACE.sub("", text).replace("%%", "")
    return names | ({"%"} if names and "%" in rest else set())


def main() -> int:
    """Write or check; the exit code."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--check", action="store_true", help="write nothing, exit 1 when something is missing")
    check = arguments.parse_args().check
    found, kept = gather(), read()
    if not check:
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        CATALOGUE.write_text(written(found, kept), "utf-8")
        kept = read()
    wrong = faults(found, kept)
    print("\n".join([*wrong, f"{len(found.files)} sentences, {len(wrong)} to mend"]))
    return int(bool(wrong)) if check else 0


if __name__ == "__main__":
    sys.exit(main())
