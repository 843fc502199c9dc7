"""The BCH(255,63) code: field, generator, and hard decoding of up to 30 errors.

The field is GF(256) with x^8 + x^4 + x^3 + x^2 + 1 (0x11D), alpha = x. The generator is the product of the minimal
polynomials of alpha^1 .. alpha^60: degree 192, designed distance 61.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

CODE_BITS, MESSAGE_BITS = 255, 63
HARD_ERRORS = 30
FIELD_POLYNOMIAL = 0x11D

Bits = NDArray[np.uint8]


def _powers() -> list[int]:
    """Returns alpha^0 .. alpha^254."""
    powers = [1]
    while len(powers) < CODE_BITS:
        doubled = powers[-1] << 1
        powers.append(doubled ^ FIELD_POLYNOMIAL if doubled & 0x100 else doubled)
    return powers


POWERS = _powers()
LOG = {value: exponent for exponent, value in enumerate(POWERS)}


def _product(left: int, right: int) -> int:
    """Returns the product of two field elements."""
    return POWERS[(LOG[left] + LOG[right]) % CODE_BITS] if left and right else 0


def _minimal_polynomial(exponents: list[int]) -> int:
    """Returns the product of (x - alpha^e) over one conjugacy class as a bit mask: bit i is the coefficient of
    x^i.
    """
    coefficients = [1]
    for exponent in exponents:
        longer = [0, *coefficients]
        for i, value in enumerate(coefficients):
            longer[i] ^= _product(value, POWERS[exponent])
        coefficients = longer
    return sum(value << i for i, value in enumerate(coefficients))


def _times(left: int, right: int) -> int:
    """Returns the product of two polynomials over GF(2), both as bit masks."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left, right = left << 1, right >> 1
    return product


@lru_cache(maxsize=1)
def _generator_mask() -> int:
    product, done = 1, set[int]()
    for root in range(1, 2 * HARD_ERRORS + 1):
        if root not in done:
            conjugates = sorted({root * 2**j % CODE_BITS for j in range(8)})
            done.update(conjugates)
            product = _times(product, _minimal_polynomial(conjugates))
    return product


def generator() -> Bits:
    """Returns g0 .. g192, the coefficients of the generator polynomial."""
    return np.array([_generator_mask() >> i & 1 for i in range(CODE_BITS - MESSAGE_BITS + 1)], np.uint8)


def mend(received: Bits) -> Bits | None:
    """Returns the 63 message bits of the code word within 30 errors of 255 received bits, or None when there is none.

    Syndromes, Berlekamp-Massey, search of the roots, division by the generator.
    """
    locator = _locator(_syndromes(received))
    places = _places(locator)
    if len(places) != len(locator) - 1 or len(places) > HARD_ERRORS:
        return None
    word = received.copy()
    word[places] ^= 1
    return _message(word)


def _syndromes(received: Bits) -> list[int]:
    """Returns received(alpha^1) .. received(alpha^60)."""
    places, powers = np.flatnonzero(received), np.array(POWERS)
    return [
        int(np.bitwise_xor.reduce(powers[places * root % CODE_BITS], initial=0))
        for root in range(1, 2 * HARD_ERRORS + 1)
    ]


def _locator(syndromes: list[int]) -> list[int]:
    """Returns the shortest register that makes the syndromes (Berlekamp-Massey, Massey 1969), lowest coefficient
    first.
    """
    current, previous, length, gap, last = [1], [1], 0, 1, 1
    for step in range(len(syndromes)):
        error = 0
        for i, value in enumerate(current[: step + 1]):
            error ^= _product(value, syndromes[step - i])
        if not error:
            gap += 1
            continue
        changed = _corrected(current, previous, _product(error, POWERS[-LOG[last] % CODE_BITS]), gap)
        if 2 * length <= step:
            length, previous, last, gap = step + 1 - length, current, error, 1
        else:
            gap += 1
        current = changed
    while len(current) > 1 and not current[-1]:
        current.pop()
    return current


def _corrected(current: list[int], previous: list[int], factor: int, gap: int) -> list[int]:
    """Returns current + factor * x^gap * previous."""
    changed = current + [0] * max(0, len(previous) + gap - len(current))
    for i, value in enumerate(previous):
        changed[i + gap] ^= _product(factor, value)
    return changed


def _places(locator: list[int]) -> list[int]:
    """Returns the places i for which alpha^-i is a root of the locator: the wrong bits."""
    powers, exponents = np.array(POWERS), np.arange(CODE_BITS)
    value = np.zeros(CODE_BITS, np.int64)
    for degree, coefficient in enumerate(locator):
        if coefficient:
            value ^= powers[(LOG[coefficient] - exponents * degree) % CODE_BITS]
    return [int(place) for place in np.flatnonzero(value == 0)]


def _message(word: Bits) -> Bits | None:
    """Divides a code word by the generator; None when a remainder is left (it was no code word)."""
    rest = int("".join("1" if bit else "0" for bit in word[::-1]), 2)
    message, divisor = np.zeros(MESSAGE_BITS, np.uint8), _generator_mask()
    for i in range(MESSAGE_BITS - 1, -1, -1):
        if rest >> (i + CODE_BITS - MESSAGE_BITS) & 1:
            rest ^= divisor << i
            message[i] = 1
    return None if rest else message
