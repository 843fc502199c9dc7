"""One factory a table, without surprises: what is not said is as DOC-008 of the demonstration has it."""

import io
import uuid
from datetime import date
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from mifeng.base import jobs
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals import queries as approval_queries
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents import files
from mifeng.rooms.documents.actions.registering import NewDocument
from mifeng.rooms.documents.facts import Proposed, ScopeLine, TermFacts
from mifeng.rooms.documents.models import Document, Upload
from mifeng.rooms.people.models import Department, Person
from tests import prepared

TITLE = "青鹭三型关节模组项目立项与里程碑计划"
KNOWERS = ("wenqh", "tianjz", "niezx", "gexy", "qimh", "pusy", "douq")
HARM = {30: "exceptional", 20: "grave", 10: "harm", 5: "none"}


def scope_of(*logins: str) -> tuple[ScopeLine, ...]:
    """A scope of named persons."""
    return tuple(ScopeLine("person", Person.objects.get(login=login).uid) for login in logins)


def proposed(level: int = 20, **changes: Any) -> Proposed:
    """A proposal that every rule accepts: S2, 项目立项, harm as the level, five years, the project's members."""
    told: dict[str, Any] = {
        "level": level, "category": "S2", "line": "plan_project", "harm": HARM[level], "interest": "项目先机与研发投入",
        "term": TermFacts("years", 5), "scope": scope_of(*KNOWERS), "reason": "" if level >= 20 else "公开部分摘编",
    }  # fmt: skip
    return Proposed(**(told | changes))


def new_document(owner: Person, **changes: Any) -> NewDocument:
    """A registration of the main paper."""
    told: dict[str, Any] = {
        "title": TITLE, "department": Department.objects.get(code="YF"), "owner": owner, "proposed": None,
        "issued_on": date(2026, 3, 2), "pages": 9,
    }  # fmt: skip
    told |= changes
    told["proposed"] = told["proposed"] or proposed()
    return NewDocument(**told)


def registered(cast: Any, **changes: Any) -> Any:
    """The main paper, registered by its drafter and waiting for classification (拟密)."""
    owner = changes.pop("owner", None) or cast.drafter
    return documents.register(changes.pop("by", owner), new_document(owner, **changes))


def approve_all(item_key: str) -> None:
    """Every step of the open request on the item is approved by whoever decides it; of what has no end, by the GM if he may."""
    lasting = Document.objects.filter(uid=item_key.removeprefix("documents:"), term_kind="indefinite").exists()
    while open_one := Approval.objects.filter(item_key=item_key, state="asked").first():
        approvals.approve(approval_queries.candidates(open_one)[-1 if lasting else 0], open_one, "同意")


def classified(cast: Any, **changes: Any) -> Any:
    """The main paper in force: 机密 5年, approved by its department head and the supervising deputy."""
    return prepared.once("classified", changes, lambda: _classified(cast, **changes))


def _classified(cast: Any, **changes: Any) -> Any:
    document = registered(cast, **changes)
    approve_all(document.item_key)
    document.refresh_from_db()
    return document


def pdf(*pages: str) -> bytes:
    """A real PDF, one page for each text; Latin letters only, so that no font must be embedded."""
    out = io.BytesIO()
    sheet = Canvas(out, pagesize=(420, 595))
    for text in pages or ("page one", "page two"):
        sheet.drawString(60, 500, text)
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def uploaded(person: Person, data: bytes = b"", name: str = "qinglu.pdf") -> Upload:
    """A file that has arrived and was accepted."""
    uid = uuid.uuid4().hex
    return documents.receive_file(person, uid, files.receive(data or pdf(), name, uid, demo=True))


def readable(cast: Any, **changes: Any) -> Any:
    """The main paper in force, with pages that were converted from a real PDF."""
    return prepared.once("readable", changes, lambda: _readable(cast, **changes))


def _readable(cast: Any, **changes: Any) -> Any:
    owner = changes.get("owner") or cast.drafter
    document = _classified(cast, uploads=(uploaded(owner, changes.pop("data", b"")),), **changes)
    jobs.run_all()
    return document
