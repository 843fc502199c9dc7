"""From an uploaded file to three objects of the vault: original, rendition, text. Outside of any transaction.

Everything that parses runs in workers and in the sandbox (engine intake); what comes back is sealed at once. Nothing of
the content ever lies in a plain file, a log line or a job row.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from mifeng.base import clock, language, vault
from mifeng.clauses import parameter
from mifeng.engines import intake
from mifeng.engines.vault import Kind

COMPARTMENT = "uploads"
# What the note of a converted file may say in Chinese; said_note says it to people.
FONTS_REPLACED = gettext_noop("字体已替换:%(names)s,版式可能与原件不同")
ORIGINAL, RENDITION, TEXT, RECOGNISED = Kind.ORIGINAL, Kind.RENDITION, Kind.TEXT, Kind.RECOGNISED
MOST_RECOGNISED = 200  # pages of a file; of what is longer the rest is read by people


@dataclass(frozen=True)
class Received:
    """What became of an uploaded file: accepted with its object in the vault, or rejected with a code and a sentence."""

    name: str
    size: int
    kind: str = ""
    original: str = ""
    scan: str = "unchecked"
    scan_engine: str = ""
    code: str = ""
    reason: str = ""

    @property
    def accepted(self) -> bool:
        return not self.code


def receive(data: bytes, declared_name: str, uid: str, demo: bool) -> Received:
    """Inspect one file and seal it: virus check, kind, limits; then into the vault under `uid`.

    A real instance insists on a virus check where the parameter says so; the demonstration takes what it can get (I9.3).
    """
    policy = "when_present" if demo else str(parameter("I9.3", "av", on=clock.today()))
    scanner = intake.Clamd(settings.ENV.clamd)
    found = intake.inspect(data, declared_name, scanner=scanner, policy=policy)  # type: ignore[arg-type]
    if isinstance(found, intake.Rejected):
        # In the language of whoever brings the file: only he reads it.
        told = {"why": _(found.why) % found.values, "advice": _(found.next_step) % found.values}
        reason = _("%(why)s%(advice)s") % told
        return Received(intake.clean(declared_name).text, len(data), code=found.code, reason=reason)
    prepared = vault.opened().prepare(
        data, kind=ORIGINAL, doc_id=bytes.fromhex(uid), version=1, part=0, compartment=COMPARTMENT
    )
    clean = isinstance(found.verdict, intake.Clean)
    return Received(
        found.name.text, found.size, found.kind.name, prepared.object_id.hex(), "clean" if clean else "unchecked",
        _engine(scanner) if clean else "",
    )  # fmt: skip


def too_much(declared_name: str, size: int) -> Received:
    """A file that goes beyond what one person may bring in a day: neither looked at nor kept (T4)."""
    most = int(parameter("T4", "upload_mb_a_day", on=clock.today()))
    reason = _("今天上传已满 %(most)d MB，这个文件没有收下；已收下的都还在，其余请明天再传。") % {"most": most}
    return Received(intake.clean(declared_name).text, size, code="too-much-today", reason=reason)


def _engine(scanner: intake.Clamd) -> str:
    """Engine and number of its signatures, as the register of outside files wants them (I9.3)."""
    told = scanner.signatures()
    return f"{told.engine} {told.number}" if told else ""


def pictured(original: str, upload_uid: str, kind: str, scan: str) -> bytes | None:
    """An uploaded picture as a PDF of one page, made by the worker each time it is shown; None = it cannot be shown."""
    data = vault.opened().withdraw(bytes.fromhex(original), doc_id=bytes.fromhex(upload_uid), version=1, part=0, kind=ORIGINAL)
    verdict = intake.Clean() if scan == "clean" else intake.NotChecked("absent")
    shown = intake.render(data, intake.KINDS[kind], verdict=verdict)
    return None if isinstance(shown, intake.Unviewable) else shown.pdf


@dataclass(frozen=True)
class Converted:
    """Objects made from an original; empty `rendition` = cannot be shown, `note` says why in Chinese.

    `scans`: pages that hold a picture and no text; `no_text`: the engine's code where nothing of the file can be read.
    """

    rendition: str = ""
    text: str = ""
    pages: int = 0
    note: str = ""
    scans: tuple[int, ...] = ()
    no_text: str = ""


def convert(original: str, vault_doc: str, version: int, kind: str, scan: str, compartment: str) -> Converted:
    """Render and read one original in the sandbox and seal what comes out.

    An office file that was not scanned is never opened by an office program (I9.3); its page says so.
    """
    doc_id, known = bytes.fromhex(vault_doc), intake.KINDS[kind]
    data = vault.opened().withdraw(bytes.fromhex(original), doc_id=doc_id, version=1, part=0, kind=ORIGINAL)
    verdict = intake.Clean() if scan == "clean" else intake.NotChecked("absent")
    shown = intake.render(data, known, verdict=verdict)
    if isinstance(shown, intake.Unviewable) and shown.code == "not_checked":
        return Converted(note=shown.reason, no_text=shown.code)  # opened by no program, and so not by our readers
    read = intake.read_text(data, known, verdict=verdict)
    text = "" if isinstance(read, intake.NoText) else _sealed(read.text.encode(), TEXT, doc_id, version, compartment)
    no_text = read.code if isinstance(read, intake.NoText) else ""
    if isinstance(shown, intake.Unviewable):
        return Converted(text=text, note=shown.reason, no_text=no_text)
    rendition = _sealed(shown.pdf, RENDITION, doc_id, version, compartment)
    scans = _scans(known, shown, read)
    names = "、".join(shown.fonts_substituted)
    note = FONTS_REPLACED % {"names": names} if names else ""
    return Converted(rendition, text, shown.pages, note, scans, no_text)


def _scans(kind: intake.Kind, shown: intake.Rendition, read: intake.Text | intake.NoText) -> tuple[int, ...]:
    """Pages that hold a picture and no text; all of those whose text layer is rubbish. One worker less where it is known."""
    if kind.family is intake.Family.IMAGE or (isinstance(read, intake.NoText) and read.code == "rubbish"):
        return tuple(range(1, shown.pages + 1))
    if kind.family is intake.Family.TEXT:
        return ()
    return read.scans if kind.family is intake.Family.PDF else intake.scanned_pages(shown.pdf)


def said_note(note: str) -> str:
    """The note of a file in the language of the page."""
    head, _names, tail = FONTS_REPLACED.partition("%(names)s")
    if note.startswith(head) and note.endswith(tail):
        return _(FONTS_REPLACED) % {"names": note.removeprefix(head).removesuffix(tail)}
    return language.said(note)


def _sealed(data: bytes, kind: int, doc_id: bytes, version: int, compartment: str, part: int = 0) -> str:
    made = vault.opened().prepare(data, kind=kind, doc_id=doc_id, version=version, part=part, compartment=compartment)
    return made.object_id.hex()


@dataclass(frozen=True)
class Recognised:
    """What became of one scanned page: its lines as an object of the vault, or the engine's code why there are none."""

    page: int
    words: str = ""
    doubtful: bool = False
    confidence: int = 0
    why: str = ""


