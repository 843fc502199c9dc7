"""Deeds of the room."""

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
    "close_place",
    "correct",
    "decide_ledger",
    "draw_desks",
    "enter",
    "enter_rows",
    "entrust_combination",
    "list_copies",
    "list_desks",
    "list_incidents",
    "list_places",
    "look_at_desk",
    "note_opening",
    "offer",
    "open_copy",
    "open_ledger",
    "open_place",
    "rectify_desk",
    "return_item",
    "scan",
    "set_up_place",
    "sign_for",
    "sign_off",
    "store",
    "take_back",
    "undo_ledger",
    "void",
    "withdraw_combination",
]
