"""One error for every failure to open, and one place where its cause is written down."""

import logging
import sqlite3
import struct
from collections.abc import Callable
from typing import TypeVar

from cryptography.exceptions import InvalidTag

from mifeng.engines.vault.errors import BlobAbsent, Broken, RootKeyForgotten, UnknownSuite, Unreadable

log = logging.getLogger("mifeng.vault")
# A disk error counts as well: what cannot be read is unreadable, and the reader need not know why.
_CAUSES = (
    Broken, InvalidTag, BlobAbsent, UnknownSuite, RootKeyForgotten, OSError, sqlite3.Error, struct.error,
    UnicodeDecodeError,
)  # fmt: skip
T = TypeVar("T")


def opened(object_id: bytes, attempt: Callable[[], T]) -> T:
    """What ``attempt`` returns; every failure in it becomes ``Unreadable(object_id)``.

    The cause goes to the log ``mifeng.vault``, with the object id and no data.
    """
    try:
        return attempt()
    except _CAUSES as error:
        # Only our own words: the text of a foreign exception may quote data.
        cause = str(error) if isinstance(error, Broken) else type(error).__name__
    # Raised out here, not in the handler: otherwise the cause would travel along as its context.
    log.warning("unreadable %s: %s", object_id.hex(), cause)
    raise Unreadable(object_id)
