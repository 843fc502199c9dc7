"""Pages of taking over an old ledger: bring it, see how each row is read, send it, decide, undo."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mifeng.base import language
from mifeng.base.refusals import NotThere
from mifeng.rooms.copies import actions, forms, old_papers
from mifeng.rooms.copies.actions.importing import BRINGERS
from mifeng.rooms.copies.models import OldLedger
from mifeng.rooms.copies.old_papers import NotReadable, Plan
from mifeng.rooms.copies.rules.old_ledger import HEADINGS, Entry, Fault, Read, columns
from mifeng.rooms.documents import work as documents
from mifeng.rooms.people.models import Department, Person

SHOWN = 200  # rows of a preview; every fault is shown
STATES = {
    "read": ("warn", gettext_lazy("待核对")), "asked": ("run", gettext_lazy("待总经理确认")), "running": ("run", gettext_lazy("正在补登")),
    "done": ("ok", gettext_lazy("已补登")), "refused": ("bad", gettext_lazy("未确认")), "undone": ("end", gettext_lazy("已撤销")),
}  # fmt: skip
UNREADABLE = {
    "no_heading": gettext_lazy("没有找到表头。表头须至少有“文号”“标题”“密级”等列名。"),
    "too_long": gettext_lazy("超过 5,000 行，请分开补登。"),
    "empty": gettext_lazy("表里没有内容。"), "too_costly": gettext_lazy("表太大，读不完，请分开补登。"),
}  # fmt: skip
FAULTS = {
    "empty": gettext_lazy("没有填写"), "unread": gettext_lazy("看不懂"), "unknown": gettext_lazy("查无此人、部门或存放位置"),
    "twice": gettext_lazy("同一份号在表里出现两次"), "gone": gettext_lazy("已销毁或清退，只留在原台账"),
}  # fmt: skip


def ledgers(request: HttpRequest) -> HttpResponse:
    """旧台账补登: those that I brought or have to confirm; a file begins a new one."""
    person = request.person
    posts = person.posts()
    if not posts & (BRINGERS | {"gm"}):
        raise NotThere
    error = ""
    if request.method == "POST":
        found = request.FILES.getlist("file")
        row = documents.take_in(person, found[0]) if found else None
        if row is not None and row.state == "accepted":
            return HttpResponseRedirect(f"/copies/import/{actions.bring_ledger(person, row).uid}/")
        error = row.reason if row is not None else _("没有收到文件，请重选。")
    rows = OldLedger.objects.select_related("person", "upload").order_by("-pk")
    rows = rows if "gm" in posts else rows.filter(person=person)
    context = {
        "rows": [{"row": row, "tone": STATES[row.state][0], "state": STATES[row.state][1]} for row in rows[:50]],
        "may_bring": bool(posts & BRINGERS), "error": error,
    }  # fmt: skip
    return render(request, "copies/ledgers.html", context, status=422 if error else 200)


def ledger(request: HttpRequest, uid: str) -> HttpResponse:
    """One old ledger: how it is read, row by row, and the next step of whoever looks."""
    person, row = request.person, actions.open_ledger(request.person, uid)
    do = request.POST.get("do", "")
    if do == "undo":
        actions.undo_ledger(person, row, request.POST.get("reason", ""))
    elif do in ("confirm", "refuse"):
        actions.decide_ledger(person, row, do == "confirm", request.POST.get("reason", ""))
    elif do not in ("", "again", "ask"):
        raise NotThere
    if do in ("undo", "confirm", "refuse"):
        return HttpResponseRedirect(f"/copies/import/{uid}/")
    return _page(request, row, do)


def _page(request: HttpRequest, row: OldLedger, do: str) -> HttpResponse:
    context: dict[str, Any] = {"row": row, "tone": STATES[row.state][0], "state": STATES[row.state][1], "may": _may(request.person, row)}
    try:
        tables = old_papers.sheets(row)
        first = Plan.of(row.plan) if row.plan else old_papers.first_plan(tables, row)
    except NotReadable as fault:
        context["unreadable"] = UNREADABLE.get(fault.code, _("这个文件读不出表格。"))
        return render(request, "copies/ledger.html", context, status=422)
    form = forms.PlanForm(request.POST if do else None, tables=tables, initial=_typed(first))
    plan = _planned(form, first) if do and form.is_valid() else first
    found = old_papers.read(row, tables, plan)
    left = old_papers.still_to_enter(found.entries)
    if do == "ask" and form.is_valid():
        actions.ask_ledger(request.person, row, plan, len(left), len(found.faults))
        return HttpResponseRedirect(f"/copies/import/{row.uid}/")
    context |= {"form": form, "sheet": tables[plan.sheet].name, **_found(found, left), "there": len(found.entries) - len(left)}
    return render(request, "copies/ledger.html", context, status=422 if do and not form.is_valid() else 200)


def _may(person: Person, row: OldLedger) -> dict[str, bool]:
    return {
        "ask": row.state == "read" and row.person_id == person.pk, "decide": row.state == "asked" and "gm" in person.posts(),
        "undo": row.state == "done" and "gm" in person.posts(),
    }  # fmt: skip


def _typed(plan: Plan) -> dict[str, Any]:
    return {"sheet": plan.sheet, "heading": plan.heading + 1, "category": plan.category, "department": plan.department,
            "owner": plan.owner, "keeper": plan.keeper, **{f"col_{name}": n for name, n in plan.columns.items()}}  # fmt: skip


def _planned(form: forms.PlanForm, first: Plan) -> Plan:
    """The plan as it was typed; another sheet or heading row names its columns anew."""
    told = form.cleaned_data
    sheet, heading = int(told["sheet"]), told["heading"] - 1
    named = {name: int(told[f"col_{name}"]) for name in HEADINGS if told.get(f"col_{name}", "") != ""}
    if (sheet, heading) != (first.sheet, first.heading):
        rows = form.tables[sheet].rows
        named = columns(rows[heading]) if heading < len(rows) else {}
    return Plan(sheet, heading, named, told["category"], told["department"], told["owner"], told["keeper"])


def _found(found: Read, left: list[Entry]) -> dict[str, Any]:
    """What the page shows of a ledger as read."""
    people = dict(Person.objects.values_list("uid", "name"))
    departments = dict(Department.objects.values_list("code", "name"))
    return {
        "rows_total": found.rows, "entries_total": len(found.entries), "left_total": len(left),
        "entries": [
            {"entry": entry, "owner": people[entry.owner], "keeper": people[entry.keeper], "department": departments[entry.department],
             "copies": _run(entry.copies), "term": _term(entry)}
            for entry in found.entries[:SHOWN]
        ],
        "faults": [
            {"row": fault.row, "field": forms.COLUMN_WORDS[fault.field], "cell": fault.cell, **_why(fault)} for fault in found.faults
        ],
    }  # fmt: skip


def _why(fault: Fault) -> dict[str, str]:
    if fault.code in FAULTS:
        return {"why": str(FAULTS[fault.code]), "clause": ""}
    return {"why": language.said(fault.cell), "clause": fault.code, "cell": ""}


def _run(numbers: tuple[int, ...]) -> str:
    """000001—000003, or one by one where there are gaps."""
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]:06d}—{numbers[-1]:06d}"
    return language.listed(f"{n:06d}" for n in numbers)


def _term(entry: Entry) -> str:
    term = entry.term
    if term is None:
        return _("未写，按该密级的常用期限")
    words = {"years": _("%(n)d 年"), "months": _("%(n)d 个月"), "indefinite": _("长期")}.get(term.kind)
    return words % {"n": term.value} if words else term.event or (term.on.isoformat() if term.on else "")
