"""What a registration would become: proposed level with its sentence, the mark, who will see it, what follows."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mifeng.base import clock, language
from mifeng.clauses import catalogue, matrix, schemes
from mifeng.engines.access import Term
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.facts import Proposed
from mifeng.rooms.documents.forms import ProposalForm
from mifeng.rooms.documents.rules import classification
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.models import Person

WAYS = {
    "viewed": gettext_lazy("阅览"), "title": gettext_lazy("知悉标题"), "told": gettext_lazy("口头传达"),
    "mistaken": gettext_lazy("误知"), "approval": gettext_lazy("审批"), "drafted": gettext_lazy("承办"),
    "custody": gettext_lazy("专人保管"), "handled": gettext_lazy("经办"),
}  # fmt: skip
SHOWN = 12


def preview(form: ProposalForm, owner: Person) -> dict[str, Any]:
    """The sheet at the right (base/proposal.html) for what has been answered so far; changes nothing."""
    if not form.is_bound:
        return {"level": None}
    form.is_valid()
    told = form.cleaned_data
    if not told.get("category") or not told.get("harm"):
        return {"level": None}
    proposal = catalogue.propose(told["category"], told.get("line", ""), told["harm"], ())
    for name in ("interest", "reason", "project", "override", "term_event"):
        told.setdefault(name, "")
    proposed = form.proposed(owner)
    return _sheet(proposed, proposal)


def _sheet(proposed: Proposed, proposal: catalogue.Proposal) -> dict[str, Any]:
    if proposed.level < 10:
        words = _("不定密，按内部管理")
        return {"level": proposed.level, "words": words, "because": proposal.clauses, "text": sentence(proposal),
                "warnings": [], "follow": {"protect": _("登记即生效，无须审批密级")}}  # fmt: skip
    word = schemes.word(proposed.level)
    term, ends = _term(proposed)
    bad = [d for d in classification.all_of(proposed, schemes.in_force().ranks) if not d.allow]
    seen = [_shared.line_said(line) for line in proposed.scope]
    return {
        "level": proposed.level, "words": _("拟 %(level)s") % {"level": language.level(proposed.level)}, "because": proposal.clauses,
        "mark": " ".join(part for part in (people.company().short, word, term) if part), "text": sentence(proposal),
        "warnings": [{"words": language.reason(d.reasons[0]), "clause": d.clause} for d in bad],
        "follow": {
            "protect": _("即刻按拟%(level)s保护，不等审定") % {"level": language.level(proposed.level)}, "sees": seen[:SHOWN],
            "sees_more": max(len(seen) - SHOWN, 0), "route": _route(proposed.level), "ends": ends,
            "loses": [_("范围以外的人")],
        },
    }  # fmt: skip


def sentence(proposal: catalogue.Proposal) -> str:
    """Why that level is proposed, in the language of the page."""
    return "".join(_(part.zh) % {name: _(word) for name, word in part.words} for part in proposal.said)


def _term(proposed: Proposed) -> tuple[str, str]:
    """The term as marked, and what happens at its end."""
    term = proposed.term
    if not term.given or (term.kind in ("years", "months") and not term.value) or (term.kind == "date" and not term.on):
        return "", ""
    whole = Term(term.kind, value=term.value, on=term.on, event=term.event)
    last = whole.ends_on(clock.today())
    if last is None:
        return whole.zh, _("到“%(event)s”即审查解密") % {"event": language.term(whole)}
    return whole.zh, _("%(day)s 到期，满期前 90 天提审") % {"day": last.isoformat()}


def _route(level: int) -> str:
    steps = [language.either(_(matrix.post_word(post)) for post in step) for step in matrix.steps("classify", level)]
    return _("送 %(steps)s 审定；承办人不得审定本件") % {"steps": _("，再送 ").join(steps)}
