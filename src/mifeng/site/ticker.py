"""What the running house does by the clock: a signed checkpoint a minute, the day's duties once a day.

Called by the thread of the jobs between two jobs. The duties are jobs: of several processes that run beside each other
one does them, and a house that slept does today's once, not once for each day.
"""

import threading
import time
from datetime import date, datetime

from django.db import connection, transaction

from mifeng.base import clock, deeds, jobs, record, vault
from mifeng.rooms.oversight import actions, queries, reminders, signing
from mifeng.rooms.people import working_calendar
from mifeng.site import anchor

EVERY = 60.0

_lock = threading.Lock()
_next = 0.0
_day: date | None = None
_size = -1
_in_question = False
_right_at: datetime | None = None  # when this process last found the clock right


def tick() -> None:
    """Do what is due; cheap when nothing is."""
    global _next, _day
    if not vault.is_open() or time.monotonic() < _next:
        return
    with _lock:
        _next = time.monotonic() + EVERY
        working_calendar.follow()
        if _day != (today := clock.today()) and clock.believed():
            jobs.enqueue_rounds()
            _day = today  # only now: a process whose database was away asks again
        checkpoint()
        watch_clock()
        if clock.believed():
            reminders.send(clock.now(), hourly=True)


def checkpoint() -> bool:
    """Sign the head when it moved and note it beside the keys; True when it moved.

    In one's turn at the log: a worker beside this process signs no head twice, and its note never goes back.
    """
    global _size
    with deeds.turn(), transaction.atomic():
        size, _root = record.unbroken()
        if size == _size or size == 0:
            return False
        note = signing.note()
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO checkpoint (size, note) SELECT %s, %s WHERE NOT EXISTS "
                           "(SELECT 1 FROM checkpoint WHERE size = %s)", [size, note, size])  # fmt: skip
        anchor.note()
    _size = size
    return True


def watch_clock() -> bool:
    """Tell of a machine's clock that was set forward or back, once until it is right again; True when it was told.

    Once in the house: not again by a worker beside this process, nor by one that was started on the same day.
    """
    global _in_question, _right_at
    told = clock.reading()
    before, _in_question = _in_question, queries.in_question(told)
    if not _in_question:
        _right_at = told.at
        return False
    if before or queries.alarmed_since(_right_at or clock.start_of(clock.local(told.at).date())):
        return False
    actions.clock_alarm(None, told)
    return True


def forget() -> None:
    """Another house was opened (tests): nothing is known of its head or its day."""
    global _next, _day, _size, _in_question, _right_at
    _next, _day, _size, _in_question, _right_at = 0.0, None, -1, False, None
