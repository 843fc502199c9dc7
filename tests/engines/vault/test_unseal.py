"""Two of three keepers open the vault; one, one twice, or one mistyped word does not."""

from itertools import combinations

import pytest
from shamir_mnemonic import EncryptedMasterSecret, split_ems

from mifeng.engines.vault import ShareRefused, unseal

PASSPHRASE = "青鹭 quiet harbour 1979"


def test_any_two_of_three_give_the_passphrase() -> None:
    shares = unseal.split(PASSPHRASE, 2, 3)
    assert len(shares) == len(set(shares)) == 3
    assert [unseal.join(list(pair)) for pair in combinations(shares, 2)] == [PASSPHRASE] * 3
    assert unseal.join(shares) == PASSPHRASE
    assert {len(share.split()) for share in shares} == {33}


def test_one_share_is_not_enough() -> None:
    shares = unseal.split(PASSPHRASE, 3, 5)
    for few in (shares[:1], shares[:2]):
        with pytest.raises(ShareRefused, match="3 shares are needed"):
            unseal.join(few)
    assert unseal.join(shares[1:4]) == PASSPHRASE
    with pytest.raises(ShareRefused, match="no share"):
        unseal.join([])


def test_one_keeper_twice_is_not_two() -> None:
    first, *_ = unseal.split(PASSPHRASE, 2, 3)
    with pytest.raises(ShareRefused, match="twice"):
        unseal.join([first, first])
    with pytest.raises(ShareRefused, match="twice"):
        unseal.join([first, first.upper()])


def test_every_mistyped_word_is_refused() -> None:
    first, second, _ = unseal.split(PASSPHRASE, 2, 3)
    words = first.split()
    for at in range(len(words)):
        other = "academic" if words[at] != "academic" else "acid"
        mistyped = " ".join([*words[:at], other, *words[at + 1 :]])
        for act in (lambda: unseal.check(mistyped), lambda: unseal.join([mistyped, second])):  # noqa: B023
            with pytest.raises(ShareRefused):
                act()
    assert unseal.join([first, second]) == PASSPHRASE


@pytest.mark.parametrize(
    "spoil",
    [
        lambda words: words[:-1],
        lambda words: words[1:],
        lambda words: [words[1], words[0], *words[2:]],
        lambda words: [*words, "acid"],
        lambda words: [*words[:-1], "notaword"],
        lambda words: [],
    ],
)
def test_missing_swapped_added_and_foreign_words_are_refused(spoil: object) -> None:
    first, _, _ = unseal.split(PASSPHRASE, 2, 3)
    with pytest.raises(ShareRefused):
        unseal.check(" ".join(spoil(first.split())))


def test_a_refusal_repeats_no_word_of_the_share() -> None:
    first, _, _ = unseal.split(PASSPHRASE, 2, 3)
    mistyped = first.rsplit(" ", 1)[0] + " zzzz"
    with pytest.raises(ShareRefused) as refusal:
        unseal.check(mistyped)
    assert not set(mistyped.split()) & set(str(refusal.value).split())
    assert (refusal.value.__cause__, refusal.value.__context__) == (None, None)


def test_shares_of_different_sets_do_not_mix() -> None:
    while True:  # the set number has 15 bits, so two sets share one now and then
        one, other = unseal.split(PASSPHRASE, 2, 3), unseal.split(PASSPHRASE, 2, 3)
        if unseal.check(one[0]).set_id != unseal.check(other[0]).set_id:
            break
    with pytest.raises(ShareRefused, match="different sets"):
        unseal.join([one[0], other[1]])


def test_sets_that_bear_the_same_number_by_chance_do_not_mix_either() -> None:
    one, other = (
        split_ems(1, [(2, 3)], EncryptedMasterSecret.from_master_secret(secret, b"", 77, True, 1))[0]
        for secret in (unseal._padded(b"one"), unseal._padded(b"other"))
    )
    words = [[share.mnemonic() for share in shares] for shares in (one, other)]
    assert [unseal.join(shares) for shares in words] == ["one", "other"]
    for mixed in ([words[0][0], words[1][1]], [words[0][0], words[0][1], words[1][2]]):
        with pytest.raises(ShareRefused, match="do not fit"):
            unseal.join(mixed)


def test_shares_of_something_else_hold_no_passphrase() -> None:
    for secret in (bytes(32), b"\xff" * 31 + b"\x80", b"a" * 32):
        master = EncryptedMasterSecret.from_master_secret(secret, b"", 77, True, 1)
        with pytest.raises(ShareRefused, match="hold no passphrase"):
            unseal.join([share.mnemonic() for share in split_ems(1, [(2, 3)], master)[0]])


def test_a_share_can_be_looked_at_alone_and_typed_carelessly() -> None:
    shares = unseal.split(PASSPHRASE, 2, 3)
    facts = [unseal.check("  " + share.upper().replace(" ", "\n ") + " ") for share in shares]
    assert [(one.number, one.needed) for one in facts] == [(1, 2), (2, 2), (3, 2)]
    assert len({one.set_id for one in facts}) == 1


@pytest.mark.parametrize("passphrase", ["x", "密", "a" * 31, "a" * 32, "\u0080\u0000", "密" * 85])
def test_passphrases_of_any_length_come_back(passphrase: str) -> None:
    assert unseal.join(unseal.split(passphrase, 2, 2)) == passphrase


@pytest.mark.parametrize("k,n", [(1, 3), (0, 0), (4, 3), (2, 17)])
def test_a_senseless_split_is_refused(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="k <= n"):
        unseal.split(PASSPHRASE, k, n)


def test_an_empty_and_an_endless_passphrase_are_refused() -> None:
    for passphrase in ("", "a" * 256):
        with pytest.raises(ValueError, match="1 to 255"):
            unseal.split(passphrase, 2, 3)
