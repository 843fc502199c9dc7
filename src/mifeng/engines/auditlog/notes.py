"""Signed notes (C2SP signed-note): a text, a blank line, and one line a signature.

    — <key name> base64(key id, 4 bytes ‖ signature)

A public key is written ``name+<key id, 8 hex digits>+base64(type ‖ key)``; the key id is the beginning of
SHA-256(name ‖ 0A ‖ type ‖ key). Types known here: 01 Ed25519 over the text, 04 a cosigner's Ed25519 over
``cosignature/v1\\ntime <seconds>\\n`` and the text, its signature preceded by the time, 8 bytes big-endian.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mifeng.engines.auditlog.errors import KeyUnusable, NoteMalformed, SignatureWrong, SignedByNoKnownKey

ED25519 = 0x01
COSIGNATURE = 0x04
DASH = "— "
_LONGEST = 1_000_000
_MOST_SIGNATURES = 100
_P = 2**255 - 19
# The y coordinates of the eight points of small order: under such a key one signature fits many texts.
_Y8 = 0x7A03AC9277FDC74EC6CC392CFA2A53202A0F67100D763CBA4FD84D3D706A17C7
_SMALL_ORDER = {0, 1, _P - 1, _Y8, _P - _Y8}


@dataclass(frozen=True)
class PublicKey:
    """A key that may stand under a note. `raw` = 32 bytes of Ed25519; `kind` is the signature type, 1 or 4.

    Raises `KeyUnusable` if the name has spaces or a plus, the type is unknown, or the point is not in canonical form or
    of small order.
    """

    name: str
    raw: bytes
    kind: int = ED25519

    def __post_init__(self) -> None:
        if not _nameable(self.name):
            raise KeyUnusable("a key name is not empty and has neither spaces nor plus")
        if self.kind not in (ED25519, COSIGNATURE):
            raise KeyUnusable(f"key type {self.kind:02x} is not known")
        if len(self.raw) != 32:
            raise KeyUnusable(f"a key has 32 bytes, found {len(self.raw)}")
        if not _sound(self.raw):
            raise KeyUnusable("the key is not canonical or of small order")

    @classmethod
    def parse(cls, text: str) -> "PublicKey":
        """Read ``name+id+base64``. Raises `KeyUnusable` if it is anything else or the id does not fit."""
        name, first, rest = text.partition("+")
        key_id, second, encoded = rest.partition("+")
        typed = _decoded(encoded)
        if not (first and second) or typed is None or len(typed) < 2:
            raise KeyUnusable("a key is written name+id+base64")
        key = cls(name, typed[1:], typed[0])
        if key_id != key.key_id.hex():
            raise KeyUnusable(f"the key's id is {key.key_id.hex()}, not as written")
        return key

    @property
    def key_id(self) -> bytes:
        """4 bytes; with the name they tell which key a signature line belongs to."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.raw).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(bytes([self.kind]) + self.raw).decode()}"

    def verifies(self, text: str, signature: bytes) -> bool:
        """Whether this key made the signature (64 bytes, or 72 with the time before it) over the text."""
        message = text.encode()
        if self.kind == COSIGNATURE:
            time, signature = signature[:8], signature[8:]
            message = cosigned(message, int.from_bytes(time, "big"))
        # OpenSSL lets a signature's point of small order pass; a strict reader elsewhere would not.
        if not _sound(signature[:32]):
            return False
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """A private key with its name; `seed` = 32 random bytes, kept by whoever may sign."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def key(self) -> PublicKey:
        """The public half: give its text to everybody who is to verify."""
        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        return PublicKey(self.name, private.public_key().public_bytes_raw())

    def sign(self, text: str) -> bytes:
        """64 bytes of Ed25519 over the text."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())


def cosigned(message: bytes, time: int) -> bytes:
    """What a cosigner signs: the text under a header that says when it was seen (seconds since 1970 UTC)."""
    return b"cosignature/v1\ntime %d\n" % time + message


def sign_note(text: str, *signers: Signer) -> str:
    """The note with one line a signer. Raises `NoteMalformed` if the text cannot be one: it ends in a newline."""
    if not text.endswith("\n") or not _printable(text):
        raise NoteMalformed("a note's text ends in a newline and holds no control characters")
    lines = [signature_line(signer.key, signer.sign(text)) for signer in signers]
    return text + "\n" + "".join(lines)


def signature_line(key: PublicKey, signature: bytes) -> str:
    """The line that stands under a note; for a cosigner the signature begins with the time."""
    return f"{DASH}{key.name} {base64.b64encode(key.key_id + signature).decode()}\n"


def open_note(note: str, keys: Iterable[PublicKey]) -> tuple[str, tuple[PublicKey, ...]]:
    """The text of a note and which of the keys signed it.

    Lines of other keys are ignored. Raises `NoteMalformed`, `SignatureWrong` if the line of a key handed in does not
    verify, `SignedByNoKnownKey` if there is no line of any of them.
    """
    text, lines = _parts(note)
    known = {(key.name, key.key_id): key for key in keys}
    signed: dict[tuple[str, bytes], PublicKey] = {}
    for line in lines:
        name, signature = _signature(line)
        key = known.get((name, signature[:4]))
        # A second line of the same key says nothing new: the first one decides.
        if key is None or (name, signature[:4]) in signed:
            continue
        if not key.verifies(text, signature[4:]):
            raise SignatureWrong(f"the signature of {key.name}+{key.key_id.hex()} does not verify")
        signed[name, signature[:4]] = key
    if not signed:
        raise SignedByNoKnownKey(f"none of {len(known)} keys signed this note")
    return text, tuple(signed.values())


def _parts(note: str) -> tuple[str, list[str]]:
    # The last blank line: the text may hold blank lines of its own.
    text, blank, lines = note.rpartition("\n\n")
    if not blank or not lines.endswith("\n") or len(note) > _LONGEST or not _printable(note):
        raise NoteMalformed("a note is a text, a blank line and signature lines, without control characters")
    signatures = lines[:-1].split("\n")
    if len(signatures) > _MOST_SIGNATURES:
        raise NoteMalformed(f"{len(signatures)} signature lines, at most {_MOST_SIGNATURES}")
    return text + "\n", signatures


def _signature(line: str) -> tuple[str, bytes]:
    name, space, encoded = line.removeprefix(DASH).partition(" ")
    signature = _decoded(encoded)
    if not line.startswith(DASH) or not space or not _nameable(name) or signature is None or len(signature) < 5:
        raise NoteMalformed("a signature line is: em dash, key name, base64 of key id and signature")
    return name, signature


def _decoded(encoded: str) -> bytes | None:
    try:
        plain = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
    # Loose padding bits would give one signature many spellings.
    return plain if base64.b64encode(plain).decode() == encoded else None


def _sound(point: bytes) -> bool:
    """Whether an encoded point is in canonical form and not of small order."""
    y = int.from_bytes(point, "little") & (2**255 - 1)
    return y < _P and y not in _SMALL_ORDER


def _nameable(name: str) -> bool:
    return bool(name) and "+" not in name and not any(c.isspace() for c in name) and _printable(name)


def _printable(text: str) -> bool:
    """No control characters but the newline, and nothing UTF-8 cannot say."""
    return all(c == "\n" or " " <= c < "\ud800" or c > "\udfff" for c in text)
