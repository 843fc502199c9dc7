"""Pages of the room: one's own pledge and acknowledgement; who is due."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from mifeng.base import clock
from mifeng.base.refusals import NotThere
from mifeng.rooms.people.models import Person
from mifeng.rooms.training import actions, queries
from mifeng.rooms.training.models import PLEDGE_TEXT

OVERSEERS = {"hr", "gmo_head", "auditor", "gm"}


def pledges(request: HttpRequest) -> HttpResponse:
    """Sign one's pledge, acknowledge the rules in force."""
    person = request.person
    if request.method == "POST":
        if request.POST.get("deed") == "acknowledge":
            actions.acknowledge(person)
        else:
            actions.sign_pledge(person)
        return HttpResponseRedirect("/training/pledges/")
    facts = queries.pledge_facts(person)
    context = {
        "text": PLEDGE_TEXT.splitlines(), "facts": facts, "condition": queries.condition(person),
        "version": queries.current_version(), "rules": queries.rules_facts(person), "now": clock.seconds(clock.now()),
        "changed": facts.signed_on is not None and facts.signed_hash != facts.text_hash,
    }  # fmt: skip
    return render(request, "training/pledges.html", context)


def overview(request: HttpRequest) -> HttpResponse:
    """For HR, the office and the auditor: who has pledge, test and acknowledgement, who has not."""
    if not request.person.posts() & OVERSEERS:
        raise NotThere
    now = clock.seconds(clock.now())
    rows = [_row(person, now) for person in Person.objects.filter(active=True).select_related("department")]
    due = [row for row in rows if row["due"]]
    context = {"rows": rows, "due": due, "version": queries.current_version(), "posts": request.person.posts()}
    return render(request, "training/overview.html", context)


def _row(person: Person, now: int) -> dict[str, object]:
    facts, told = queries.pledge_facts(person), queries.condition(person)
    needs = person.clearance >= 10
    return {
        "person": person, "facts": facts, "needs": needs, "live": told["pledge_until"] > now,
        "rules_read": bool(told["rules_read"]), "due": needs and told["pledge_until"] <= now,
        "test": person.entry_tests.order_by("-taken_on", "-pk").first(),
    }  # fmt: skip


@require_POST
def tests(request: HttpRequest) -> HttpResponse:
    """HR enters an entry test."""
    holder = Person.objects.filter(uid=request.POST.get("person", "")).first()
    score = request.POST.get("score", "")
    if holder is None or not score.isdigit():
        raise NotThere
    actions.record_test(request.person, holder, int(score), clock.today())
    return HttpResponseRedirect("/training/")


@require_POST
def issue(request: HttpRequest) -> HttpResponse:
    """The office issues the rules in force to everybody."""
    actions.issue_rules(request.person, request.POST.get("title", "企业保密制度")[:80])
    return HttpResponseRedirect("/training/")
