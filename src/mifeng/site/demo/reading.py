"""The demonstration's papers as written: a front matter between +++ and a little Markdown.

`# ` title, `## ` heading, `| ` rows, a date at the end closes a signature, every other line is a paragraph.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from typing import Any

COMPANY = "云汐澜岱精密传动有限公司"
RED_HEADED = ("通知", "会议纪要", "决策意见", "实施方案")
NUMBER = r"(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\))"
HEAD = re.compile(rf"^({NUMBER}[^。:,;()]{{2,18}}(?:\([^)]*\))?(?:。|$))(.*)$")
FIELD = re.compile(r"^(\w{2,6}):(.{1,60})$")
DATE = re.compile(r"^\d{4}年\d{1,2}月\d{1,2}日(印发)?$")
SIGN_OFF = re.compile(r"^\w{2,4}:\w+( \w{2,4}:\w+)+$")
# The texts are typed with the keyboard's own signs; print wants the wide ones wherever Chinese stands beside them.
WIDE = {",": "\uff0c", ";": "\uff1b", ":": "\uff1a", "(": "\uff08", ")": "\uff09", "?": "\uff1f"}


@dataclass(frozen=True)
class Block:
    """A piece of a paper: kind heading | addressee | field | paragraph | sign_off | signature | imprint | table.

    `head` is the part at the beginning that is set in 黑体; only tables have rows, the first of which is their head.
    """

    kind: str
    text: str = ""
    head: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Paper:
    """A paper as written. `issued_on` is None while it has not been issued; `front` is the whole front matter."""

    id: str
    title: str
    ref: str
    level: str
    term: str
    category: str
    copy_numbers: str
    issued_on: date | None
    blocks: tuple[Block, ...]
    front: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def red_headed(self) -> bool:
        """True for notices, minutes and decisions of the open series; personnel papers never bear the red head."""
        return self.title.endswith(RED_HEADED) and self.ref.startswith("澜岱")

    @property
    def text(self) -> str:
        """Everything below the title, one block a line."""
        return "\n".join(
            "\n".join(" ".join(row) for row in block.rows) if block.rows else block.head + block.text
            for block in self.blocks
        )


def ids() -> list[str]:
    """The ids of all papers, DOC-001 first."""
    folder = files("mifeng.site.demo").joinpath("texts")
    return sorted(entry.name[:-3].upper() for entry in folder.iterdir() if entry.name.endswith(".md"))


def paper(doc_id: str) -> Paper:
    """The paper of that id. Raises FileNotFoundError when there is no such text."""
    source = files("mifeng.site.demo").joinpath("texts", f"{doc_id.lower()}.md").read_text(encoding="utf-8")
    _before, front_text, body = source.split("+++\n", 2)
    front = tomllib.loads(front_text)
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    return Paper(
        id=front["id"], title=lines[0].removeprefix("# "), ref=front["ref"], level=front["level"], term=front["term"],
        category=front["category"], copy_numbers=front.get("copy_numbers", ""), issued_on=front.get("issued_on"),
        blocks=tuple(_blocks(lines[1:])), front=front,
    )  # fmt: skip


def _blocks(lines: list[str]) -> Iterator[Block]:
    ending = _ending(lines)
    rows: list[tuple[str, ...]] = []
    for line in lines[:ending]:
        if line.startswith("|"):
            rows += [] if set(line) <= set("|-: ") else [tuple(cell.strip() for cell in line.strip("|").split("|"))]
            continue
        if rows:
            yield Block("table", rows=tuple(rows))
            rows = []
        yield _block(line)
    if rows:
        yield Block("table", rows=tuple(rows))
    for line in lines[ending:]:
        yield Block("imprint" if lines[-1].endswith("印发") else "signature", line)


def _ending(lines: list[str]) -> int:
    """Where the signers begin: the short lines without a stop just above a date that closes the paper."""
    at = len(lines)
    if DATE.match(lines[-1]):
        at -= 1
        while at and len(lines[at - 1]) <= 22 and not re.search("[。:|]", lines[at - 1]):
            at -= 1
    return at


def _block(line: str) -> Block:
    if line.startswith("## "):
        return Block("heading", line.removeprefix("## "))
    if line.endswith(":") and len(line) < 24:
        return Block("addressee", line)
    if SIGN_OFF.match(line):
        return Block("sign_off", line.replace(" ", "\u3000"))
    if found := HEAD.match(line):
        return Block("paragraph", found[2], found[1])
    if (found := FIELD.match(line)) and not line.endswith("。"):
        return Block("field", found[2], found[1] + ":")
    return Block("paragraph", line)


def wide(text: str) -> str:
    """The text with the wide Chinese signs in place of the narrow ones that touch a Chinese character."""

    def widened(found: re.Match[str]) -> str:
        beside = text[max(0, found.start() - 1) : found.start()] + text[found.end() : found.end() + 1]
        return WIDE[found[0]] if any(ord(sign) > 0x2E80 for sign in beside) else found[0]

    once = re.sub(r"[,;:()?]", widened, text)
    # A bracket that opened wide closes wide, whatever stands inside.
    brackets = re.compile("(?:\uff08([^()\uff08\uff09]*)\\)|\\(([^()\uff08\uff09]*)\uff09)")
    return brackets.sub(lambda found: f"\uff08{found[1] or found[2] or ''}\uff09", once)


def banner(told: Paper) -> str:
    """发文机关标志, the words of the red head."""
    return COMPANY + ("会议纪要" if told.title.endswith("会议纪要") else "文件")
