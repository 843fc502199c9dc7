"""The raw rows of a small office as Cedar sees them, and Cedar's answers: allowed or not, and the clauses in the way."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import cedarpy

from mifeng.engines.access import Decision

from .world import Act, Doc, Person, World

TEXT = (Path(__file__).parent / "oracle.cedar").read_text(encoding="utf-8")
CLAUSES = {f"policy{at}": clause for at, clause in enumerate(re.findall(r'^@id\("(.+?)"\)', TEXT, re.M))}
POLICIES = cedarpy.PolicySet.from_str(TEXT)
Answer = tuple[bool, Counter[str]]


class OracleBroken(Exception):
    """Cedar reports an error of a policy instead of an answer."""


def answers(w: World, asked: Sequence[tuple[Person, Doc, Act]]) -> list[Answer]:
    """What Cedar says to each question; of a refusal also how often each clause stands in the way."""
    people, docs = {p.pid: p for p, _, _ in asked}, {d.id: d for _, d, _ in asked}
    entities = [*map(_person, people.values()), *(_item(w, d) for d in docs.values())]
    requests = [_request(w, p, d, act) for p, d, act in asked]
    handle = cedarpy.Entities.from_json_str(json.dumps(entities))
    return [_answer(result) for result in cedarpy.is_authorized_batch(requests, POLICIES, handle)]


def like(decision: Decision) -> Answer:
    """A decision of ours in the same form: that nothing permits is no policy of Cedar, but its law."""
    rows = (reason.clause for reason in decision.reasons if not reason.rule.startswith("default"))
    return decision.allow, Counter(rows)


def _answer(result: cedarpy.AuthzResult) -> Answer:
    if result.diagnostics.errors:
        raise OracleBroken(result.diagnostics.errors)
    clauses = Counter(CLAUSES[policy] for policy in result.diagnostics.reasons)
    return result.allowed, Counter() if result.allowed else clauses


def _person(p: Person) -> dict:
    attrs = {
        "pid": p.pid, "clearance": p.clearance, "role": p.role, "active": bool(p.active), "pledgeUntil": p.pledge_until,
        "trainedUntil": p.trained_until, "rulesRead": bool(p.rules_read), "keys": sorted(p.keys),
    }  # fmt: skip
    return {"uid": {"type": "Person", "id": str(p.pid)}, "attrs": attrs, "parents": []}


def _item(w: World, d: Doc) -> dict:
    attrs = {
        "level": d.level, "live": bool(d.live), "frozen": bool(d.frozen), "sealed": bool(d.sealed), "noCopy": bool(d.no_copy),
        "handlers": sorted(d.handlers), "concerned": sorted(d.concerned), "team": sorted(d.team), "walled": sorted(d.walled),
        "openers": sorted(d.openers), "judges": sorted(pid for doc, pid in w.judges if doc == d.id),
        "audience": sorted({key for key, since, until in d.scope if since <= w.now < until}),
    }  # fmt: skip
    if d.excl is not None:
        attrs["excl"] = d.excl
    if g := d.grant:
        attrs["grant"] = {
            "act": g.act, "applicant": g.applicant, "executor": g.executor, "since": g.since, "until": g.until, "uses": g.uses,
            "byGm": g.by_gm, **({} if g.approver is None else {"approver": g.approver}),
            **({} if g.destination is None else {"destination": g.destination}),
        }  # fmt: skip
    return {"uid": {"type": "Item", "id": str(d.id)}, "attrs": attrs, "parents": []}


def _request(w: World, p: Person, d: Doc, act: Act) -> dict:
    context = {
        "now": w.now, "deviceCap": p.device_cap, "freshUntil": p.fresh_until, "freshTopUntil": p.fresh_top_until,
        "passwordUntil": p.password_until, "sessionOk": bool(p.session_ok), "act": act, "appointed": w.appointed(p, act, d),
    }  # fmt: skip
    named = {"principal": ("Person", p.pid), "action": ("Action", act), "resource": ("Item", d.id)}
    return {**{side: {"type": of, "id": str(name)} for side, (of, name) in named.items()}, "context": context}
