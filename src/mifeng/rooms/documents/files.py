"""From an uploaded file to three objects of the vault: original, rendition, text. Outside of any transaction.

Everything that parses runs in workers and in the sandbox (engine intake); what comes back is sealed at once. Nothing of
the content ever lies in a plain file, a log line or a job row.
"""

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings

from mifeng.base import clock, vault
from mifeng.clauses import parameter
from mifeng.engines import intake

COMPARTMENT = "uploads"
ORIGINAL, RENDITION, TEXT = 1, 2, 3  # kinds of MFV1 containers; a rendition is pages, hence kind 2


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
    """Check one file and seal it: virus check, kind, limits; then into the vault under `uid`."""
    name = intake.clean_name(declared_name)
    try:
        kind = intake.detect(data, name)
    except intake.Rejected as rejected:
        return Received(name, len(data), code=rejected.code, reason=f"{rejected.zh}。{rejected.next_step}")
    scan, engine_name = _scan(data)
    if scan == "found":
        return Received(name, len(data), code="virus", reason="查到病毒,已隔离,未登记。请信息部门处理后重新提交。", scan=scan)
    if scan == "unchecked" and _required(demo):
        return Received(name, len(data), code="not_scanned", reason="未能查毒,按规定不得接收。请系统管理员检查防毒程序。")
    prepared = vault.opened().prepare(
        data, kind=ORIGINAL, doc_id=bytes.fromhex(uid), version=1, part=0, compartment=COMPARTMENT
    )
    return Received(name, len(data), kind.name, prepared.object_id.hex(), scan, engine_name)


def _scan(data: bytes) -> tuple[str, str]:
    verdict = intake.scan(data, settings.ENV.clamd)
    return verdict.state, verdict.engine


def _required(demo: bool) -> bool:
    policy = str(parameter("I9.3", "av", on=clock.today()))
    return policy == "required" and not demo


class HasObjects(Protocol):
    """A row that names its rendition in the vault."""

    rendition: str
    vault_doc: str
    version: int


@dataclass(frozen=True)
class Converted:
    """Objects made from an original; empty `rendition` = cannot be shown, `note` says why in Chinese."""

    rendition: str = ""
    text: str = ""
    pages: int = 0
    note: str = ""


def convert(original: str, vault_doc: str, version: int, kind: str, name: str, scan: str, compartment: str) -> Converted:
    """Render and read one original in the sandbox and seal what comes out.

    An office file that was not scanned is never opened by an office program (I9.3); its page says so.
    """
    doc_id = bytes.fromhex(vault_doc)
    data = vault.opened().withdraw(bytes.fromhex(original), doc_id=doc_id, version=version, part=0, kind=ORIGINAL)
    found = intake.detect(data, name)
    if found.office and scan != "clean":
        return Converted(note="未经查毒,不得用办公软件打开;请安装并启动防毒程序后重试,或改交 PDF")
    shown = intake.render(data, found)
    if isinstance(shown, intake.Unviewable):
        return Converted(note=shown.zh)
    rendition = _sealed(shown.pdf, RENDITION, doc_id, version, compartment)
    read = intake.read_text(data, found)
    text = "" if isinstance(read, intake.NoText) else _sealed(read.text.encode(), TEXT, doc_id, version, compartment)
    note = f"字体已替换:{'、'.join(shown.fonts_substituted)},版式可能与原件不同" if shown.fonts_substituted else ""
    return Converted(rendition, text, shown.pages, note)


def _sealed(data: bytes, kind: int, doc_id: bytes, version: int, compartment: str) -> str:
    made = vault.opened().prepare(data, kind=kind, doc_id=doc_id, version=version, part=0, compartment=compartment)
    return made.object_id.hex()


def rendition(file: HasObjects) -> bytes:
    """The PDF of a file, in memory; for the rasteriser only, after the deed that shows a page is committed."""
    return vault.opened().withdraw(
        bytes.fromhex(file.rendition), doc_id=bytes.fromhex(file.vault_doc), version=file.version, part=0, kind=RENDITION
    )
