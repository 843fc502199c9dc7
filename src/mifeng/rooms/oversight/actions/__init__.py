"""Deeds of this room: reading and proving the log, vouching for the clock."""

from mifeng.rooms.oversight.actions.clock_words import clock_alarm, confirm_clock
from mifeng.rooms.oversight.actions.proving import export_bundle, last_proof, open_entry, search_log, verify_log

__all__ = ["clock_alarm", "confirm_clock", "export_bundle", "last_proof", "open_entry", "search_log", "verify_log"]
