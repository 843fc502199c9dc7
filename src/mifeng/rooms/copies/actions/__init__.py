"""Deeds of the room."""

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
    set_up_place,
    withdraw_combination,
)

__all__ = [
    "change_combination", "close_place", "correct", "enter", "entrust_combination", "list_copies", "list_incidents", "list_places",
    "offer", "open_copy", "return_item", "set_up_place", "sign_for", "store", "take_back", "void", "withdraw_combination",
]  # fmt: skip
