"""No Chinese reaches a person outside the catalogue: every Chinese string is a message, or stands here with its reason.

Chinese in templates is looked after by test_templates.py.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.test_gathered import tool

SOURCE = Path(__file__).resolve().parents[2] / "src" / "mifeng"
# The papers and people of the demonstration are Chinese; a migration repeats what a model said on its day; the verbs of
# the terminal speak Chinese, and English beside it where they stop.
APART = ("site/demo/", "/migrations/", "site/cli/")
# File -> what in it (function, class or name; * = all of it) -> why its Chinese is not translated.
LEFT: dict[str, dict[str, str]] = {
    "base/papers.py": {
        "issued_day": "the day as it stands on an issued paper, which is Chinese", "_wide": "brackets", "_series": "a bracket",
        "BOOK": "ends of names of registers", "_sheet_title": "the same",
    },
    "base/language.py": {"MARKS": "commas and their like", "BESIDE_CHINESE": "brackets beside them"},
    "base/numbers.py": {"*": "numbers as they are printed on papers and in registers"},
    "base/templatetags/mifeng.py": {
        "DIGITS": "the Chinese day slip", "MONTHS": "the Chinese day slip", "cn_month": "the Chinese day slip",
        "unended": "full stops that are cut off", "WHOLE": "the sign in the number of a copy",
    },
    "clauses/catalogue.py": {
        "Term.text": "the term as it stands in a mark", "_line": "an error for whoever writes the regulation's files",
    },
    "clauses/parameters.py": {"split": "the sign between the words of a list"},
    "engines/access/duties.py": {"OFFICER_WORDS": "parts of reasons that have their English", "PART_WORDS": "the same"},
    "engines/access/levels.py": {
        "KIND_WORDS": "parts of reasons that have their English", "SCOPE_KINDS": "the same", "UNLEVELLED": "words of a scheme",
        "COMPANY3": "words of a scheme, which has its English", "SOE2": "the same",
    },
    "engines/access/terms.py": {"Term.zh": "the term as it stands in a mark; base.language says it to people"},
    "engines/auditlog/export.py": {"*": "the note inside an export, in both languages"},
    "engines/intake/names.py": {"UNNAMED": "a name given to a file, which is the file's name from then on"},
    "engines/intake/fonts.py": {"*": "names of fonts"},
    "engines/intake/plausible.py": {"*": "patterns of broken text"},
    "engines/paper/faces.py": {"*": "signs of which a line may not begin or end, and one that is drawn"},
    "engines/paper/form.py": {"_Setter._states": "an arrow", "PARTED": "brackets"},
    "engines/paper/issued.py": {"*": "signs that tell headings, and where a title may be divided"},
    "engines/watermark/lettering.py": {"*": "a sign that is drawn"},
    "engines/watermark/marking.py": {"*": "letters that are drawn to warm up the font"},
    "engines/watermark/registry.py": {"*": "grades of a finding, as its report writes them"},
    "engines/watermark/visible.py": {"*": "words drawn into a page"},
    "rooms/approvals/edition_views.py": {"ANY_OF": "signs that part what was typed"},
    "rooms/approvals/facts.py": {
        "EVENT_WORDS": "parts of a refusal that has its English", "pages_of": "signs that part what was typed",
    },
    "rooms/copies/actions/counting.py": {
        "SERIES": "the series of sheets, as it is printed", "_year_number": "the number of a year's sheet, as it is printed",
    },
    "rooms/copies/actions/destroying.py": {"SERIES": "the series of destruction lists, as it is printed"},
    "rooms/copies/actions/importing.py": {"NOTE": "the origin as the ledger of a copy keeps it"},
    "rooms/copies/old_papers.py": {"INTEREST": "the origin as the item keeps it"},
    "rooms/copies/rules/old_ledger.py": {"*": "words of old ledgers that are read, and parts of patterns"},
    "rooms/copies/actions/carrying.py": {
        "SERIES": "a series of numbers", "ask_carry_out": "names one after the other, as they were asked for",
        "check_in": "numbers of copies one after the other, as the register keeps them",
    },
    "rooms/copies/actions/reproducing.py": {
        "SERIES": "a series of numbers", "ask_reproduction": "names one after the other, as they were asked for",
    },
    "rooms/copies/actions/excerpting.py": {"SERIES": "a series of numbers"},
    "rooms/copies/making_forms.py": {"PARTING": "signs that part what was typed"},
    "rooms/copies/models/ledger.py": {"Copy.number": "the number as it stands on the sheets"},
    "rooms/circulation/actions/receiving.py": {
        "STATE_TITLE": "the title as it is registered", "PERSONAL_TITLE": "the title as it is registered",
        "SERIES": "series of numbers",
    },
    "rooms/circulation/rules/receiving.py": {"listed": "the comma in a stored list of numbers", "numbers_of": "the same"},
    "rooms/circulation/actions/circulating.py": {"ask_circulation": "the names as the request keeps them"},
    "rooms/circulation/actions/lending.py": {"SERIES": "series of numbers"},
    "rooms/circulation/actions/dispatching.py": {"SERIES": "series of numbers"},
    "rooms/circulation/actions/_slips.py": {"list_approved": "the note as the slip keeps it"},
    "rooms/copies/sheet_parts.py": {"opinions": "a signature as the form names it"},
    "rooms/copies/asked_sheets.py": {
        "STATES": "states as the forms name them", "_filled": "the same", "copying": "the same", "excerpt": "the same", "trip": "the same",
    },
    "rooms/copies/act_sheets.py": {
        "ENDS": "states as the forms name them", "_taken": "a signature as the form names it",
        "_copying_state": "states as the forms name them", "excerpt": "the same", "trip": "states and signatures as the form names them",
    },
    "rooms/copies/stock_sheets.py": {
        "STEPS": "states as the forms name them", "destruction": "a signature as the form names it",
        "_state": "states as the form names them", "_destroyed_how": "the sign between two parts",
    },
    "rooms/circulation/books.py": {
        "spans": "signs between entries of a cell", "_recipients": "the same",
        "_opinion": "signs between entries of a cell", "_skipped": "the same",
        "_carriers": "the same",
    },
    "rooms/circulation/courses.py": {
        "proposals": "signs between entries of a cell",
        "instructions": "the same", "_together": "the same",
    },
    "rooms/circulation/models.py": {"Slip.mark": "the number as it stands on the slip"},
    "rooms/circulation/forms.py": {"TERM": "a term as it is written in marks"},
    "rooms/documents/actions/_shared.py": {
        "scope_words": "the scope as the history keeps it", "line_word": "the scope as the history keeps it",
        "draw_number": "series of numbers", "register_number": "series of numbers",
    },
    "rooms/documents/actions/changing.py": {"correct": "old and new as the history keeps them"},
    "rooms/documents/actions/converting.py": {"attach_version": "old and new as the history keeps them"},
    "rooms/documents/actions/registering.py": {
        "_by_standing": "the decision as the history keeps it", "taken_over": "the origin as the history keeps it",
    },
    "rooms/circulation/sheets.py": {
        "SLIP_STATES": "states as the forms name them", "LOAN_STATES": "the same", "receipt": "the same",
        "slip": "commas of a list, a signature as the form names it",
        "dispatch": "states and signatures as the form names them", "loan": "signatures as the form names them",
    },
    "rooms/documents/books.py": {
        "classification": "the state as the form names it", "change_of_mark": "the state as the form names it",
    },
    "rooms/documents/by_series.py": {"BY_SERIES": "the decision as the history keeps it"},
    "rooms/documents/files.py": {"convert": "the comma in a stored list of fonts"},
    "rooms/documents/marking.py": {"*": "the mark as it is printed"},
    "rooms/documents/queries.py": {"normal": "signs that are folded for comparing"},
    "rooms/documents/rules/terms.py": {"mark_of": "the mark as it is printed"},
    "site/register_lines.py": {"*": "serial numbers as they are printed, and as they are typed"},
    "site/own_page.py": {"LANGUAGES": "each language by its own name"},
    "site/settings.py": {"LANGUAGES": "each language by its own name"},
    "site/checks.py": {"*": "said at the terminal when the house does not start, in both languages"},
    "site/database.py": {"*": "said at the terminal when the database will not do, in both languages"},
    "site/verification.py": {"*": "findings at the terminal of ./mifeng verify"},
    "__main__.py": {"main": "said at the terminal, in both languages"},
    "rooms/people/holiday_files.py": {
        "OFF": "words that a notice uses", "WORKED": "words that a notice uses", "_kind": "words that a notice uses",
    },
    "rooms/people/scopes.py": {"_word": "the scope as it is kept"},
    "rooms/viewing/actions.py": {"_to_draw": "words drawn into a page"},
    "rooms/viewing/facts.py": {"PURPOSES": "words drawn into a page"},
}  # fmt: skip


def offences(text: str, name: str) -> list[str]:
    """`place: string` for every Chinese string of a module that is neither a message nor left with a reason."""
    tree = ast.parse(text)
    fine = {id(node) for part in (docstrings, wrapped, told, series) for node in part(tree)}
    fine |= {id(node) for node in tables(tree, name)}
    left = LEFT.get(name, {})
    return [
        f"{place}: {node.value}" for place, node in placed(tree)
        if tool().CHINESE.search(node.value) and id(node) not in fine and "*" not in left
        and not any(place == known or place.startswith(known + ".") for known in left)
    ]  # fmt: skip


def strings(node: ast.AST) -> Iterator[ast.Constant]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part


def placed(tree: ast.AST, inside: str = "") -> Iterator[tuple[str, ast.Constant]]:
    """Every string with the function, class or module-level name it belongs to."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield from placed(node, f"{inside}.{node.name}".lstrip("."))
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and not inside:
            yield from ((name, part) for name in [*tool().assigned(node)][:1] for part in strings(node))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield inside, node
        else:
            yield from placed(node, inside)


def docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield from strings(node)


def wrapped(tree: ast.Module) -> Iterator[ast.Constant]:
    """What gettext holds."""
    names = tool().names_of_gettext(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and tool().name_of(node) in names:
            for given in node.args:
                yield from strings(given) if isinstance(given, ast.Constant) else ()


def told(tree: ast.AST) -> Iterator[ast.Constant]:
    """Sentences of refusals: gathered ones, and those put together from figures when their English stands beside them."""
    yield from tool().carried(tree)
    for scope in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for call in (node for node in ast.walk(scope) if isinstance(node, ast.Call)):
            if tool().name_of(call) in ("refuse", "Reason", "Refusal") and has_english(call):
                yield from strings(call.args[2])
                names = {part.id for part in ast.walk(call.args[2]) if isinstance(part, ast.Name)}
                names |= {tool().name_of(part) for part in ast.walk(call.args[2]) if isinstance(part, ast.Call)}
                yield from helped(tree, scope, names)


def has_english(call: ast.Call) -> bool:
    return len(call.args) > 3 or any(word.arg == "en" for word in call.keywords)


def helped(tree: ast.AST, scope: ast.AST, names: set[str]) -> Iterator[ast.Constant]:
    """Strings of variables of this function, and of functions of the module, that such a sentence is made of."""
    for _round in range(3):  # a sentence, the list in it, the words of the list
        for node in ast.walk(scope):
            if isinstance(node, ast.Assign) and tool().assigned(node) & names:
                yield from strings(node.value)
                names |= {tool().name_of(part) for part in ast.walk(node.value) if isinstance(part, ast.Call)}
                names |= {part.id for part in ast.walk(node.value) if isinstance(part, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name in names:
            yield from strings(node)


def series(tree: ast.AST) -> Iterator[ast.Constant]:
    """Series of numbers, as they are printed."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and tool().name_of(node) in ("take", "register_number", "start_at") and node.args:
            yield from strings(node.args[0])
        if isinstance(node, ast.Call) and tool().name_of(node) == "Register":
            yield from (text for keyword in node.keywords if keyword.arg == "series" for text in strings(keyword.value))


def tables(tree: ast.AST, name: str) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and tool().assigned(node) & set(tool().TABLES.get(name, ())):
            yield from strings(node)


MODULES = [path.relative_to(SOURCE).as_posix() for path in sorted(SOURCE.rglob("*.py"))]


@pytest.mark.parametrize("name", [name for name in MODULES if not any(apart in name for apart in APART)])
def test_chinese_of_a_module_is_a_message_or_left_with_a_reason(name):
    assert offences((SOURCE / name).read_text("utf-8"), name) == []


def test_every_reason_still_has_something_to_explain():
    for name, left in LEFT.items():
        found = {place for place, node in placed(ast.parse((SOURCE / name).read_text("utf-8"))) if tool().CHINESE.search(node.value)}
        gone = [known for known in left if known != "*" and not any(p == known or p.startswith(known + ".") for p in found)]
        assert (name, gone, bool(found)) == (name, [], True)


@pytest.mark.parametrize("name", MODULES)
def test_no_message_is_translated_while_the_house_is_loaded(name):
    """gettext outside of a function speaks the language of the start for ever: there it must be the lazy one."""
    tree = ast.parse((SOURCE / name).read_text("utf-8"))
    names = tool().names_of_gettext(tree)
    at_once = {local for local, whole in names.items() if whole in ("gettext", "ngettext", "pgettext", "npgettext")}
    assert [node.lineno for node in loaded(tree) if isinstance(node, ast.Call) and tool().name_of(node) in at_once | {"str"}
            and CHINESE_CALL.search(ast.unparse(node))] == []  # fmt: skip


CHINESE_CALL = re.compile(r"[\u4e00-\u9fff]")


def loaded(tree: ast.AST) -> Iterator[ast.AST]:
    """What runs when the module is loaded: everything outside of functions."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, (ast.FunctionDef, ast.Lambda)):
            yield node
            yield from loaded(node)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('x = "登记"', ["x: 登记"]),
        ('def f(n):\n    return f"{n}件"', ["f: 件"]),
        ('def f():\n    "登记"\n    return _("登记")', []),
        ('def f():\n    raise Refused(Decision.refuse("a", "b", "登记"), "未登记")', []),
        ('def f(n):\n    return Decision.refuse("a", "b", f"{n}件")', ["f: 件"]),
        ('def f(n):\n    zh = f"{n}件"\n    return Decision.refuse("a", "b", zh, en="items")', []),
        ('def f(n):\n    return numbers.take("定密")', []),
        ('class A:\n    def f(self):\n        return _("%(n)s件") % {"n": "登记"}', ["A.f: 登记"]),
    ],
)  # fmt: skip
def test_what_must_be_found_is_found(text, found):
    assert offences(text, "x.py") == found
