"""The handbooks of docs/users as pages: a day's work of each post; and the page for an emergency."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from mifeng.base.refusals import NotThere
from mifeng.clauses import regulation

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "users"
# Book -> title and the posts for whom it lies on top.
BOOKS = {
    "employee": (lazy("员工手册"), frozenset({"employee"})),
    "clerk": (lazy("机要员手册"), frozenset({"clerk"})),
    "leader": (lazy("领导手册"), frozenset({"gm", "deputy_gm", "gmo_head", "dept_head", "classifier"})),
    "administrator": (lazy("管理员手册"), frozenset({"sysadmin", "secadmin", "it_head"})),
    "auditor": (lazy("审计员手册"), frozenset({"auditor"})),
}
ITEM = re.compile(r"^( *)(\d+\.|\*|-) +(.*)$")
CLAUSE = re.compile(r"\b([A-Z]\d+(?:\.\d+)?)\b")


@dataclass
class Item:
    """A line of a list, with the lines below it."""

    text: str
    below: list[str] = field(default_factory=list)


@dataclass
class Block:
    """A piece of a handbook: h1, h2, h3, p, ol, ul, table; lists have items, tables rows of cells."""

    kind: str
    text: str = ""
    items: list[Item] = field(default_factory=list)
    rows: list[list[SafeString]] = field(default_factory=list)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The items as the template writes them."""
        return [{"text": inline(item.text), "below": [inline(text) for text in item.below]} for item in self.items]

    @property
    def html(self) -> SafeString:
        """The text of a heading or paragraph."""
        return inline(self.text)


def inline(text: str) -> SafeString:
    """A line of a handbook as markup: **strong**, `typed`, clause numbers as links; everything else is escaped."""
    told = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(text))
    told = re.sub(r"`(.+?)`", r"<code>\1</code>", told)
    return mark_safe(CLAUSE.sub(_linked, told))  # noqa: S308  # escaped above


def _linked(found: re.Match[str]) -> str:
    number = found[1]
    return f'<a class="mf-cl" href="/clauses/{number}/">{number}</a>' if number in regulation() else number


def blocks(text: str) -> list[Block]:
    """A handbook cut into its pieces; only what the handbooks use: headings, paragraphs, lists of two depths."""
    found: list[Block] = []
    for line in text.splitlines():
        _take(found, line)
    return [block for block in found if block.kind]


def _take(found: list[Block], line: str) -> None:
    item = ITEM.match(line)
    if not line.strip():
        found.append(Block(""))
    elif line.startswith("#"):
        found.append(Block(f"h{min(3, len(line) - len(line.lstrip('#')))}", line.lstrip("# ")))
    elif line.startswith("|"):
        _take_row(found, [cell.strip() for cell in line.strip("| ").split("|")])
    elif item:
        _take_item(found, item)
    elif found and found[-1].items:
        _go_on(found[-1].items[-1], line.strip())
    elif found and found[-1].kind == "p":
        found[-1].text += line.strip()
    else:
        found.append(Block("p", line.strip()))


def _take_row(found: list[Block], cells: list[str]) -> None:
    if not found or found[-1].kind != "table":
        found.append(Block("table"))
    if not all(set(cell) <= set("-: ") for cell in cells):
        found[-1].rows.append([inline(cell) for cell in cells])


def _take_item(found: list[Block], item: re.Match[str]) -> None:
    kind = "ol" if item[2][0].isdigit() else "ul"
    if item[1] and found and found[-1].items:
        found[-1].items[-1].below.append(item[3])
        return
    if not found or found[-1].kind != kind:
        found.append(Block(kind))
    found[-1].items.append(Item(item[3]))


def _go_on(item: Item, words: str) -> None:
    """A wrapped line belongs to the last text of the item."""
    if item.below:
        item.below[-1] += words
    else:
        item.text += words


def index(request: HttpRequest) -> HttpResponse:
    """The handbook of one's own post, the others beside it."""
    posts = request.person.posts()
    mine = [name for name, (_title, of) in BOOKS.items() if of & posts]
    return _page(request, mine[-1])


def book(request: HttpRequest, name: str) -> HttpResponse:
    """One handbook."""
    if name not in BOOKS:
        raise NotThere
    return _page(request, name)


def _page(request: HttpRequest, name: str) -> HttpResponse:
    pieces = blocks(_text(name))
    books = [{"label": title, "url": f"/help/{key}/", "current": key == name} for key, (title, _of) in BOOKS.items()]
    context = {"title": BOOKS[name][0], "pieces": [piece for piece in pieces if piece.kind != "h1"], "books": books}
    return render(request, "site/help.html", context)


def _text(name: str) -> str:
    """The handbook in the language of the page, in Chinese where it is not translated."""
    own = FOLDER / f"{name}.{'zh' if (get_language() or 'zh').startswith('zh') else 'en'}.md"
    file = own if own.exists() else FOLDER / f"{name}.zh.md"
    return file.read_text(encoding="utf-8") if file.exists() else _("这本手册不在本机。")


def emergency(request: HttpRequest) -> HttpResponse:
    """Who does what in an emergency; open without a session."""
    return render(request, "site/emergency.html", {})
