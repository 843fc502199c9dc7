"""Single values sealed for a database column: ``suite(1) ‖ nonce12 ‖ ciphertext ‖ tag16``, 29 bytes over the text."""

import re

from mifeng.engines.vault.errors import Broken
from mifeng.engines.vault.opening import opened
from mifeng.engines.vault.suites import NONCE, TAG, Suite, unwrap, wrap
from mifeng.engines.vault.suites.chosen import suite_of

_CONTEXT = re.compile(r"[^|.]+\.[^|]+\|[^|].*", re.DOTALL)


class FieldKey:
    """Seals and opens the text fields of one document, or of one register of a compartment.

    ``key_id`` (16 bytes) names the key in ``Unreadable``; for a document it is the object id of its key slot.
    """

    __slots__ = ("_cipher", "_suite", "key_id")

    def __init__(self, key: bytes, key_id: bytes, suite: Suite) -> None:
        self._cipher = suite.aead(key)
        self._suite = suite
        self.key_id = key_id

    def seal(self, context: str, text: str) -> bytes:
        """``text`` for the place ``context`` = ``"table.column|uid of the row"``; ``ValueError`` for another form.

        The same text sealed twice gives different bytes: equal values cannot be told by looking.
        """
        return bytes([self._suite.number]) + wrap(self._cipher, text.encode(), _place(context))

    def open(self, context: str, blob: bytes) -> str:
        """The text sealed for exactly this place. Raises ``Unreadable`` for another row, column, document or key."""
        place = _place(context)
        return opened(self.key_id, lambda: self._opened(bytes(blob), place))

    def _opened(self, blob: bytes, place: bytes) -> str:
        if len(blob) < 1 + NONCE + TAG:
            raise Broken("short field")
        if suite_of(blob[0]) is not self._suite:
            raise Broken("another suite")
        return unwrap(self._cipher, blob[1:], place).decode()

    def __repr__(self) -> str:
        return f"FieldKey({self.key_id.hex()})"


def _place(context: str) -> bytes:
    if not _CONTEXT.fullmatch(context):
        raise ValueError("the context of a field is 'table.column|uid of the row'")
    return context.encode()
