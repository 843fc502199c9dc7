"""A post that was given until a day can be ended before it (P1.1)."""

from datetime import timedelta
from typing import Any

import pytest

from mifeng.base import clock
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import Person


@pytest.mark.parametrize("how", ["ended", "left"])
def test_p1_1_a_post_with_a_last_day_ends_early_and_with_whoever_leaves(house: Any, cast: Any, how: str) -> None:
    last = clock.today() + timedelta(days=30)
    people.assign_post(cast.hr, cast.outsider, "archivist", clock.today(), last)
    people.assign_post(cast.hr, cast.outsider, "clerk", last, last)
    assert "archivist" in cast.outsider.posts()
    if how == "ended":
        people.end_post(cast.hr, cast.outsider, "archivist")
    else:
        people.close_account(cast.hr, cast.outsider)
    outsider = Person.objects.get(pk=cast.outsider.pk)
    assert "archivist" not in outsider.posts()
    assert ("clerk" in outsider.posts(last)) is (how == "ended")  # another post goes on; whoever left begins none
