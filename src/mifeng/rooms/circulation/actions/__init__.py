"""Deeds of the room."""

from mifeng.rooms.circulation.actions.circulating import (
    ask_circulation,
    list_slips,
    note_opinion,
    open_slip,
    send,
    skip_reader,
    take_in,
)
from mifeng.rooms.circulation.actions.dispatching import deliver, dispatch, list_dispatches, open_dispatch, relay, settle_drafts
from mifeng.rooms.circulation.actions.filing import file, keep_out, list_filings, open_filing
from mifeng.rooms.circulation.actions.handling import conclude, instruct, propose, take_back_handling
from mifeng.rooms.circulation.actions.lending import ask_loan, lend, list_loans, open_loan, renew, take_back_loan
from mifeng.rooms.circulation.actions.receiving import (
    amend,
    leave_unregistered,
    list_receipts,
    note_arrival,
    open_receipt,
    receive,
    register_arrival,
)

__all__ = [
    "amend", "ask_circulation", "ask_loan", "conclude", "deliver", "dispatch", "file", "instruct", "keep_out", "leave_unregistered", "lend",
    "list_dispatches", "list_filings", "list_loans", "list_receipts", "list_slips", "note_arrival", "note_opinion", "open_dispatch",
    "open_filing", "open_loan", "open_receipt", "open_slip", "propose", "receive", "register_arrival", "relay", "renew", "send",
    "settle_drafts", "skip_reader", "take_back_handling", "take_back_loan", "take_in",
]  # fmt: skip
