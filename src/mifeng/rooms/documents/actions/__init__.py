"""Deeds on items, by noun: registering, classifying, changing, scoping, knowing, files."""

from mifeng.rooms.documents.actions.cataloguing import decide_line, propose_line
from mifeng.rooms.documents.actions.changing import (
    ask_change,
    correct,
    declassify,
    end_embargo,
    expire,
    open_embargo,
    rewrapped,
    withdraw_sealed,
)  # fmt: skip
from mifeng.rooms.documents.actions.classifying import classify, object_standing, propose, stand
from mifeng.rooms.documents.actions.converting import (
    attach_version,
    drop_upload,
    file_converted,
    pages_recognised,
    receive_file,
)  # fmt: skip
from mifeng.rooms.documents.actions.custody import (
    accept_custody,
    count_opening,
    decide_opening,
    decline_custody,
    end_custody,
    name_interim,
    offer_custody,
    open_opening,
    review_opening,
    take_interim,
    witness_opening,
)  # fmt: skip
from mifeng.rooms.documents.actions.freezing import confirm_freeze, freeze, thaw, unfreeze
from mifeng.rooms.documents.actions.knowing import (
    enter_mistake,
    list_register,
    look_up,
    open_card,
    record_briefing,
    record_mistake,
    what_knows,
    who_knows,
)  # fmt: skip
from mifeng.rooms.documents.actions.registering import register, take_over
from mifeng.rooms.documents.actions.scoping import narrow_scope, record_verbal, share, take_custody, widen_scope
from mifeng.rooms.documents.actions.switching import decide_scheme, map_levels, propose_scheme
from mifeng.rooms.documents.actions.walls import declare_side

__all__ = [
    "accept_custody", "confirm_freeze", "count_opening", "decide_opening", "declare_side", "decline_custody", "end_custody",
    "enter_mistake", "freeze", "name_interim", "offer_custody", "open_opening", "review_opening", "take_interim", "thaw",
    "unfreeze", "what_knows", "who_knows", "withdraw_sealed", "witness_opening",
    "decide_line", "decide_scheme", "map_levels", "object_standing", "propose_line", "propose_scheme",
    "ask_change", "attach_version", "classify", "correct", "declassify", "drop_upload", "end_embargo", "expire", "file_converted",
    "list_register", "look_up", "narrow_scope", "open_card", "open_embargo", "pages_recognised", "propose", "receive_file",
    "record_briefing", "record_mistake", "record_verbal", "register", "rewrapped", "share", "stand", "take_custody",
    "take_over", "widen_scope",
]  # fmt: skip
