"""The codec of the invisible mark once more, in plain Python without NumPy: slow, short, to be read in a minute."""

import hashlib
import hmac

FIELD, CELLS, REPEATS = 0x11D, 48, 6
HASHES = {1: "sha256", 2: "sm3"}


def hkdf(suite: int, root: bytes, info: str) -> bytes:
    """RFC 5869, empty salt, one block."""
    extracted = hmac.new(bytes(32), root, HASHES[suite]).digest()
    return hmac.new(extracted, info.encode() + b"\x01", HASHES[suite]).digest()


def stream(suite: int, key: bytes, label: bytes, length: int) -> bytes:
    """SHAKE-256(key | "|" | label), or HMAC-SM3 blocks over a counter from 1 and the label."""
    if suite == 1:
        return hashlib.shake_256(key + b"|" + label).digest(length)
    blocks = (hmac.new(key, i.to_bytes(4, "big") + label, "sm3").digest() for i in range(1, length // 32 + 2))
    return b"".join(blocks)[:length]


def signs(suite: int, key: bytes, label: bytes, count: int) -> list[int]:
    """Bits, most significant first: 0 -> +1, 1 -> -1."""
    data = stream(suite, key, label, (count + 7) // 8)
    return [1 - 2 * (data[i // 8] >> (7 - i % 8) & 1) for i in range(count)]


def permutation(suite: int, root: bytes, epoch: str) -> list[int]:
    """Cells in the order of 2 304 little-endian 32-bit words, equal words in the order of cells."""
    data = stream(suite, hkdf(suite, root, f"mifeng/mark/1/sync|{epoch}"), b"perm", CELLS * CELLS * 4)
    return sorted(range(CELLS * CELLS), key=lambda i: int.from_bytes(data[4 * i : 4 * i + 4], "little"))


def sync_signs(suite: int, root: bytes, epoch: str) -> list[int]:
    """774 signs."""
    return signs(suite, hkdf(suite, root, f"mifeng/mark/1/sync|{epoch}"), b"sync", CELLS * CELLS - 255 * REPEATS)


def page_signs(suite: int, root: bytes, epoch: str, page: str) -> list[int]:
    """1 530 signs."""
    return signs(suite, hkdf(suite, root, f"mifeng/mark/1/page|{epoch}|{page}"), b"page", 255 * REPEATS)


def times(left: int, right: int) -> int:
    """Product in GF(256)."""
    product = 0
    while right:
        product ^= left if right & 1 else 0
        left = left << 1 ^ (FIELD if left & 128 else 0)
        right >>= 1
    return product


def generator() -> list[int]:
    """g0 .. g192: product of (x - alpha^e) over all conjugates of alpha^1 .. alpha^60."""
    exponents = {r * 2**j % 255 for r in range(1, 61) for j in range(8)}
    polynomial = [1]
    for exponent in sorted(exponents):
        root = 1
        for _ in range(exponent):
            root = times(root, 2)
        shifted, scaled = [0, *polynomial], [times(value, root) for value in polynomial] + [0]
        polynomial = [a ^ b for a, b in zip(shifted, scaled, strict=True)]
    return polynomial


def crc15(bits: list[int]) -> list[int]:
    """Long division of bits * x^15 by x^15 + 0x4599."""
    rest = [*bits, *[0] * 15]
    divisor = [1] + [0x4599 >> i & 1 for i in range(14, -1, -1)]
    for i in range(len(bits)):
        if rest[i]:
            rest[i : i + 16] = [a ^ b for a, b in zip(rest[i : i + 16], divisor, strict=True)]
    return rest[-15:]


def encode(mark_id: int) -> list[int]:
    """c0 .. c254."""
    bits = [mark_id >> i & 1 for i in range(47, -1, -1)]
    word, row = [0] * 255, generator()
    for i, bit in enumerate(bits + crc15(bits)):
        if bit:
            for j, value in enumerate(row):
                word[i + j] ^= value
    return word


def tile(suite: int, root: bytes, epoch: str, page: str, mark_id: int) -> list[int]:
    """The 2 304 chips, row by row."""
    chips, cells = [0] * (CELLS * CELLS), permutation(suite, root, epoch)
    word = encode(mark_id)
    for j, sign in enumerate(page_signs(suite, root, epoch, page)):
        chips[cells[j]] = sign * (1 - 2 * word[j % 255])
    for cell, sign in zip(cells[255 * REPEATS :], sync_signs(suite, root, epoch), strict=True):
        chips[cell] = sign
    return chips
