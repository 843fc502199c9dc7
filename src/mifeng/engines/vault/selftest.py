"""Known answers, asked at every start: a broken library must be noticed before it seals anything."""

from collections.abc import Callable

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag

from mifeng.engines.vault import unseal
from mifeng.engines.vault.envelope import HEADER, Header, Kind, Reader, Writer
from mifeng.engines.vault.errors import Broken, SelfTestFailed
from mifeng.engines.vault.suites.international import INTERNATIONAL as ONE

_H = bytes.fromhex
GOLDEN = "6ff013a5fdece018c2ef0dba0b69ed1d3fa41c1c54dd98e8af08e25c11ecd927"


def _sha256() -> bool:
    """FIPS 180-4, example "abc"."""
    return ONE.hash(b"abc") == _H("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")


def _hmac() -> bool:
    """RFC 4231, case 2."""
    expected = _H("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    return ONE.mac(b"Jefe", b"what do ya want for nothing?") == expected


def _hkdf() -> bool:
    """RFC 5869, case A.1."""
    expected = _H("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
    return ONE.kdf(_H("0b" * 22), _H("f0f1f2f3f4f5f6f7f8f9"), 42, _H("000102030405060708090a0b0c")) == expected


def _gcm() -> bool:
    """AES-256-GCM, test case 16 of the GCM submission to NIST; a flipped tag must be refused."""
    key = _H("feffe9928665731c6d6a8f9467308308" * 2)
    nonce, aad = _H("cafebabefacedbaddecaf888"), _H("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    text = _H(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    expected = _H(
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    )
    sealed = ONE.aead(key).encrypt(nonce, text, aad)
    try:
        ONE.aead(key).decrypt(nonce, sealed[:-1] + bytes([sealed[-1] ^ 1]), aad)
    except InvalidTag:
        return sealed == expected and ONE.aead(key).decrypt(nonce, sealed, aad) == text
    return False


def _argon2id() -> bool:
    """The reference implementation's own test: 2 passes over 256 KiB in one lane."""
    expected = _H("9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe")
    return hash_secret_raw(b"password", b"somesalt", 2, 256, 1, 32, Type.ID) == expected


def _container() -> bool:
    """A golden container, and the same under another key, which the commitment must refuse."""
    dek, header = bytes(range(32)), Header(1, Kind.TEXT, b"d" * 16, 1, 0, 5, b"o" * 16, b"prefix7")
    sealed = b"".join(bytes(piece) for piece in Writer(ONE, dek, header).pieces([memoryview(b"hello")]))

    def reader(key: bytes) -> Reader:
        return Reader(ONE, key, sealed[:HEADER], len(sealed), lambda start, length: sealed[start : start + length])

    try:
        reader(bytes(32))
    except Broken:
        return reader(dek).read() == b"hello" and ONE.hash(sealed) == _H(GOLDEN)
    return False


def _shares() -> bool:
    """Two of three give the passphrase back."""
    first, _, third = unseal.split("known answer", 2, 3)
    return unseal.join([third, first]) == "known answer"


ANSWERS: dict[str, Callable[[], bool]] = {
    "SHA-256": _sha256,
    "HMAC-SHA256": _hmac,
    "HKDF-SHA256": _hkdf,
    "AES-256-GCM": _gcm,
    "Argon2id": _argon2id,
    "MFV1": _container,
    "SLIP-39": _shares,
}


def self_test() -> tuple[str, ...]:
    """Ask every known answer; returns their names. Raises ``SelfTestFailed`` with the name of the first wrong one."""
    for name, right in ANSWERS.items():
        if not right():
            raise SelfTestFailed(f"the known answer of {name} came out differently")
    return tuple(ANSWERS)
