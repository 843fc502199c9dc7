"""Deeds of the room."""

from mifeng.rooms.copies.actions.counting import (
    close_count,
    count_seen,
    cross_count,
    decide_count,
    list_counts,
    open_count,
    open_sheet,
    open_year,
)
from mifeng.rooms.copies.actions.desks import draw_desks, list_desks, look_at_desk, rectify_desk, sign_off
from mifeng.rooms.copies.actions.importing import ask_ledger, bring_ledger, decide_ledger, enter_rows, open_ledger, undo_ledger
from mifeng.rooms.copies.actions.incidents import list_incidents
from mifeng.rooms.copies.actions.keeping import (
    correct,
    enter,
    list_copies,
    offer,
    open_copy,
    return_item,
    sign_for,
    store,
    take_back,
    void,
)
from mifeng.rooms.copies.actions.missing import report_found, report_missing, treat_as_leak
from mifeng.rooms.copies.actions.places import (
    change_combination,
    close_place,
    entrust_combination,
    list_places,
    note_opening,
    open_place,
    set_up_place,
    withdraw_combination,
)
from mifeng.rooms.copies.actions.scanning import scan

# One a line: two who add theirs do not meet.
__all__ = [
    "ask_ledger",
    "bring_ledger",
    "change_combination",
    "close_count",
    "close_place",
    "correct",
    "count_seen",
    "cross_count",
    "decide_count",
    "decide_ledger",
    "draw_desks",
    "enter",
    "enter_rows",
    "entrust_combination",
    "list_copies",
    "list_counts",
    "list_desks",
    "list_incidents",
    "list_places",
    "look_at_desk",
    "note_opening",
    "offer",
    "open_copy",
    "open_count",
    "open_ledger",
    "open_place",
    "open_sheet",
    "open_year",
    "rectify_desk",
    "report_found",
    "report_missing",
    "return_item",
    "scan",
    "set_up_place",
    "sign_for",
    "sign_off",
    "store",
    "take_back",
    "treat_as_leak",
    "undo_ledger",
    "void",
    "withdraw_combination",
]
