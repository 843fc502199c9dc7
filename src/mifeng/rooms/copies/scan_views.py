"""扫码办理: one field; what was scanned decides the next step. A hand scanner types the code and Enter.

A copy is shown with the one deed that is due; a place takes the copies that were scanned before it; a number is a page
count for the last copy; Enter alone signs. The page keeps nothing: copies in hand go along with each scan.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from mifeng.base import clock, language
from mifeng.base.refusals import Conflict, NotThere, Refused
from mifeng.rooms.copies import actions
from mifeng.rooms.copies.actions.scanning import Scanned
from mifeng.rooms.copies.facts import EVENT_WORDS, GONE, STATE_WORDS, State
from mifeng.rooms.copies.models import Copy, Movement, Place
from mifeng.rooms.copies.rules import scanning
from mifeng.rooms.copies.rules.scanning import Due, Kind
from mifeng.rooms.people.models import Person

MOST_IN_HAND = 50
OLDEST = 86400 * 7  # seconds that a scan may have waited for its connection
PART = "X-Mf-Part"  # asks for the answer alone, without the page around it


@dataclass
class Answer:
    """What is said to a scan. `tone`: ok | ask | bad; `hand`: codes of the copies scanned and not put away; `undo`: lines."""

    tone: str
    head: str
    words: str = ""
    detail: str = ""
    url: str = ""
    level: int | None = None
    last: str = ""
    hand: list[str] = field(default_factory=list)
    undo: list[Movement] = field(default_factory=list)


@dataclass(frozen=True)
class Told:
    """A scan as it came: what was typed, the copies in hand, the last copy, its key, since when it waited (None = now)."""

    typed: str
    hand: tuple[str, ...]
    last: str
    once: str
    since: datetime | None


def told(posted: Mapping[str, Any]) -> Told:
    """The scan of a posted form; what was made up counts as nothing."""
    hand = [code for code in str(posted.get("hand", "")).split() if scanning.LABEL.fullmatch(code)]
    waited = str(posted.get("waited", ""))
    seconds = min(int(waited), OLDEST) if waited.isascii() and waited.isdecimal() and len(waited) < 9 else 0
    once = str(posted.get("once", ""))
    last = str(posted.get("last", ""))
    return Told(
        str(posted.get("code", ""))[:400], tuple(dict.fromkeys(hand))[:MOST_IN_HAND], last if scanning.LABEL.fullmatch(last) else "",
        once if once.isascii() and once.isalnum() and len(once) <= 36 else "",
        clock.now() - timedelta(seconds=seconds) if seconds else None,
    )  # fmt: skip


def scan(request: HttpRequest) -> HttpResponse:
    """The field, and the answer to what was scanned; a label's own address shows what it lies on and does nothing."""
    if request.method == "POST":
        answer = _undone(request) if request.POST.get("do") == "take_back" else answered(request.person, told(request.POST))
    else:
        code = request.GET.get("code", "")
        answer = answered(request.person, Told(code, (), "", "", None)) if code else None
    part = request.headers.get(PART) == "1"
    return render(request, "copies/scanned.html" if part else "copies/scan.html", {"answer": answer})


def answered(person: Person, one: Told) -> Answer:
    """Do what is due with what was scanned, and say it."""
    hand = list(one.hand)
    try:
        return _done(person, one, scanning.read(one.typed))
    except NotThere:
        return Answer("bad", _("查无此码"), _("不是本单位的标签，或不在您经办的范围内。请核对实物，仍不符的交机要室。"), hand=hand)
    except Refused as refusal:
        if refusal.hidden:
            return Answer("bad", _("查无此码"), _("不是本单位的标签，或不在您经办的范围内。请核对实物，仍不符的交机要室。"), hand=hand)
        why = "".join(language.reason(reason) for reason in refusal.decision.reasons)
        return Answer("bad", language.said(refusal.not_done) or _("未办理"), why, refusal.decision.clause, last=one.last, hand=hand)
    except Conflict as fault:
        return Answer("bad", _("与现在的登记不一致"), f"{fault.who} {language.said(fault.what)}".strip(), hand=hand)


def _done(person: Person, one: Told, what: scanning.Read) -> Answer:
    hand = list(one.hand)
    if what.kind is Kind.FOREIGN:
        return Answer("bad", _("不是密封的标签"), _("扫到的不是份的标签，也不是存放位置的编号。"), hand=hand, last=one.last)
    if what.kind in (Kind.ENTER, Kind.PAGES):
        return _with_last(person, one, what)
    found = actions.scan(person, what.value)
    if found.place is not None:
        return _put(person, one, found.place)
    return _shown(person, found, hand)


