"""The rules once more, written on their own from the text of the access document: slow, plain, from raw rows.

`refusals` lists the clauses in the way in naming order ([] = allowed); `knows` tells whether the item may be known.
"""

from .world import Act, Doc, Person, World

PAGES_BY_CLERK = ("copy", "excerpt", "print", "lend", "carry_out")
ACT_CLAUSE = {"copy": "M2.1", "excerpt": "M2.1", "print": "C2.2", "lend": "C3", "carry_out": "C5.2"}
CURED = ("I6.3", "D5", "I6.2", "I7.2")  # by a better desk, a new password, another sign-in: these hide nothing


def in_scope(w: World, p: Person, d: Doc) -> bool:
    # an officer belongs to nothing but the whole staff
    mine = p.keys if p.role == 0 else [k for k in p.keys if k == 1 << 48]
    return any(key in mine and since <= w.now < until for key, since, until in d.scope)


def shut(w: World, p: Person, d: Doc, act: Act) -> list[str]:
    """The clauses that shut an item, whatever is asked."""
    secret, highly, top, gone = d.level >= 10, d.level >= 20, d.level >= 30, w.now.__ge__
    taken = d.excl is not None and d.excl != p.pid
    said = [
        ("I8", not p.active),
        ("M1.2", p.role != 0 and (secret or (act != "decide" and not in_scope(w, p, d)))),
        ("G4.5", not d.live),
        ("A2", d.sealed and p.pid in d.concerned),
        ("H2", d.sealed and p.pid not in d.handlers),
        ("M7.1", d.frozen and p.pid not in d.team),
        ("P1.1", p.pid in d.walled),
        ("K1.0", d.level > p.clearance),
        ("P0.1", secret and gone(p.pledge_until)),
        ("G1", secret and not p.rules_read),
        ("I6.3", secret and gone(p.password_until)),
        ("D5", act != "decide" and d.level > p.device_cap),
        ("I6.2", (highly and gone(p.fresh_until)) or (top and gone(p.fresh_top_until))),
        ("I7.2", not p.session_ok),
        ("G4.1", taken and not (act == "register_facts" and p.pid in d.openers)),
    ]
    return [clause for clause, holds in said if holds]


def readable(w: World, p: Person, d: Doc) -> bool:
    """Reading permitted without a leader's leave: own custody, handling under embargo, scope, judging."""
    return d.excl == p.pid or (d.sealed and p.pid in d.handlers) or in_scope(w, p, d) or (d.id, p.pid) in w.judges


def itself(w: World, p: Person, d: Doc, act: Act) -> bool:
    """The act itself is permitted."""
    g = d.grant
    wanted = "show" if act == "read" else act
    live = g is not None and g.act == wanted and g.since <= w.now < g.until and g.uses > 0
    if act == "read":
        return (live and g.applicant == p.pid) or readable(w, p, d)
    if act == "register_facts":
        return (w.appointed(p, act, d) or (d.excl is not None and p.pid in d.openers)) and not d.sealed
    if act == "decide":
        return (d.id, p.pid) in w.judges
    if act.startswith("apply_"):
        return in_scope(w, p, d)
    return live and g.executor == p.pid and (g.by_gm if act == "external" else w.appointed(p, act, d))


def refusals(w: World, p: Person, d: Doc, act: Act) -> list[str]:
    form, carried = d.grant, act in PAGES_BY_CLERK
    applicant, approver, place = (form.applicant, form.approver, form.destination) if form else (None, None, None)
    handed = carried or act == "external"
    said = [
        ("I12", act.startswith("apply_") and d.level >= 20 and w.now >= p.trained_until),
        ("M1.1", carried and not w.appointed(p, act, d)),
        ("M2.1", handed and applicant == p.pid),
        ("M2.1", handed and approver is not None and approver in (p.pid, applicant)),
        ("M2.1", act in ("copy", "print", "excerpt") and d.no_copy),
        ("G4.3", act.endswith("carry_out") and place is not None and place >= 8),
        ("G4.3", act == "carry_out" and place is None),
        ({"register_facts": "M1.1", "external": "M4", **ACT_CLAUSE}.get(act, "P0.2"), not itself(w, p, d, act)),
    ]
    return shut(w, p, d, act) + [clause for clause, holds in said if holds]


def knows(w: World, p: Person, d: Doc, act: Act) -> bool:
    hidden, unread = ([c for c in shut(w, p, d, asked) if c not in CURED] for asked in (act, "read"))
    return not hidden and (itself(w, p, d, act) or (not unread and readable(w, p, d)))


def flagged(w: World, p: Person, d: Doc, act: Act) -> list[str]:
    """What is said beside an allowed answer: the training of somebody who reads 机密 or above is over."""
    return ["I12"] if act == "read" and d.level >= 20 and w.now >= p.trained_until else []
