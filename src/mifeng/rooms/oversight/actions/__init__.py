"""Deeds of this room: reading and proving the log, vouching for the clock, reminding."""

from mifeng.rooms.oversight.actions.clock_words import clock_alarm, confirm_clock
from mifeng.rooms.oversight.actions.proving import export_bundle, last_proof, open_entry, search_log, verify_log
from mifeng.rooms.oversight.actions.reminding import remind

__all__ = ["clock_alarm", "confirm_clock", "export_bundle", "last_proof", "open_entry", "remind", "search_log", "verify_log"]
