"""Pages of knowing: who knows an item, what somebody knows, what was told by word of mouth or learnt by mistake."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mifeng.base import clock, papers
from mifeng.base.refusals import NotThere
from mifeng.base.registers import Column, Register
from mifeng.rooms.documents import actions, forms, previews, who
from mifeng.rooms.documents.views import inside
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.models import Person


def _day(request: HttpRequest) -> date:
    """The day that is asked about: today unless the address names one that has begun."""
    try:
        return min(date.fromisoformat(request.GET.get("on", "")), clock.today())
    except ValueError:
        return clock.today()


def who_knows(request: HttpRequest, uid: str) -> HttpResponse:
    """知悉人员: who knows this item, since when, by which way, as of a day; on paper with a serial."""
    document, day = inside(request, uid), _day(request)
    found = actions.who_knows(request.person, document, request.sitting, day, printed=request.POST.get("do") == "print")
    if found.serial:
        return _on_paper(request, document, found)
    known = [_line(row) for row in found.known]
    knowing = {row.person.pk for row in found.known}
    context = {
        "document": document, "known": known, "day": found.day, "on": found.day.isoformat(), "today": clock.today(),
        "within": [{"person": p, "knows": p.pk in knowing} for p in found.within],
    }  # fmt: skip
    return render(request, "documents/who.html", context)


def _line(row: who.Known) -> dict[str, Any]:
    return {"person": row.person, "way": previews.WAYS[row.way], "since": row.since, "by": row.by, "words": row.words}


_COLUMNS = (
    Column(gettext_lazy("姓名"), lambda row: row.person.name),
    Column(gettext_lazy("部门"), lambda row: row.person.department.name),
    Column(gettext_lazy("途径"), lambda row: str(previews.WAYS[row.way])),
    Column(gettext_lazy("自"), lambda row: clock.local(row.since).strftime("%Y-%m-%d %H:%M")),
    Column(gettext_lazy("传达人"), lambda row: row.by.name if row.by else ""),
    Column(gettext_lazy("说明"), lambda row: row.words),
)


def _on_paper(request: HttpRequest, document: Any, found: who.Knowing) -> HttpResponse:
    title = _("知悉人员名单（截至 %(day)s）") % {"day": found.day.isoformat()}
    told = Register("", title, _COLUMNS, rows=lambda person: (), extract=True, level=lambda row: document.level)
    printing = papers.Printing(people.company().name, request.person.called, clock.now(), found.serial, demo=people.is_demo())
    lines = [told.line(row) for row in found.known]
    return papers.as_file(papers.register(told, lines, printing, about=document.number), papers.serial_name("", found.serial, "pdf"))


def what_knows(request: HttpRequest, uid: str) -> HttpResponse:
    """此人知悉什么: as far as the viewer may know it himself; nothing tells of more."""
    holder = Person.objects.select_related("department").filter(uid=uid).first()
    if holder is None:
        raise NotThere
    day = _day(request)
    rows = actions.what_knows(request.person, holder, request.sitting, day)
    known = [_line(row) | {"document": row.document} for row in rows]
    context = {"holder": holder, "known": known, "day": day, "today": clock.today(), "own": holder.pk == request.person.pk}
    return render(request, "documents/what.html", context)


def told(request: HttpRequest, uid: str) -> HttpResponse:
    """口头传达登记 and 误知登记: for whoever may know the item, and for the clerk who keeps its register facts."""
    document, read, _facts = actions.open_card(request.person, request.sitting, uid)
    if not (read.allow or read.knows or "clerk" in request.person.posts()):
        raise NotThere
    do = request.POST.get("do")
    form = forms.ToldForm(request.POST if do == "told" else None)
    mistake = forms.MistakeForm(request.POST if do == "mistake" else None)
    if mistake.is_bound and mistake.is_valid():
        said = mistake.cleaned_data
        learnt = Person.objects.get(uid=said["learnt"])
        if learnt.pk == request.person.pk:
            actions.record_mistake(request.person, document, said["words"], said["pledged"])
        else:
            actions.enter_mistake(request.person, document, learnt, said["words"], said["pledged"])
        return HttpResponseRedirect(f"/documents/{uid}/")
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        hearer, teller = (Person.objects.get(uid=said[name]) for name in ("told", "by"))
        actions.record_briefing(request.person, document, hearer, teller, said["place"])
        return HttpResponseRedirect(f"/documents/{uid}/")
    context = {"form": form, "mistake": mistake, "document": document}
    return render(request, "documents/told.html", context, status=422 if request.method == "POST" else 200)
