"""What the pages of an item show, put together from tables and rules for one viewer."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from mifeng.base import clock, language
from mifeng.base.models import LogIndex
from mifeng.clauses import catalogue
from mifeng.engines import intake
from mifeng.engines.access import Decision
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import files, texts, who
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.facts import HARM_WORDS, STATE_WORDS, ScopeLine, State
from mifeng.rooms.documents.models import Document, PageText
from mifeng.rooms.people.models import Person

TONES = {
    "proposed": "wait", "valid": "ok", "expired_review": "bad", "declassified": "end", "unclassified": "end",
    "withdrawn": "end", "destroyed": "end",
}  # fmt: skip
FILE_STATES = {
    "waiting": ("wait", gettext_lazy("待转换")), "converting": ("wait", gettext_lazy("转换中")),
    "ready": ("ok", gettext_lazy("可阅")), "unviewable": ("bad", gettext_lazy("不可预览")),
    "replaced": ("end", gettext_lazy("已更正")),
}  # fmt: skip
SCANS = {"clean": gettext_lazy("已查毒"), "unchecked": gettext_lazy("未检"), "found": gettext_lazy("查到病毒")}
CHANGES = {
    "registered": pgettext_lazy("名词", "登记"), "classified": gettext_lazy("定密"), "returned": gettext_lazy("退回"),
    "level": gettext_lazy("密级变更"), "term": gettext_lazy("期限"), "scope": gettext_lazy("知悉范围"),
    "released": gettext_lazy("解密"), "corrected": gettext_lazy("更正"),
    "reviewed": gettext_lazy("复核"), "scheme": gettext_lazy("切换密级方案"),
    "custody": gettext_lazy("专人保管"), "withdrawn": gettext_lazy("撤回"),
}  # fmt: skip


def supported() -> str:
    """Which files this machine takes, with the one command that brings the rest."""
    # Scans without a recogniser are taken in and shown like any other page: their card says what they lack.
    missing = [c for c in intake.capabilities() if not c.present and c.consequence_zh and c.name != "ocr"]
    words = _("可收 PDF、Word、Excel、WPS、图片和文本。")
    if not missing:
        return words
    names = language.listed(c.name for c in missing)
    lacking = _("本机还缺 %(names)s，Word、Excel、WPS 只登记、暂不能逐页阅览；系统页和 ./mifeng doctor 写明补装的命令。")
    return _("%(one)s%(other)s") % {"one": words, "other": lacking % {"names": names}}


def rows(documents: Iterable[Document]) -> list[dict[str, Any]]:
    """Lines of the register, as documents/list.html reads them; the last deed on each found at once."""
    shown = list(documents)
    deeds = LogIndex.objects.filter(obj__in=[document.item_key for document in shown]).values("obj")
    last = dict(deeds.annotate(last=Max("at")).values_list("obj", "last"))
    return [_row(document, last.get(document.item_key)) for document in shown]


def _row(document: Document, last: datetime | None) -> dict[str, Any]:
    days = document.days_left()
    return {
        "uid": document.uid, "url": f"/documents/{document.uid}/", "number": document.number,
        "title": document.title, "level": document.level, "proposed": document.proposed,
        "term_end": document.expires_on.isoformat() if document.expires_on else language.term(document.term()) or "—",
        "term_warn": days is not None and days <= 90, "department": document.department.name, "owner": document.owner.name,
        "copies": document.copies, "pages": document.pages, "state_tone": TONES[document.state],
        "state": _(STATE_WORDS[document.state]), "last": last, "hot": document.state == State.EXPIRED_REVIEW,
    }  # fmt: skip


def card(person: Person, document: Document, read: Decision, facts: Decision) -> dict[str, Any]:
    """The card (documents/card.html): everything for whoever stands inside, register facts for the appointed clerk."""
    inside = read.allow or read.knows
    context = {
        "doc": _head(person, document, read, facts), "acts": _acts(person, document, read, inside),
        "facts": _facts(document, inside), "files": _files(document),
        "notes": _notes(document, read, inside), "line": _line(document) if inside else [], "line_count": 0,
        "line_url": f"/documents/{document.uid}/who/" if _may_see_knowers(person, document) else "",
    }  # fmt: skip
    context["line_count"] = len(context["line"])
    if inside:
        context |= {
            "scope": [_member(member) for member in document.members.filter(removed_at=None).select_related("added_by")],
            "scope_url": f"/documents/{document.uid}/scope/", "changes": [_change(change) for change in _changes(document)],
            "readers": _readers(document) if _may_see_knowers(person, document) else [],
        }  # fmt: skip
    return context


def _may_see_knowers(person: Person, document: Document) -> bool:
    return who.may_ask(person, document)


def _head(person: Person, document: Document, read: Decision, facts: Decision) -> dict[str, Any]:
    days = document.days_left()
    ends = document.expires_on
    left = "" if days is None else _("还有 %(n)d 天") % {"n": days} if days >= 0 else _("已满 %(n)d 天，待审查") % {"n": -days}
    term = language.term(document.term()) or "—"
    cells = [
        {"label": _("保密期限"), "words": left,
         "value": _("%(term)s，至 %(day)s") % {"term": term, "day": ends.isoformat()} if ends else term,
         "tone": "ochre" if days is not None and days <= 90 else ""},
        {"label": _("印制份数"), "value": str(document.copies or "—"), "words": _("每份编号、登记持有人")},
    ]  # fmt: skip
    under = document.changes.filter(what="classified").exclude(number="").values_list("number", flat=True).last()
    strip = {"level": document.level, "proposed": document.proposed, "under": under or "", "cells": cells,
             "my": _my_right(person, document, read, facts)}  # fmt: skip
    return {
        "uid": document.uid, "number": document.number, "title": document.title, "department": document.department.name,
        "pages": document.pages, "issued_on": document.issued_on, "level": document.level, "proposed": document.proposed,
        "strip": strip, "state_tone": TONES[document.state], "state": _(STATE_WORDS[document.state]),
    }  # fmt: skip


def _my_right(person: Person, document: Document, read: Decision, facts: Decision) -> dict[str, Any]:
    if read.allow and read.rule == "permit-judge":
        return {"value": _("审批期间阅览"), "words": _("到决定为止"), "clauses": ["M2.1"]}
    if read.allow:
        value = _("责任人：阅览、定范围") if person.pk == document.owner_id else _("知悉：阅览")
        return {"value": value, "words": _("复制、摘录、外带须另行批准"), "clauses": ["M2.1"]}
    if read.knows:
        return {"value": _("暂不能阅览"), "words": language.reason(read.reasons[0]), "clauses": [read.clause]}
    return {"value": _("登记事项"), "words": _("受委托办理收发、保存，不看内页"), "clauses": ["M1.1"]}


def _acts(person: Person, document: Document, read: Decision, inside: bool) -> list[dict[str, Any]]:
    """Buttons at the right of the head: at most one primary."""
    base, acts = f"/documents/{document.uid}/", []
    asked = Approval.objects.filter(item_key=document.item_key, state="asked").exists()
    if inside and document.proposed and not asked and person.pk in (document.drafter_id, document.owner_id):
        acts.append({"label": _("再送定密"), "url": base + "classify/", "icon": "send", "primary": not read.allow})
    if inside and not document.proposed and document.live and document.level >= 10:
        acts.append({"label": _("变更与解密"), "url": base + "change/", "icon": "switch-horizontal"})
    if inside and document.number and document.live and document.level >= 10:
        acts.append({"label": _("传阅"), "url": f"/circulation/slips/new/{document.uid}/", "icon": "send"})
        acts.append({"label": _("借阅"), "url": f"/circulation/loans/new/{document.uid}/", "icon": "book-2"})
    if "clerk" in person.posts() and document.number and document.live and document.level >= 10:
        acts.append({"label": _("发文"), "url": f"/circulation/dispatches/new/{document.uid}/", "icon": "mail"})
    if inside or "clerk" in person.posts():  # the clerk enters what was told of an item that he does not open (P1.2)
        acts.append({"label": _("口头传达登记"), "url": base + "told/", "icon": "users"})
    if inside and _may_see_knowers(person, document):
        acts.append({"label": _("谁知悉"), "url": base + "who/", "icon": "users-group"})
    if inside and (_may_see_knowers(person, document) or person.pk == document.excl_id):
        acts.append({"label": _("保管与管控"), "url": base + "guard/", "icon": "shield-lock"})
    if person.pk in (document.owner_id, document.registered_by_id) and inside:
        acts.append({"label": _("更正"), "url": base + "correct/", "icon": "edit"})
    if read.allow and document.live and document.level >= 10:
        acts.append({"label": _("申请复制"), "url": f"/copies/reproduce/{document.uid}/", "icon": "copy"})
        acts.append({"label": _("申请摘抄"), "url": f"/copies/excerpt/{document.uid}/", "icon": "file-text"})
        acts.append({"label": _("申请携带外出"), "url": f"/copies/carry-out/{document.uid}/", "icon": "send"})
    if read.allow and document.files.filter(state="ready").exists():
        acts.append({"label": _("逐页阅览"), "url": f"/read/{document.uid}/", "icon": "eye", "primary": True})
    elif read.knows and not read.allow:
        acts.append({"why_not": language.reason(read.reasons[0])})
    return acts


def _facts(document: Document, inside: bool) -> list[dict[str, Any]]:
    found = [
        {"label": _("责任部门"), "value": document.department.name}, {"label": _("责任人"), "value": document.owner.name},
        {"label": pgettext("名词", "登记"), "dim": document.registered_by.name,
         "value": clock.local(document.registered_at).date().isoformat()},
        {"label": _("状态"), "value": _(STATE_WORDS[document.state])},
    ]  # fmt: skip
    if inside:
        line = catalogue.line(document.line)
        if line:
            found.append({"label": _("定密依据"), "value": _(line.title), "clause": line.basis or document.category})
        found.append({"label": _("泄露损害"), "value": _(HARM_WORDS.get(document.harm, "—"))})
        if document.decider:
            found.append({"label": _("审定人"), "value": document.decider.called})
        if document.interest:
            found.append({"label": _("保护利益"), "value": document.interest, "wide": True})
        if document.struck_mark:
            found.append({"label": _("原标志"), "value": document.struck_mark, "dim": _("已划去")})
        if document.remark:
            found.append({"label": _("备注"), "value": document.remark, "wide": True})
    return found


def _files(document: Document) -> list[dict[str, Any]]:
    files = list(document.files.order_by("-version", "pk"))
    pages: dict[int, list[PageText]] = {}
    for row in PageText.objects.filter(file__in=files).order_by("page"):
        pages.setdefault(row.file_id, []).append(row)
    return [_file(file) | {"text": texts.state(file, pages.get(file.pk, []))} for file in files]


def _file(file: Any) -> dict[str, Any]:
    tone, state = FILE_STATES[file.state]
    return {
        "name": file.name, "kind": file.kind, "size": file.size, "pages": file.pages, "state_tone": tone,
        "state": _("%(state)s：%(note)s") % {"state": state, "note": files.said_note(file.note)} if file.note else state,
        "scan": SCANS[file.scan],
    }  # fmt: skip


def _notes(document: Document, read: Decision, inside: bool) -> list[dict[str, Any]]:
    notes = []
    if document.sealed:
        notes.append({"tone": "red", "words": _("禁言期：成文发布前只限经办人员，当事人回避。"), "clause": "H2"})
    if document.frozen:
        notes.append({"tone": "red", "words": _("泄密事件处理中，此件已冻结，只限专案人员。"), "clause": "M7.1"})
    if document.excl:
        words = _("此件由%(name)s专人保管，只限保管人本人。") % {"name": document.excl.called}
        notes.append({"tone": "ochre", "words": words, "clause": "G4.1"})
    if document.proposed:
        notes.append({"tone": "ochre", "words": _("拟密待定，已按所拟密级保护。"), "clause": "G2"})
    if document.state == State.EXPIRED_REVIEW:
        notes.append({"tone": "ochre", "words": _("保密期限已满，审查决定前保护不变。"), "clause": "P4.1"})
    if not inside:
        words = _("您看到的是登记事项。内页只对知悉范围内的人开放；本次查看已登记为知悉标题。")
        notes.append({"tone": "", "words": words, "clause": "P0.3"})
    return notes


def _member(member: Any) -> dict[str, Any]:
    line = ScopeLine(member.kind, member.key, member.purpose, member.until)
    return {
        "name": _shared.line_said(line), "purpose": _(member.purpose), "until": member.until, "by": member.added_by.name,
    }  # fmt: skip


def _changes(document: Document) -> Any:
    return document.changes.select_related("person").order_by("-at", "-pk")


def _change(change: Any) -> dict[str, Any]:
    return {
        "at": change.at, "what": CHANGES.get(change.what, change.what), "before": _(change.before), "after": _(change.after),
        "who": change.person.name, "number": change.number, "reason": _(change.reason),
    }  # fmt: skip


def _line(document: Document) -> list[dict[str, Any]]:
    """经过: changes and receipts, newest first."""
    lines = [
        {"at": c.at, "words": f"{CHANGES.get(c.what, c.what)} {_(c.after)}".strip(), "small": c.person.called}
        for c in _changes(document)[:20]
    ]
    lines += [{"at": r.at, "words": _("签已阅"), "small": r.person.called} for r in document.receipts.select_related("person")]
    return sorted(lines, key=lambda entry: entry["at"], reverse=True)[:24]


def _readers(document: Document) -> list[dict[str, Any]]:
    receipts = {r.person_id: r for r in document.receipts.all()}
    best: dict[int, Any] = {}
    for reading in document.readings.select_related("person", "file").order_by("opened_at", "pk"):
        if reading.pk and (reading.person_id not in best or reading.farthest >= best[reading.person_id].farthest):
            best[reading.person_id] = reading
    return [
        {
            "name": r.person.name, "post": r.person.title, "read": f"{r.farthest}/{r.file.pages}", "seconds": [],
            "last": r.last_page_at or r.opened_at, "receipt_tone": "green" if r.person_id in receipts else "",
            "receipt": _("已阅") if r.person_id in receipts else _("未签"),
        }
        for r in best.values()
    ]  # fmt: skip


def change_kinds(person: Person, document: Document) -> list[tuple[str, Any]]:
    """What F09 offers for this item now."""
    if document.state == State.EXPIRED_REVIEW:
        return [("declassify", _("到期解密"))] if "classifier" in person.posts() else []
    kinds = [("release", _("提前解密"))]
    if document.term_kind == "indefinite":
        kinds = [("keep", _("继续长期")), ("limit", _("改定期限")), *kinds]
    else:
        kinds = [("extend", _("延长期限")), *kinds]
    if document.level > 10:
        kinds.append(("downgrade", _("降密")))
    if document.level < 30:
        kinds.append(("upgrade", _("升密")))
    return kinds
