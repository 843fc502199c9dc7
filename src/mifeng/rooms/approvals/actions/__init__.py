"""Deeds of this room, by what they touch: requests, grants, the table of approvals."""

from mifeng.rooms.approvals.actions.deciding import approve, open_inbox, open_request, send_back, withdraw
from mifeng.rooms.approvals.actions.delegating import delegate, end_delegation
from mifeng.rooms.approvals.actions.editing import decide, load, propose
from mifeng.rooms.approvals.actions.granting import lapse, replace, resettle, revoke

__all__ = [
    "approve", "decide", "delegate", "end_delegation", "lapse", "load", "open_inbox", "open_request", "propose", "replace",
    "resettle", "revoke", "send_back", "withdraw",
]  # fmt: skip
