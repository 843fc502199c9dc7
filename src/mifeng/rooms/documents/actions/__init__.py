"""Deeds on items, by noun: registering, classifying, changing, scoping, knowing, files."""

from mifeng.rooms.documents.actions.changing import (
    ask_change,
    correct,
    declassify,
    end_embargo,
    expire,
    open_embargo,
    rewrapped,
)  # fmt: skip
from mifeng.rooms.documents.actions.classifying import classify, propose, stand
from mifeng.rooms.documents.actions.converting import attach_version, drop_upload, file_converted, receive_file
from mifeng.rooms.documents.actions.knowing import list_register, look_up, open_card, record_briefing, record_mistake
from mifeng.rooms.documents.actions.registering import register, take_over
from mifeng.rooms.documents.actions.scoping import narrow_scope, share, take_custody, widen_scope

__all__ = [
    "ask_change", "attach_version", "classify", "correct", "declassify", "drop_upload", "end_embargo", "expire", "file_converted",
    "list_register", "look_up", "narrow_scope", "open_card", "open_embargo", "propose", "receive_file",
    "record_briefing", "record_mistake", "register", "rewrapped", "share", "stand", "take_custody", "take_over", "widen_scope",
]  # fmt: skip
