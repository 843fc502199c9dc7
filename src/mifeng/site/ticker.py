"""What the running house does by the clock: a signed checkpoint a minute, the day's duties once a day.

Called by the thread of the jobs between two jobs. A house that slept does today's work once, not once for each day.
"""

import threading
import time
from datetime import date

from django.db import connection

from mifeng.base import clock, record, room, vault
from mifeng.rooms.oversight import signing
from mifeng.site import anchor

EVERY = 60.0

_lock = threading.Lock()
_next = 0.0
_day: date | None = None
_size = -1


def tick() -> None:
    """Do what is due; cheap when nothing is."""
    global _next, _day
    if not vault.is_open() or time.monotonic() < _next:
        return
    with _lock:
        _next = time.monotonic() + EVERY
        checkpoint()
        if _day != clock.today():
            _day = clock.today()
            daily()


def checkpoint() -> bool:
    """Sign the head when it moved and note it beside the keys; True when it moved."""
    global _size
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


def daily() -> None:
    """Every room's work of the day: terms that are over, uploads that nobody registered."""
    for announced in room.rooms():
        for work in announced.daily:
            work(clock.now())


def forget() -> None:
    """Another house was opened (tests): nothing is known of its head or its day."""
    global _next, _day, _size
    _next, _day, _size = 0.0, None, -1
