"""The rule table of docs/spec/access.md as Python functions over the flat facts of a question: row -> acts, condition."""

from collections.abc import Callable
from typing import Any

ASKED_FOR = ("apply_copy", "apply_excerpt", "apply_print", "apply_lend", "apply_carry_out")
CARRIED_OUT = ("copy", "excerpt", "print", "lend", "carry_out")
HANDED_OUT = (*CARRIED_OUT, "external")
ALL = ("read", "register_facts", *ASKED_FOR, *CARRIED_OUT, "external", "decide")
BUT_DECIDE, BUT_REGISTER = ALL[:-1], tuple(act for act in ALL if act != "register_facts")
Condition = Callable[[dict[str, Any]], bool]


def _stale(q: dict[str, Any]) -> bool:
    return (q["level"] >= 20 and q["fresh_until"] <= q["now"]) or (q["level"] >= 30 and q["fresh_top_until"] <= q["now"])


def _own_approval(q: dict[str, Any]) -> bool:
    by = q["approver"]
    return by is not None and (by == q["pid"] or by == q["applicant"])


def _kept_by_another(q: dict[str, Any]) -> bool:
    return q["excl"] is not None and q["excl"] != q["pid"]


ROWS: dict[str, tuple[tuple[str, ...], Condition]] = {
    "deny-left": (ALL, lambda q: not q["active"]),
    "deny-duty": (ALL, lambda q: q["role"] != 0 and q["level"] >= 10),
    "deny-duty-scope": (BUT_DECIDE, lambda q: q["role"] != 0 and q["level"] < 10 and not q["scope"]),
    "deny-dead": (ALL, lambda q: not q["live"]),
    "deny-self": (ALL, lambda q: q["sealed"] and q["concerned"]),
    "deny-sealed": (ALL, lambda q: q["sealed"] and not q["handler"]),
    "deny-frozen": (ALL, lambda q: q["frozen"] and not q["frozen_team"]),
    "deny-wall": (ALL, lambda q: q["walled"]),
    "deny-level": (ALL, lambda q: q["clearance"] < q["level"]),
    "deny-pledge": (ALL, lambda q: q["level"] >= 10 and q["pledge_until"] <= q["now"]),
    "deny-rules": (ALL, lambda q: q["level"] >= 10 and not q["rules_read"]),
    "deny-password": (ALL, lambda q: q["level"] >= 10 and q["password_until"] <= q["now"]),
    "deny-device": (BUT_DECIDE, lambda q: q["device_cap"] < q["level"]),
    "deny-stale": (ALL, _stale),
    "deny-session": (ALL, lambda q: not q["session_ok"]),
    "deny-custody": (BUT_REGISTER, _kept_by_another),
    "deny-custody-facts": (("register_facts",), lambda q: _kept_by_another(q) and not q["opening"]),
    "deny-training": (ASKED_FOR, lambda q: q["level"] >= 20 and q["trained_until"] <= q["now"]),
    "deny-undesignated": (CARRIED_OUT, lambda q: not q["appointed"]),
    "deny-applicant": (HANDED_OUT, lambda q: q["applicant"] is not None and q["applicant"] == q["pid"]),
    "deny-approver": (HANDED_OUT, _own_approval),
    "deny-recopy": (("copy", "print", "excerpt"), lambda q: q["no_copy"]),
    "deny-place": (("apply_carry_out", "carry_out"), lambda q: q["destination"] is not None and q["destination"] >= 8),
    "deny-nowhere": (("carry_out",), lambda q: q["destination"] is None),
    "permit-custody": (("read",), lambda q: q["excl"] is not None and q["excl"] == q["pid"]),
    "permit-handler": (("read",), lambda q: q["sealed"] and q["handler"]),
    "permit-scope": (("read",), lambda q: q["scope"]),
    "permit-grant-read": (("read",), lambda q: q["grant"]),
    "permit-judge": (("read", "decide"), lambda q: q["judge"]),
    "permit-ask": (ASKED_FOR, lambda q: q["scope"]),
    "permit-execute": (CARRIED_OUT, lambda q: q["appointed"] and q["grant"] and q["applicant"] is not None),
    "permit-handle": (("register_facts",), lambda q: q["appointed"] and not q["sealed"]),
    "permit-opening": (("register_facts",), lambda q: q["excl"] is not None and q["opening"] and not q["sealed"]),
    "permit-out": (("external",), lambda q: q["grant"] and q["grant_by_gm"] and q["applicant"] is not None),
}
