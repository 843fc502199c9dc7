"""制度对照: each clause -> what the system does -> the evidence in this instance."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext

from mifeng import clauses
from mifeng.base import clock, language, room
from mifeng.base.models import LogIndex
from mifeng.base.refusals import NotThere
from mifeng.clauses import BOOKS, evidence, matrix
from mifeng.rooms.people.models import Person
from mifeng.site.regulation_words import KEPT_BY, ROOMS, STATUS, UNITS, VALUES

LEVEL_WORDS = {
    "top_secret": lazy("绝密"), "highly_confidential": lazy("机密"), "confidential": lazy("秘密"), "internal": lazy("内部"),
    "any": lazy("不分密级"), "above_limit": lazy("超过限额"), "officer": lazy("三员账号"),
}  # fmt: skip


def clauses_list(request: HttpRequest) -> HttpResponse:
    """All 134 clauses by book, with what keeps each and whether the last test run proved it."""
    measured = evidence.measured()
    wanted = request.GET.get("q", "").strip()
    books = []
    for stem, title in BOOKS.items():
        letter = stem[0].upper()
        rows = [_line(c, measured) for c in clauses.regulation().values() if c.book == letter and _matches(c, wanted)]
        if rows:
            books.append({"letter": letter, "title": _(title), "clauses": rows})
    kept = sum(1 for book in books for line in book["clauses"] if line["kept"])
    context = {
        "total": len(clauses.regulation()), "kept": kept, "stale": measured.stale, "edition": clauses.edition(),
        "measured_at": measured.at, "q": wanted, "books": books,
    }  # fmt: skip
    return render(request, "site/clauses.html", context)


def _matches(clause: clauses.Clause, wanted: str) -> bool:
    return not wanted or wanted.lower() in f"{clause.id} {clause.title_zh} {clause.text} {clause.title_en} {clause.english}".lower()


def _line(clause: clauses.Clause, measured: evidence.Measured) -> dict[str, Any]:
    state = measured.of(clause.id)
    kept = state.kept if measured.at else None
    return {
        "id": clause.id, "title": language.clause_title(clause), "room": ROOMS[clause.room], "kept": kept,
        "scenarios": len(clause.scenarios), "tests": len(state.tests),
    }  # fmt: skip


def clause(request: HttpRequest, clause: str) -> HttpResponse:
    """One clause: text, how the system carries it out, examples checked, figures, approvers, evidence."""
    every = clauses.regulation()
    if clause not in every:
        raise NotThere
    one, ids = every[clause], list(every)
    at = ids.index(clause)
    context = {
        "one": {
            "id": one.id, "title": language.clause_title(one), "text": one.text, "english": one.english,
            "source": one.source, "gloss_first": not language.in_chinese(),
            "status_words": STATUS[one.status], "room": ROOMS[one.room], "kept_by": [KEPT_BY[way] for way in one.kept_by],
        },
        "how": [text for text in (one.enforce, one.record, one.check) if text],
        "rules": _rules(clause), "scenarios": _scenarios(one), "figures": _figures(clause),
        "matrix": _matrix(clause), "evidence": _evidence(clause, request.person), "note": "",
        "previous": {"id": ids[at - 1], "url": f"/clauses/{ids[at - 1]}/"} if at else None,
        "following": _following(every, ids, at),
        "siblings": [
            {"id": c.id, "title": language.clause_title(c), "url": f"/clauses/{c.id}/", "current": c.id == clause}
            for c in every.values() if c.book == one.book
        ],
    }  # fmt: skip
    return render(request, "site/clause.html", context)


def _rules(clause: str) -> list[dict[str, str]]:
    """The functions that keep the clause, as a reader of the source finds them."""
    return [{"name": rule.name.removeprefix("mifeng.")} for rule in clauses.rules_of(clause)]


def _following(every: dict[str, clauses.Clause], ids: list[str], at: int) -> dict[str, str] | None:
    if at + 1 >= len(ids):
        return None
    nxt = every[ids[at + 1]]
    return {"id": nxt.id, "title": language.clause_title(nxt), "url": f"/clauses/{nxt.id}/"}


def _scenarios(one: clauses.Clause) -> list[dict[str, Any]]:
    outcomes, found = evidence.measured().of(one.id).outcomes, []
    for number, words in one.numbered():
        outcome = outcomes.get(number, "")
        tone = {"passed": "ok", "failed": "bad"}.get(outcome, "end")
        said = {"passed": _("已核对"), "failed": _("不符")}.get(outcome, _("未核对"))
        refuses = "REFUSE" in words
        found.append({
            "no": number, "words": words, "outcome_tone": "bad" if refuses else "ok",
            "outcome": _("拒绝") if refuses else pgettext("结果", "办理"), "result_tone": tone, "result": said,
        })  # fmt: skip
    return found


def _figures(clause: str) -> list[dict[str, Any]]:
    return [
        {
            "name": _(p.zh), "value": _figure(p.value_on(clock.today())),
            "unit": UNITS.get(p.unit, ""), "bound": p.limit(clock.today()) or "", "basis": p.basis_on(clock.today()),
        }
        for p in clauses.parameters_of(clause)
    ]  # fmt: skip


def _figure(value: Any) -> Any:
    """A figure as it is read: a ladder as a list, a policy by its word."""
    return language.listed(value) if isinstance(value, tuple) else VALUES.get(str(value), value)


def _matrix(clause: str) -> list[dict[str, str]]:
    rows = []
    for act in matrix.acts():
        if clause not in act.clauses:
            continue
        for level, steps in act.levels.items():
            words = " → ".join(language.either(_(matrix.post_word(post)) for post in step) for step in steps)
            rows.append({"act": _(act.zh), "level": LEVEL_WORDS.get(level, level), "steps": words or _("任何人不得批准")})
    return rows


def _evidence(clause: str, person: Person) -> list[dict[str, Any]]:
    """Counts of this instance: how often the log names the clause; the register that belongs to its room."""
    found = _refused(clause) if "auditor" in person.posts() else []
    own = clauses.regulation()[clause].room
    for announced in room.rooms():
        if announced.name == own:
            found += [{"label": r.title, "value": r.form, "url": f"/registers/{r.form}/"} for r in announced.registers]
    return found


def _refused(clause: str) -> list[dict[str, Any]]:
    """How often this clause stood in the way, for whoever reads the log: to others it would tell why they found nothing."""
    named = LogIndex.objects.filter(why=clause, out="refused")
    month = clock.start_of(clock.today().replace(day=1))
    return [
        {"label": _("本月据此拒绝"), "value": named.filter(at__gte=month).count(), "url": ""},
        {"label": _("累计据此拒绝"), "value": named.count(), "url": ""},
    ]
