"""Cipher suites. One byte names the suite in every container, slot and field; nothing is negotiated."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidTag

NONCE = 12  # bytes, for every AEAD of every suite
TAG = 16  # bytes


class Aead(Protocol):
    """An authenticated cipher under one key. Every ``decrypt`` raises ``InvalidTag`` before any text is released."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """``ciphertext ‖ tag16``."""

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """The text of ``ciphertext ‖ tag16``."""

    def encrypt_into(self, nonce: bytes, data: bytes, associated_data: bytes | None, buf: memoryview) -> int:
        """Like ``encrypt`` into a buffer of exactly the right size; returns it."""

    def decrypt_into(self, nonce: bytes, data: bytes, associated_data: bytes | None, buf: memoryview) -> int:
        """Like ``decrypt`` into a buffer of exactly the right size; returns it."""


@dataclass(frozen=True)
class Suite:
    """The primitives of one suite; all lengths in bytes."""

    number: int
    key_length: int
    aead: Callable[[bytes], Aead]
    hash: Callable[[bytes], bytes]  # data -> 32 bytes
    mac: Callable[[bytes, bytes], bytes]  # key, data -> 32 bytes
    extract_expand: Callable[[bytes, bytes, bytes, int], bytes]  # secret, salt, info, length

    def kdf(self, secret: bytes, info: bytes, length: int, salt: bytes = b"") -> bytes:
        """HKDF (RFC 5869) over the suite's hash; an empty salt means a salt of zeros, as the RFC says."""
        return self.extract_expand(secret, salt, info, length)

    def fresh_key(self) -> bytes:
        """A new random key of ``key_length`` bytes from the operating system."""
        return os.urandom(self.key_length)


def wrap(cipher: Aead, secret: bytes, aad: bytes) -> bytes:
    """``nonce12 ‖ ciphertext ‖ tag16`` under a random nonce: at most 2^32 wraps a key (NIST SP 800-38D, 8.3)."""
    nonce = os.urandom(NONCE)
    return nonce + cipher.encrypt(nonce, secret, aad)


def unwrap(cipher: Aead, wrapped: bytes, aad: bytes) -> bytes:
    """The secret of ``wrap``. Raises ``InvalidTag`` for another key, another aad, altered or missing bytes."""
    if len(wrapped) < NONCE + TAG:  # the library would complain about the nonce, in another way
        raise InvalidTag
    return cipher.decrypt(wrapped[:NONCE], wrapped[NONCE:], aad)
