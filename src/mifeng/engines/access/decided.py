"""Which rows of the rule table hold. Written by tools/make_decided.py: change policy.py, then run it."""

from mifeng.engines.access.facts import Context, Item, Relations, Subject


def held(s: Subject, c: Context, d: Item, r: Relations) -> int:
    """Bit n is set when the condition of row n of the table holds."""
    role = s.role
    level = d.level
    scope = r.scope
    sealed = d.sealed
    handler = r.handler
    now = c.now
    excl = d.excl
    pid = s.pid
    opening = r.opening
    trained_until = s.trained_until
    appointed = r.appointed
    applicant = r.applicant
    approver = r.approver
    destination = r.destination
    grant = r.grant
    held = 0
    if not s.active:  # deny-left I8
        held |= 0x1
    if role != 0 and level >= 10:  # deny-duty M1.2
        held |= 0x2
    if role != 0 and level < 10 and not scope:  # deny-duty-scope M1.2
        held |= 0x4
    if not d.live:  # deny-dead G4.5
        held |= 0x8
    if sealed and r.concerned:  # deny-self A2
        held |= 0x10
    if sealed and not handler:  # deny-sealed H2
        held |= 0x20
    if d.frozen and not r.frozen_team:  # deny-frozen M7.1
        held |= 0x40
    if r.walled:  # deny-wall P1.1
        held |= 0x80
    if s.clearance < level:  # deny-level K1.0
        held |= 0x100
    if level >= 10 and s.pledge_until <= now:  # deny-pledge P0.1
        held |= 0x200
    if level >= 10 and not s.rules_read:  # deny-rules G1
        held |= 0x400
    if level >= 10 and c.password_until <= now:  # deny-password I6.3
        held |= 0x800
    if c.device_cap < level:  # deny-device D5
        held |= 0x1000
    if (level >= 20 and c.fresh_until <= now) or (level >= 30 and c.fresh_top_until <= now):  # deny-stale I6.2
        held |= 0x2000
    if not c.session_ok:  # deny-session I7.2
        held |= 0x4000
    if excl is not None and excl != pid:  # deny-custody G4.1
        held |= 0x8000
    if excl is not None and excl != pid and not opening:  # deny-custody-facts G4.1
        held |= 0x10000
    if level >= 20 and trained_until <= now:  # deny-training I12
        held |= 0x20000
    if not appointed:  # deny-undesignated M1.1
        held |= 0x40000
    if applicant is not None and applicant == pid:  # deny-applicant M2.1
        held |= 0x80000
    if approver is not None and (approver == pid or (applicant is not None and approver == applicant)):  # deny-approver M2.1
        held |= 0x100000
    if d.no_copy:  # deny-recopy M2.1
        held |= 0x200000
    if destination is not None and destination >= 8:  # deny-place G4.3
        held |= 0x400000
    if destination is None:  # deny-nowhere G4.3
        held |= 0x800000
    if excl is not None and excl == pid:  # permit-custody G4.1
        held |= 0x1000000
    if sealed and handler:  # permit-handler H2
        held |= 0x2000000
    if scope:  # permit-scope P0.2
        held |= 0x4000000
    if grant:  # permit-grant-read D2
        held |= 0x8000000
    if r.judge:  # permit-judge M2.1
        held |= 0x10000000
    if scope:  # permit-ask M2.1
        held |= 0x20000000
    if appointed and grant and applicant is not None:  # permit-execute M1.1
        held |= 0x40000000
    if appointed and not sealed:  # permit-handle M1.1
        held |= 0x80000000
    if excl is not None and opening and not sealed:  # permit-opening G4.1
        held |= 0x100000000
    if grant and r.grant_by_gm and applicant is not None:  # permit-out M4
        held |= 0x200000000
    if level >= 20 and trained_until <= now:  # flag-training I12
        held |= 0x400000000
    return held