def recognise(file: "HasObjects", pages: Iterable[int], compartment: str, begun: Callable[[], None]) -> tuple[Recognised, ...]:
    """Read these pages of a file by their looks, each in a worker of its own, and seal what they seem to say.

    `begun` is called before each page.
    """
    pdf, read = rendition(file), []
    for page in pages:
        begun()
        read.append(_recognised(file, pdf, page, compartment))
    return tuple(read)


def _recognised(file: "HasObjects", pdf: bytes, page: int, compartment: str) -> Recognised:
    found = intake.recognise(pdf, page)
    if isinstance(found, intake.NoText):
        return Recognised(page, why=found.code)
    lines = [[line.text, line.confidence, *line.box] for line in found.lines]
    told = json.dumps(lines, ensure_ascii=False).encode()
    words = _sealed(told, RECOGNISED, bytes.fromhex(file.vault_doc), file.version, compartment, page)
    return Recognised(page, words, found.doubtful, found.confidence)


def tables(original: str, upload_uid: str, kind: str) -> list[intake.Table] | intake.NoText:
    """The sheets of an uploaded workbook or CSV, read by the worker; nothing of it lies anywhere else afterwards."""
    data = vault.opened().withdraw(bytes.fromhex(original), doc_id=bytes.fromhex(upload_uid), version=1, part=0, kind=ORIGINAL)
    return intake.read_tables(data, intake.KINDS[kind])


class HasObjects(Protocol):
    """A row that names its rendition in the vault."""

    rendition: str
    vault_doc: str
    version: int


def rendition(file: HasObjects) -> bytes:
    """The PDF of a file, in memory; for the rasteriser only, after the deed that shows a page is committed."""
    return vault.opened().withdraw(
        bytes.fromhex(file.rendition), doc_id=bytes.fromhex(file.vault_doc), version=file.version, part=0, kind=RENDITION
    )
