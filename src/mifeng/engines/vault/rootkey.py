"""The root key: in memory from unsealing to sealing, never on disk in the clear, never in a message, never pickled."""

import os

from mifeng.engines.vault.errors import RootKeyForgotten
from mifeng.engines.vault.suites import Suite
from mifeng.engines.vault.suites.international import INTERNATIONAL

LENGTH = 32


class RootKey:
    """32 random bytes from which every other long-lived key is derived or under which it is wrapped.

    It is used for derivation only, never as a cipher key itself, so no two uses can collide.
    """

    __slots__ = ("_secret", "_suite")

    def __init__(self, secret: bytes, suite: Suite = INTERNATIONAL) -> None:
        if len(secret) != LENGTH:
            raise ValueError(f"a root key has {LENGTH} bytes, got {len(secret)}")
        # A bytearray can be overwritten; bytes stay in memory until the collector happens to reuse the place.
        self._secret = bytearray(secret)
        self._suite = suite

    @classmethod
    def fresh(cls, suite: Suite = INTERNATIONAL) -> "RootKey":
        """A new random root key, for tests and for providers that store it themselves."""
        return cls(os.urandom(LENGTH), suite)

    def derive(self, label: str, length: int = 32) -> bytes:
        """HKDF of the root key with ``label`` (UTF-8) as info; ``length`` in bytes.

        The same label gives the same key for ever, so a label names purpose and owner: ``"mifeng search|20:YF"``.
        Labels that begin with ``MFV1`` belong to this engine. Raises ``RootKeyForgotten`` after ``forget``.
        """
        if not self._secret:
            raise RootKeyForgotten("the root key is no longer in memory")
        return self._suite.kdf(bytes(self._secret), label.encode(), length)

    def forget(self) -> None:
        """Overwrite the secret and let go of it. Derived keys that others hold are not reached by this."""
        self._secret[:] = bytes(len(self._secret))
        del self._secret[:]

    def __repr__(self) -> str:
        return "RootKey(forgotten)" if not self._secret else "RootKey(in memory)"

    def __reduce__(self) -> str:
        raise TypeError("a root key does not leave its process")
