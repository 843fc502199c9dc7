"""The rules once more, written on their own from the text of the access document: slow, plain, from raw rows.

`refusals` lists the clauses in the way in naming order ([] = allowed); `knows` tells whether the item may be known.
"""

from .world import Act, Doc, Person, World

PAGES_BY_CLERK = ("copy", "excerpt", "print", "lend", "carry_out")
ACT_CLAUSE = {"copy": "M2.1", "excerpt": "M2.1", "print": "C2.2", "lend": "C3", "carry_out": "C5.2"}


def in_scope(w: World, p: Person, d: Doc) -> bool:
    # an officer belongs to nothing but the whole staff
    mine = p.keys if p.role == 0 else [k for k in p.keys if k == 1 << 48]
    return any(key in mine and since <= w.now < until for key, since, until in d.scope)


def in_the_dark(w: World, p: Person, d: Doc) -> list[tuple[str, bool]]:
    """(clause, True where a better desk, password or sign-in would cure it) for everything that shuts an item."""
    secret, out = d.level >= 10, []
    if not p.active:
        out.append(("I8", False))
    if p.role and (secret or not in_scope(w, p, d)):
        out.append(("M1.2", False))
    if not d.live:
        out.append(("G4.5", False))
    if d.sealed and p.pid in d.concerned:
        out.append(("A2", False))
    if d.sealed and p.pid not in d.handlers:
        out.append(("H2", False))
    if d.frozen and p.pid not in d.team:
        out.append(("M7.1", False))
    if d.level > p.clearance:
        out.append(("K1.0", False))
    if secret and w.now >= p.pledge_until:
        out.append(("P0.1", False))
    if secret and not p.rules_read:
        out.append(("G1", False))
    if secret and w.now >= p.password_until:
        out.append(("I6.3", True))
    if d.level > p.device_cap:
        out.append(("D5", True))
    if (d.level >= 20 and w.now >= p.fresh_until) or (d.level >= 30 and w.now >= p.fresh_top_until):
        out.append(("I6.2", True))
    if not p.session_ok:
        out.append(("I7.2", True))
    if d.excl is not None and d.excl != p.pid:
        out.append(("G4.1", False))
    return out


def readable(w: World, p: Person, d: Doc) -> bool:
    """Reading permitted without a leader's leave: own custody, handling under embargo, scope, judging."""
    return d.excl == p.pid or (d.sealed and p.pid in d.handlers) or in_scope(w, p, d) or (d.id, p.pid) in w.judges


def itself(w: World, p: Person, d: Doc, act: Act) -> bool:
    """The act itself is permitted."""
    g = d.grant
    live = g is not None and g.act == act and g.since <= w.now < g.until and g.uses > 0
    if act == "read":
        leave = g is not None and g.act == "show" and g.applicant == p.pid and g.since <= w.now < g.until and g.uses > 0
        return leave or readable(w, p, d)
    if act == "register_facts":
        return w.appointed(p, act, d) and not d.sealed
    if act == "decide":
        return (d.id, p.pid) in w.judges
    if act.startswith("apply_"):
        return in_scope(w, p, d)
    if act == "external":
        return live and g.executor == p.pid and g.by_gm
    return live and g.executor == p.pid and w.appointed(p, act, d)


def refusals(w: World, p: Person, d: Doc, act: Act) -> list[str]:
    found = [clause for clause, _ in in_the_dark(w, p, d)]
    if act == "decide":  # works on any registered device; an officer decides what has no level
        found = [clause for clause in found if clause != "D5" and (clause != "M1.2" or d.level >= 10)]
    form = d.grant
    if act.startswith("apply_") and d.level >= 20 and w.now >= p.trained_until:
        found.append("I12")
    if act in PAGES_BY_CLERK and not w.appointed(p, act, d):
        found.append("M1.1")
    if act in (*PAGES_BY_CLERK, "external") and form and form.applicant == p.pid:
        found.append("M2.1")
    if act in ("copy", "print", "excerpt") and d.no_copy:
        found.append("M2.1")
    if act.endswith("carry_out") and form and form.destination is not None and form.destination >= 8:
        found.append("G4.3")
    if act == "carry_out" and (form is None or form.destination is None):
        found.append("G4.3")
    if not itself(w, p, d, act):
        other = {"register_facts": "M1.1", "external": "M4", **ACT_CLAUSE}
        found.append(other.get(act, "P0.2"))
    return found


def knows(w: World, p: Person, d: Doc, act: Act) -> bool:
    return all(cured for _, cured in in_the_dark(w, p, d)) and (readable(w, p, d) or itself(w, p, d, act))
