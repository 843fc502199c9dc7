"""Number of an occasion <-> 255 code bits: CRC-15, the BCH(255,63) code and its soft decoder.

Bits are NumPy uint8 arrays of 0 and 1. The message is the 48-bit number, most significant bit first, then its CRC.
The code word is message polynomial times generator (not systematic): bit i of the message shifts the generator by i
places.
"""

import hashlib
import secrets
from base64 import b32encode
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mifeng.engines.watermark.bch import CODE_BITS, MESSAGE_BITS, Bits, generator, mend

ID_BITS = 48
CRC_POLYNOMIAL = 0x4599

Soft = NDArray[np.float64]


def new_mark_id() -> int:
    """Returns a fresh 48-bit number from the system's secure source. Uniqueness is for the registry to enforce."""
    return secrets.randbits(ID_BITS)


def short_id(mark_id: int) -> str:
    """Returns the six signs (RFC 4648 base32, capital) that stand for `mark_id` in a visible mark.

    They are the first 30 bits of SHA-256("mifeng/mark/1/short|" + number as 6 bytes, big-endian): enough to ask for
    the right sheet, too little to rebuild the number.
    """
    digest = hashlib.sha256(b"mifeng/mark/1/short|" + checked(mark_id).to_bytes(6, "big")).digest()
    return b32encode(digest[:5]).decode("ascii")[:6]


def checked(mark_id: int) -> int:
    """Returns `mark_id` unchanged.

    Raises:
        ValueError: it does not fit 48 bits.
    """
    if not 0 <= mark_id < 1 << ID_BITS:
        raise ValueError(f"mark id must be in 0 .. 2^{ID_BITS} - 1")
    return mark_id


@lru_cache(maxsize=1)
def _matrix() -> Bits:
    """Returns the generator matrix, 63 x 255: row i is the generator shifted by i."""
    row, matrix = generator(), np.zeros((MESSAGE_BITS, CODE_BITS), np.uint8)
    for i in range(MESSAGE_BITS):
        matrix[i, i : i + len(row)] = row
    return matrix


# ---- coding ----


def bits_of(number: int, count: int) -> Bits:
    """Returns the `count` lowest bits of `number`, most significant first."""
    return np.array([number >> i & 1 for i in range(count - 1, -1, -1)], np.uint8)


def number_of(bits: Bits) -> int:
    """Returns the number whose bits, most significant first, are given."""
    return int("".join("1" if bit else "0" for bit in bits), 2)


def crc15(bits: Bits) -> int:
    """Returns the CRC of `bits`: 15 bits, polynomial 0x4599, start 0, no reflection, no final change."""
    register = 0
    for bit in bits:
        feedback = (register >> 14 & 1) ^ int(bit)
        register = (register << 1 & 0x7FFF) ^ (CRC_POLYNOMIAL if feedback else 0)
    return register


def encode(mark_id: int) -> Bits:
    """Returns the code word c0 .. c254 of a 48-bit number.

    Raises:
        ValueError: the number does not fit 48 bits.
    """
    number = bits_of(checked(mark_id), ID_BITS)
    message = np.concatenate([number, bits_of(crc15(number), MESSAGE_BITS - ID_BITS)])
    return _word(message)


def words(mark_ids: Sequence[int]) -> NDArray[np.float32]:
    """Returns the code words of many numbers as signs (0 -> +1, 1 -> -1), float32, one a row, for a scan of the
    registry.
    """
    numbers = np.array([checked(mark_id) for mark_id in mark_ids], "<u8")
    packed = np.zeros((len(numbers), 32), np.uint8)
    for byte, table in zip(numbers.view(np.uint8).reshape(-1, 8)[:, :6].T, _byte_tables(), strict=True):
        packed ^= table[byte]
    return _SIGNS_OF_BYTE[packed].reshape(-1, 256)[:, :CODE_BITS]


_SIGNS_OF_BYTE = (1 - 2 * np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).astype(np.float32)).astype(
    np.float32
)


