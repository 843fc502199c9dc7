"""The start passphrase in shares for its keepers (SLIP-39): any ``k`` of ``n`` give it back, fewer give nothing.

>>> from mifeng.engines.vault import unseal
>>> shares = unseal.split("青鹭 三型 quiet harbour", 2, 3)
>>> unseal.join([shares[2], shares[0]])
'青鹭 三型 quiet harbour'
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics

from mifeng.engines.vault.errors import ShareRefused

BLOCK = 32  # bytes: every passphrase of up to 31 bytes gives shares of 33 words
LONGEST = 255  # bytes of UTF-8


@dataclass(frozen=True)
class ShareFacts:
    """What a share says without the others: the set it belongs to, its number in it, how many are needed."""

    set_id: int
    number: int
    needed: int


def split(passphrase: str, k: int, n: int) -> list[str]:
    """``n`` shares, each a line of English words, of which any ``k`` suffice; 2 <= k <= n <= 16.

    Every call makes a new set whose shares do not mix with those of another. Raises ``ValueError``.
    """
    if not 2 <= k <= n <= 16:
        raise ValueError(f"2 <= k <= n <= 16, got k={k}, n={n}")
    secret = _padded(unicodedata.normalize("NFKC", passphrase).encode())
    return generate_mnemonics(1, [(k, n)], secret)[0]


def check(share: str) -> ShareFacts:
    """Look at one share as soon as it is typed. Raises ``ShareRefused`` for a mistyped word."""
    facts = _parsed(share)
    return ShareFacts(facts.identifier, facts.index + 1, facts.member_threshold)


def join(shares: Sequence[str]) -> str:
    """The passphrase from at least ``k`` different shares of one set.

    Raises ``ShareRefused`` for a mistyped share, one share twice, too few, or shares of different sets.
    """
    parsed = [_parsed(share) for share in shares]
    if not parsed:
        raise ShareRefused("no share was given")
    if len({(share.identifier, share.member_threshold) for share in parsed}) != 1:
        raise ShareRefused("the shares come from different sets")
    if len({share.index for share in parsed}) != len(parsed):
        raise ShareRefused("the same share was given twice")
    needed = parsed[0].member_threshold
    if len(parsed) < needed:
        raise ShareRefused(f"{needed} shares are needed, {len(parsed)} were given")
    # All ways to join them, not only the first: a share of another set with the same number fails its digest then.
    secrets = [_combined(some) for some in combinations(parsed, needed)]
    return _unpadded(secrets[0])


def _parsed(share: str) -> Share:
    try:
        parsed = Share.from_mnemonic(" ".join(share.split()).lower())
    except MnemonicError:
        # Not chained: the library's message quotes words of the share.
        parsed = None
    if parsed is None:
        raise ShareRefused("a word of this share is mistyped, missing or out of place")
    return parsed


def _combined(shares: Sequence[Share]) -> bytes:
    try:
        return combine_mnemonics([share.mnemonic() for share in shares])
    except MnemonicError:
        secret = None
    if secret is None:
        raise ShareRefused("the shares do not fit together")
    return secret


def _padded(secret: bytes) -> bytes:
    """One byte 0x80, then zeros to a multiple of 32: the number of words tells the length only roughly."""
    if not 1 <= len(secret) <= LONGEST:
        raise ValueError(f"a passphrase has 1 to {LONGEST} bytes, got {len(secret)}")
    return secret + b"\x80" + bytes(-(len(secret) + 1) % BLOCK)


def _unpadded(padded: bytes) -> str:
    text, mark, rest = padded.rpartition(b"\x80")
    try:
        if not mark or rest.strip(b"\0"):
            raise ValueError
        return text.decode()
    except ValueError:
        raise ShareRefused("the shares hold no passphrase") from None
