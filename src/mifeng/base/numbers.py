"""Gapless yearly numbers: taken as late as possible inside the deed; a void one is kept with its reason.

Numbers of a closed series (人密) are counted like the others, but what stands on the paper is shuffled: who knows some of
these papers learns from their numbers neither that there are others nor how many (P0.3).
"""

import hashlib
import hmac

from django.db.models import F

from mifeng.base import clock, vault
from mifeng.base.models import Counter, Issued
from mifeng.base.refusals import CHANGED, Conflict


def take(series: str, year: int | None = None) -> Issued:
    """The next number of the series in `year` (default: this year in the company's zone). Inside a deed only."""
    year = year or clock.today().year
    Counter.objects.get_or_create(series=series, year=year)
    Counter.objects.filter(series=series, year=year).update(n=F("n") + 1)
    n = Counter.objects.values_list("n", flat=True).get(series=series, year=year)
    return Issued.objects.create(series=series, year=year, n=n)


def start_at(series: str, year: int, n: int) -> None:
    """A series taken over from the paper register goes on after `n`; never goes back."""
    counter, _ = Counter.objects.get_or_create(series=series, year=year)
    counter.n = max(counter.n, n)
    counter.save()


def void(number: Issued, reason: str) -> None:
    """作废: the number stays in its register, with the reason. Inside a deed. Raises Conflict when it is void already."""
    if Issued.objects.filter(pk=number.pk, void=True).exists():
        raise Conflict("", CHANGED)
    number.void, number.void_reason = True, reason
    number.save()


def register_number(series: str, number: Issued, closed: bool = False) -> str:
    """As printed in registers: 定密〔2026〕0001. `closed`: of a closed series, and shuffled."""
    return f"{series}〔{number.year}〕{_shown(number, closed):04d}"


def document_number(series: str, number: Issued, closed: bool = False) -> str:
    """发文字号 as printed on papers: 澜岱密〔2026〕1号, no leading zero (GB/T 9704). `closed`: of a closed series, and shuffled."""
    return f"{series}〔{number.year}〕{_shown(number, closed)}号"


def _shown(number: Issued, closed: bool) -> int:
    return shuffled(f"{number.series}|{number.year}", number.n) if closed else number.n


ROUNDS = 8


def shuffled(label: str, n: int) -> int:
    """The place of n (from 1) among the numbers of its length, 1-9999, 10000-99999 …: one to one, under a key of the vault."""
    digits = max(4, len(str(n)))
    first = 10 ** (digits - 1) if digits > 4 else 1
    size = 10**digits - first
    half = ((size - 1).bit_length() + 1) // 2
    key, place = vault.derived("closed numbers"), n - first
    while True:  # a walk along the cycle: what lies beyond the range is shuffled again, until it lies in it
        place = _crossed(key, label, half, place)
        if place < size:
            return first + place


def _crossed(key: bytes, label: str, half: int, place: int) -> int:
    """A permutation of the numbers of 2 * half bits (Feistel)."""
    left, right = divmod(place, 1 << half)
    for turn in range(ROUNDS):
        told = hmac.digest(key, f"{label}|{half}|{turn}|{right}".encode(), hashlib.sha256)
        left, right = right, left ^ (int.from_bytes(told[:8]) % (1 << half))
    return (left << half) | right
