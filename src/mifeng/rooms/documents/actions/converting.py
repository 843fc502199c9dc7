"""Deeds on files: arrival, conversion, a new version."""

from mifeng.base import clock, deeds, jobs, vault
from mifeng.base.deeds import deed
from mifeng.base.refusals import Refused
from mifeng.engines.access import Decision
from mifeng.rooms.documents.actions import _shared, registering
from mifeng.rooms.documents.files import MOST_RECOGNISED, Converted, Received, Recognised
from mifeng.rooms.documents.models import WAITING, Document, DocumentFile, PageText, Upload
from mifeng.rooms.people.models import Person


@deed("documents:receive_file")
def receive_file(person: Person, uid: str, received: Received) -> Upload:
    """A file has arrived: kept with its verdict, whether accepted or not; name and reason sealed."""
    upload = Upload.objects.create(
        uid=uid, person=person, at=clock.now(), name=received.name, kind=received.kind, size=received.size,
        original=received.original, state="accepted" if received.accepted else "rejected", code=received.code,
        reason=received.reason, scan=received.scan, scan_engine=received.scan_engine,
    )  # fmt: skip
    deeds.note(obj=upload.item_key, counts={"bytes": received.size}, name=received.name, verdict=received.code or "accepted")
    return upload


@deed("documents:file_converted", subject="document")
def file_converted(person: Person, document: Document, file: DocumentFile, result: Converted) -> None:
    """What the converter made of a file: pages to show, text to search, or why not. Nothing for a file replaced meanwhile.

    All its keys go where the item's lie now: the upload's own, and those of a level that changed during the conversion.
    """
    file = DocumentFile.objects.select_related("document__department").get(pk=file.pk)
    if file.state not in WAITING:
        return
    document = file.document
    vault.opened().rewrap_document(bytes.fromhex(file.vault_doc), _shared.compartment(document.level, document.department))
    file.rendition, file.text, file.pages, file.note = result.rendition, result.text, result.pages, result.note
    file.state = "ready" if result.rendition else "unviewable"
    file.save()
    _without_text(file, result)
    if result.pages and not document.pages:
        document.pages = result.pages
        document.save()


def _without_text(file: DocumentFile, result: Converted) -> None:
    """Note the pages that hold no text; where there are some, reading them by their looks is a job of its own."""
    rows = [PageText(file=file, page=page) for page in result.scans[:MOST_RECOGNISED]]
    if len(result.scans) > MOST_RECOGNISED:
        rows.append(PageText(file=file, page=0, state="none", why="many"))
    elif result.no_text and not rows:
        rows.append(PageText(file=file, page=0, state="none", why=result.no_text))
    PageText.objects.bulk_create(rows)
    if rows and rows[0].state == "waiting":
        jobs.enqueue("documents:recognise", file.uid, file.added_by_id, dedupe=f"recognise:{file.uid}:{rows[0].page}")


@deed("documents:pages_recognised", subject="document")
def pages_recognised(person: Person, document: Document, file: DocumentFile, read: tuple[Recognised, ...]) -> None:
    """What a recogniser made of some scanned pages of a file; the next ones go behind the work that came meanwhile.

    Nothing for a file that was replaced. The keys go where the item's lie now.
    """
    file = DocumentFile.objects.select_related("document__department").get(pk=file.pk)
    if file.state != "ready":
        return
    document = file.document
    vault.opened().rewrap_document(bytes.fromhex(file.vault_doc), _shared.compartment(document.level, document.department))
    waiting = file.page_texts.filter(state="waiting")
    for found in read:
        state = "none" if found.why else "doubtful" if found.doubtful else "read"
        waiting.filter(page=found.page).update(
            state=state, why=found.why, words=found.words, confidence=found.confidence
        )
    deeds.note(counts={"pages": len(read)})
    rest = waiting.order_by("page").first()
    if rest:
        jobs.enqueue("documents:recognise", file.uid, file.added_by_id, dedupe=f"recognise:{file.uid}:{rest.page}")


@deed("documents:attach_version", subject="document")
def attach_version(person: Person, document: Document, upload: Upload, reason: str) -> DocumentFile:
    """更正: before classification a wrong file is replaced, after it a new version stands under the same number."""
    if person.pk not in (document.owner_id, document.drafter_id, document.registered_by_id):
        raise Refused(Decision.refuse("owner_corrects", "G4.4", "由承办人或登记人更正"), "文件未更正")
    last = document.files.order_by("-version").first()
    version = last.version + 1 if last else 1
    if last and document.proposed:
        last.state = "replaced"
        last.save()
    _shared.history(document, person, "corrected", f"第{version - 1}版文件", f"第{version}版文件", reason)
    return registering.attach(document, upload, version, {person.pk})


@deed("documents:drop_upload")
def drop_upload(person: Person, upload: Upload) -> None:
    """A file that arrived a day ago and was never registered, or was rejected: its row goes, its object is swept."""
    if upload.state == "attached":
        raise Refused(Decision.refuse("upload_attached", "G4.4", "该文件已登记,不得丢弃"), "未丢弃")
    deeds.note(obj=upload.item_key)
    upload.delete()
