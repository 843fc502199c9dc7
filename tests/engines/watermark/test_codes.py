"""Numbers, words and what the decoder mends."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mifeng.engines.watermark import new_mark_id, short_id
from mifeng.engines.watermark.bch import mend
from mifeng.engines.watermark.codes import decode, encode, number_of, words

NUMBERS = st.integers(0, 2**48 - 1)


def as_signs(mark_id: int) -> np.ndarray:
    return 1.0 - 2.0 * encode(mark_id)


@settings(max_examples=40, deadline=None)
@given(NUMBERS, st.permutations(range(255)))
def test_thirty_hard_errors_are_always_mended(mark_id: int, order: list[int]) -> None:
    soft = as_signs(mark_id)
    soft[order[:30]] *= -1
    assert decode(soft)[:2] == (mark_id, True)


@settings(max_examples=10, deadline=None)
@given(NUMBERS, st.permutations(range(255)))
def test_more_errors_than_the_code_bears_are_not_passed_off_as_the_same_number(mark_id: int, order: list[int]) -> None:
    received = encode(mark_id)
    received[order[:31]] ^= 1
    message = mend(received)
    assert message is None or number_of(message[:48]) != mark_id


def test_more_wrong_bits_than_hard_decoding_mends_are_read_when_the_wrong_ones_are_weak() -> None:
    rng, read, wrong = np.random.default_rng(5), 0, []
    for mark_id in rng.integers(0, 2**48, 20):
        soft = as_signs(int(mark_id)) * 11.5 / 15.97 + rng.normal(0, 0.69, 255)
        wrong.append(int(((soft < 0) != encode(int(mark_id))).sum()))
        read += decode(soft)[:2] == (int(mark_id), True)
    assert np.mean(wrong) > 35, "more than hard decoding can mend"
    assert read >= 16


def test_noise_is_hardly_ever_taken_for_a_number() -> None:
    rng = np.random.default_rng(6)
    answers = [decode(rng.normal(0, 1, 255)) for _ in range(60)]
    assert max(metric for _, _, metric in answers) < 9.8
    assert decode(np.zeros(255)) == (0, False, 0.0)


@given(st.lists(NUMBERS, min_size=1, max_size=20))
def test_many_words_at_once_are_the_words_one_by_one(mark_ids: list[int]) -> None:
    assert (words(mark_ids) == np.array([as_signs(mark_id) for mark_id in mark_ids])).all()


def test_no_numbers_make_no_words() -> None:
    assert words([]).shape == (0, 255)


def test_any_two_words_differ_in_at_least_61_places() -> None:
    rng = np.random.default_rng(7)
    signs = words([int(number) for number in rng.integers(0, 2**48, 300)])
    agreement = signs @ signs.T - 255 * np.eye(300)
    assert agreement.max() <= 255 - 2 * 61


def test_a_short_id_is_six_capital_signs_and_tells_occasions_apart() -> None:
    shorts = {short_id(number) for number in range(1000)}
    assert len(shorts) == 1000
    assert all(len(short) == 6 and set(short) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for short in shorts)


@pytest.mark.parametrize("number", [-1, 2**48])
def test_a_number_outside_48_bits_is_refused(number: int) -> None:
    for function in (encode, short_id):
        with pytest.raises(ValueError, match="mark id"):
            function(number)
    assert len(encode(2**48 - 1)) == 255


def test_fresh_numbers_fit_and_differ() -> None:
    numbers = {new_mark_id() for _ in range(200)}
    assert len(numbers) == 200
    assert max(numbers) < 2**48