@lru_cache(maxsize=1)
def _byte_tables() -> tuple[Bits, ...]:
    """Returns for each of the six bytes of a number, lowest first, the packed code word of its 256 values.

    The CRC starts at 0, so that a word is the sum of the words of the bytes.
    """
    return tuple(
        np.array([np.packbits(np.append(encode(value << 8 * place), 0)) for value in range(256)], np.uint8)
        for place in range(6)
    )


# ---- decoding ----


def decode(soft: Soft) -> tuple[int, bool, float]:
    """Finds the code word that agrees best with 255 soft bits (positive = 0).

    Tried are the words of ordered statistics of order 2 (Fossorier and Lin, 1995) and the one word within 30 hard
    errors, if any: the first is strong when reliabilities differ, the second when they are all alike.

    Returns the number, whether its CRC holds, and the metric <soft, word> / |soft|, at most sqrt(255) = 15.97. The
    best of 2^63 random words lies near 9.35.
    """
    soft = np.asarray(soft, float)
    norm = float(np.linalg.norm(soft))
    if not norm > 0:
        return 0, False, 0.0
    candidates = [_by_reliability(soft)]
    mended = mend((soft < 0).astype(np.uint8))
    if mended is not None:
        candidates.append(mended)
    message = max(candidates, key=lambda bits: _agreement(bits, soft))
    right = number_of(message[ID_BITS:]) == crc15(message[:ID_BITS])
    return number_of(message[:ID_BITS]), right, _agreement(message, soft) / norm


def _agreement(message: Bits, soft: Soft) -> float:
    return float((1.0 - 2.0 * _word(message)) @ soft)


def _word(message: Bits) -> Bits:
    return (message.astype(np.int64) @ _matrix() % 2).astype(np.uint8)


def _by_reliability(soft: Soft) -> Bits:
    """Returns the message of the best word of order 2: the 63 most reliable independent signs, none, one or two of
    them flipped.
    """
    order = np.argsort(-np.abs(soft), kind="stable")
    reduced, operations, pivots = _most_reliable_basis(order)
    ordered = soft[order]
    basis = (ordered[pivots] < 0).astype(np.uint8)
    basis[_best_flips(reduced, basis, ordered)] ^= 1
    return (basis.astype(np.int64) @ operations % 2).astype(np.uint8)


def _most_reliable_basis(order: NDArray[np.intp]) -> tuple[Bits, Bits, list[int]]:
    """Gauss-eliminates the generator matrix with its columns taken in `order`.

    Returns the reduced matrix, the row operations (basis signs @ operations = message), and the 63 columns that
    became unit vectors.
    """
    rows = np.concatenate([_matrix()[:, order], np.eye(MESSAGE_BITS, dtype=np.uint8)], axis=1)
    pivots: list[int] = []
    for column in range(CODE_BITS):
        row = len(pivots)
        if row == MESSAGE_BITS:
            break
        below = np.flatnonzero(rows[row:, column])
        if not len(below):
            continue
        if below[0]:
            rows[[row, row + below[0]]] = rows[[row + below[0], row]]
        others = np.flatnonzero(rows[:, column])
        rows[others[others != row]] ^= rows[row]
        pivots.append(column)
    return rows[:, :CODE_BITS], rows[:, CODE_BITS:], pivots


def _best_flips(reduced: Bits, signs: Bits, ordered: Soft) -> list[int]:
    """Returns which basis signs to flip (none, one or two) for the greatest correlation.

    A flip multiplies the word by its row of signs, so all 1 953 pairs are one product of a 63 x 255 matrix with its
    transpose.
    """
    rows = 1.0 - 2.0 * reduced
    agreed = (1.0 - 2.0 * (signs.astype(np.int64) @ reduced % 2)) * ordered
    single = rows @ agreed
    pairs = (rows * agreed) @ rows.T
    np.fill_diagonal(pairs, -np.inf)
    best_pair = np.unravel_index(int(np.argmax(pairs)), pairs.shape)
    choices = [
        (float(agreed.sum()), list[int]()),
        (float(single.max()), [int(single.argmax())]),
        (float(pairs.max()), [int(i) for i in best_pair]),
    ]
    return max(choices, key=lambda choice: choice[0])[1]
