"""Jobs that were given up (dead letters): what they were in one neutral word, what was raised, whether to try again.

A page of the machine: no title, no subject, and no count of what was done or waits, which would tell how many papers
came in, changed their level or were frozen (SECURITY.md). Dead jobs are listed, for somebody must decide on each.
"""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from mifeng.base import clock, deeds, jobs
from mifeng.base.deeds import deed
from mifeng.base.models import Job
from mifeng.base.refusals import NotThere, Refused
from mifeng.base.widgets import BigOptions, Reason
from mifeng.engines.access import Decision
from mifeng.rooms.people.models import Person

READERS = frozenset({"sysadmin", "it_head"})
ROWS = 100
WAYS = (("again", lazy("再做")), ("drop", lazy("放弃")))
HINTS = {"again": lazy("次数重新计，立即再试"), "drop": lazy("不再试，没有做的部分不会再做")}


class DecideForm(forms.Form):
    """Try again or give up, and why; giving up is said twice. What is owed is asked for the reason only."""

    do = forms.ChoiceField(label=lazy("怎样处理"), choices=WAYS, widget=BigOptions(hints=HINTS))
    reason = forms.CharField(
        label=lazy("理由"), max_length=200, widget=Reason([lazy("原因已排除"), lazy("磁盘已腾出空间"), lazy("部件已装好")]),
    )  # fmt: skip
    sure = forms.BooleanField(label=lazy("放弃的，确认此项不再重试"), required=False)

    def __init__(self, typed: Any, owed: bool) -> None:
        super().__init__(typed)
        if owed:
            del self.fields["do"], self.fields["sure"]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("do") == "drop" and not told.get("sure"):
            self.add_error("sure", _("放弃的须勾选确认"))
        return told


def _reader(request: HttpRequest) -> None:
    """Whoever does not look after the machine finds nothing here."""
    if not request.person.posts() & READERS:
        raise NotThere


def page(request: HttpRequest) -> HttpResponse:
    """The jobs that were given up, the latest first; whether the others go on, in a word."""
    _reader(request)
    context = {"rows": [line(row) for row in jobs.dead()[:ROWS]], "standing": standing()}
    return render(request, "site/jobs.html", context)


def one(request: HttpRequest, uid: str) -> HttpResponse:
    """One of them; the system administrator decides."""
    _reader(request)
    row = jobs.dead().filter(uid=uid).first()
    if row is None:
        raise NotThere
    form = DecideForm(request.POST or None, _owed(row)) if "sysadmin" in request.person.posts() else None
    if request.method == "POST" and form is not None and form.is_valid():
        decide = drop_job if form.cleaned_data.get("do") == "drop" else retry_job
        decide(request.person, uid, form.cleaned_data["reason"])
        return HttpResponseRedirect("/system/jobs/")
    return render(request, "site/job_decide.html", {"row": line(row), "facts": _facts(row), "form": form, "owed": _owed(row)})


def line(row: Job) -> dict[str, Any]:
    """A dead job as the machine's pages tell of it."""
    return {
        "kind": kind_word(row.kind), "at": row.ended_at, "attempts": row.attempts, "error": row.last_error_class,
        "url": f"/system/jobs/{row.uid}/",
    }  # fmt: skip


def kind_word(kind: str) -> str:
    """The neutral word of a kind, also of one whose room is gone."""
    told = jobs.kinds().get(kind)
    return str(told.label) if told else _("其他作业")


def standing() -> dict[str, str]:
    """Whether the work goes on: state ok | bad and a sentence, for this page and for doctor."""
    if jobs.dead().exists():
        return {"state": "bad", "words": _("有做不成的作业，须决定再做或放弃")}
    minutes = int(jobs.lateness().total_seconds() // 60)
    if minutes >= LATE:
        return {"state": "bad", "words": _("积压：最早的一项已等 %(n)d 分钟，没有进程在做") % {"n": minutes}}
    return {"state": "ok", "words": _("没有积压")}


LATE = 10  # minutes; a worker looks every second


def _facts(row: Job) -> list[dict[str, Any]]:
    return [
        {"label": _("种类"), "value": kind_word(row.kind)}, {"label": _("已试"), "value": _("%(n)d 次") % {"n": row.attempts}},
        {"label": _("错误类别"), "value": row.last_error_class or "—"},
        {"label": _("停下时间"), "value": f"{clock.local(row.ended_at):%Y-%m-%d %H:%M}" if row.ended_at else "—"},
    ]  # fmt: skip


def _owed(row: Job) -> bool:
    told = jobs.kinds().get(row.kind)
    return told is not None and told.owed


def _decidable(person: Person, uid: str, reason: str) -> Job:
    """The dead job, for the system administrator who gives a reason. Raises Refused, NotThere."""
    if "sysadmin" not in person.posts():
        en = "This is decided by the system administrator."
        raise Refused(Decision.refuse("needs_sysadmin", "M1.2", "做不成的作业由系统管理员决定", en=en), "未办理")
    row = jobs.dead().filter(uid=uid).first()
    if row is None:
        raise NotThere
    if not reason.strip():
        raise Refused(Decision.refuse("reason_required", "M1.2", "请写明理由", en="A reason is required."), "未办理")
    deeds.note(job=row.uid, kind=row.kind, fault=row.last_error_class, reason=reason)
    return row


@deed("site:retry_job")
def retry_job(person: Person, uid: str, reason: str) -> None:
    """Put a job that was given up back into the queue, its tries counted anew."""
    row = _decidable(person, uid, reason)
    Job.objects.filter(pk=row.pk).update(state=Job.State.DUE, attempts=0, run_at=clock.now(), ended_at=None)


@deed("site:drop_job")
def drop_job(person: Person, uid: str, reason: str) -> None:
    """Give up for good. Not what an item's protection or the day's duties hang on."""
    row = _decidable(person, uid, reason)
    if _owed(row):
        en = "An item's protection or the day's duties depend on this job: it may be tried again, not given up."
        raise Refused(Decision.refuse("owed_work", "M1.2", "密件的保护或每日例行靠此项作业，只能再做，不得放弃", en=en), "未放弃")
    Job.objects.filter(pk=row.pk).update(state=Job.State.DROPPED, ended_at=clock.now())
