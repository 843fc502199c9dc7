"""Whether the installation is what its log says: tree, chain of states, row codes, numbers, blobs."""

from collections.abc import Iterator

from django.apps import apps

from mifeng.base import codes, record, vault
from mifeng.base.models import Counter, Issued
from mifeng.engines import auditlog
from mifeng.engines.vault import Kind
from mifeng.rooms.documents.models import DocumentFile


def run() -> list[str]:
    """Findings, one sentence each, in Chinese; empty when everything fits. Sealed: the log and the numbers only."""
    found = [*_log(), *_numbers()]
    if vault.is_open():
        found += [*_rows(), *_blobs()]
    return found


def _log() -> Iterator[str]:
    entries = record.raw_entries()
    frontier: tuple[bytes, ...] = ()
    for seq, raw in enumerate(entries):
        frontier = auditlog.push(frontier, seq, auditlog.leaf(raw))
    size, root = record.head()
    if size != len(entries) or root != auditlog.root(frontier):
        yield f"留痕树根不符:登记{size}条,实有{len(entries)}条"
    wrong = record.misindexed()
    if wrong:
        yield f"留痕索引与留痕不符,相差{len(wrong)}条,首条为第{wrong[0]}条"
    if record.has_open_entry():
        yield "有一条未记完的行为:写入防护处于打开状态"
    if vault.is_open() and (forged := record.unsigned()):
        yield f"留痕有{len(forged)}条不是由本系统写入,首条为第{forged[0]}条"


def _numbers() -> Iterator[str]:
    for counter in Counter.objects.all():
        given = set(Issued.objects.filter(series=counter.series, year=counter.year).values_list("n", flat=True))
        gaps = set(range(min(given, default=1), counter.n + 1)) - given
        if gaps:
            yield f"{counter.series}〔{counter.year}〕缺号{sorted(gaps)}"


def _rows() -> Iterator[str]:
    kinds = {model.STATE[0] for model in apps.get_models() if issubclass(model, codes.CodedRow)}
    for kind in sorted(kinds):
        for key in sorted(codes.objects(kind)):
            try:
                codes.verify(kind, [key])
            except codes.Tampered as tampering:
                yield f"{kind} {key}:{tampering.table} 的校验码不符"


def _blobs() -> Iterator[str]:
    for file in DocumentFile.objects.select_related("document").filter(document__live=True):
        doc_id = bytes.fromhex(file.vault_doc)
        for name, kind in ((file.original, Kind.ORIGINAL), (file.rendition, Kind.RENDITION), (file.text, Kind.TEXT)):
            if name:
                yield from _opens(name, doc_id, file.version, 0, kind)
        for page, words in file.page_texts.exclude(words="").values_list("page", "words"):
            yield from _opens(words, doc_id, file.version, page, Kind.RECOGNISED)


def _opens(name: str, doc_id: bytes, version: int, part: int, kind: Kind) -> Iterator[str]:
    """What is wrong with this object of the vault."""
    try:
        vault.opened().withdraw(bytes.fromhex(name), doc_id=doc_id, version=version, part=part, kind=kind)
    except Exception as fault:  # noqa: BLE001  # whatever the vault says, the finding is the same
        yield f"密文 {name[:8]} 打不开:{type(fault).__name__}"