def _shown(person: Person, found: Scanned, hand: list[str]) -> Answer:
    """A copy lies on the counter: what it is, what is due; what may be put away is in hand from now on."""
    copy = found.copy
    assert copy is not None  # a scan that found no place found a copy
    state = _(STATE_WORDS[State(copy.state)])
    made = Answer(
        "bad" if copy.state in GONE else "ask" if found.due else "ok", copy.number, state, _where(copy), f"/copies/{copy.uid}/",
        copy.document.level, copy.code, hand,
    )  # fmt: skip
    if copy.state in GONE:
        made.words = _("此份%(state)s，不应再有实物。请留下实物，报机要室查明。") % {"state": state}
    elif found.due is Due.SIGN and found.line is not None:
        made.words = _("%(what)s，由%(name)s交来。清点无误后按回车签收。") % {
            "what": _(EVENT_WORDS[found.line.word]), "name": found.line.by.called,
        }  # fmt: skip
    elif found.due is Due.RETURN:
        made.words = _("%(state)s，现由%(name)s持有。清点页数，输入页数后回车即收回。") % {"state": state, "name": copy.holder.called}
    elif copy.custodian_id == person.pk and scanning.may_store(copy.facts()):
        made.hand = list(dict.fromkeys([*hand, copy.code]))[-MOST_IN_HAND:]
        if found.due is Due.STORE:
            made.words = _("%(state)s。再扫存放位置即入柜。") % {"state": state}
    return made


def _where(copy: Copy) -> str:
    number = copy.document.number or copy.document.uid[:8]
    return f"{number} · {copy.place.code}" if copy.place else number


def _with_last(person: Person, one: Told, what: scanning.Read) -> Answer:
    """Enter signs for the last copy; a number counts its pages and takes it back."""
    if not one.last:
        return Answer("ask", _("先扫一份"), _("先扫份的标签，再输入页数或按回车。"), hand=list(one.hand))
    found = actions.scan(person, one.last)
    copy = found.copy
    if copy is None:
        raise NotThere
    if what.kind is Kind.PAGES:
        if (clash := _clash(person, found, one)) is not None:
            return clash
        line = actions.return_item(person, copy, int(what.value), once=one.once)
        hand = list(dict.fromkeys([*one.hand, copy.code]))[-MOST_IN_HAND:]
        return _said(copy, _("已收回，页数相符。再扫存放位置即入柜。"), [line], hand)
    if found.line is None:
        return _shown(person, found, list(one.hand))
    actions.sign_for(person, found.line.uid)
    copy.refresh_from_db()
    return _said(copy, _("已签收。"), [], list(one.hand))


def _said(copy: Copy, words: str, undo: Sequence[Movement], hand: list[str]) -> Answer:
    return Answer("ok", copy.number, words, _where(copy), f"/copies/{copy.uid}/", copy.document.level, copy.code, hand, list(undo))


def _put(person: Person, one: Told, place: Place) -> Answer:
    """The copies in hand go into the place; those that somebody handled meanwhile stay in hand, and both sides are said."""
    if not one.hand:
        return Answer("ask", place.code, _("先扫要放进去的份，再扫存放位置。"), url=f"/copies/places/{place.uid}/")
    found = [actions.scan(person, code) for code in one.hand]
    clashes = [clash for each in found if (clash := _clash(person, each, one)) is not None]
    if clashes:
        first = clashes[0]
        first.hand = [code for code in one.hand if code not in {clash.last for clash in clashes}]
        return first
    lines = actions.store(person, [each.copy for each in found if each.copy is not None], place, once=one.once)
    words = _("%(n)d 份已入 %(place)s") % {"n": len(lines), "place": place.code}
    numbers = language.listed(line.copy.number for line in lines[:5])
    return Answer("ok", words, numbers, url=f"/copies/places/{place.uid}/", hand=[], undo=list(lines))


def _clash(person: Person, found: Scanned, one: Told) -> Answer | None:
    """The copy was handled by somebody else after this scan, which waited for its connection: nothing is done, both are said."""
    last, copy = found.last, found.copy
    if one.since is None or last is None or copy is None or last.by_id == person.pk or last.at <= one.since:
        return None
    theirs = _("%(time)s %(name)s已登记“%(what)s”，现为“%(state)s”，在%(holder)s手上") % {
        "time": clock.local(last.at).strftime("%H:%M"), "name": last.by.called, "what": _(EVENT_WORDS[last.word]),
        "state": _(STATE_WORDS[State(copy.state)]), "holder": copy.holder.called,
    }  # fmt: skip
    ours = _("您 %(time)s 扫了此份") % {"time": clock.local(one.since).strftime("%H:%M")}
    return Answer("bad", _("%(copy)s 未办理") % {"copy": copy.number}, _("%(ours)s；%(theirs)s。请当面核对后再办。") % {
        "ours": ours, "theirs": theirs}, _where(copy), f"/copies/{copy.uid}/", copy.document.level, copy.code, list(one.hand))  # fmt: skip


def _undone(request: HttpRequest) -> Answer:
    """撤回 of what the last scan did, line by line."""
    uids = request.POST.get("lines", "").split()[:MOST_IN_HAND]
    lines = Movement.objects.filter(uid__in=uids, by=request.person).select_related("copy").order_by("pk")
    codes = []
    try:
        for line in lines:
            actions.take_back(request.person, line.copy, line.uid)
            codes.append(line.copy.code)
    except Refused as refusal:
        why = "".join(language.reason(reason) for reason in refusal.decision.reasons)
        return Answer("bad", _("未撤回"), why, refusal.decision.clause, hand=codes)
    return Answer("ok", _("已撤回"), _("%(n)d 份恢复原状") % {"n": len(codes)})
