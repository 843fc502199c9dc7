"""What the pages make of values: times as people say them."""

from datetime import UTC, date, datetime

import pytest

from mifeng.base import clock
from mifeng.base.templatetags.mifeng import until_text

MONDAY = datetime(2026, 3, 16, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (clock.end_of(date(2026, 3, 20)), "03-20"),
        (clock.end_of(date(2026, 3, 16)), "今天"),
        (clock.end_of(date(2027, 3, 16)), "2027-03-16"),
        (datetime(2026, 3, 20, 9, 30, tzinfo=UTC), "03-20 17:30"),
        (None, "—"),
    ],
    ids=["a day", "today", "another year", "a minute", "none"],
)
def test_a_time_that_ends_at_midnight_is_shown_as_the_day_that_still_counts(at, words):
    with clock.played(MONDAY):
        assert until_text(at) == words
