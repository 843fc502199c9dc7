"""A coded row with sealed texts: one statement to change it, and its code covers what is stored (decision 0005)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mifeng.base import codes, record
from mifeng.rooms.approvals.models import Approval
from tests import factories, matters

NEW = '{"why": "新的用途"}'


@pytest.fixture
def asked(house, cast):
    factories.registered(cast)
    return Approval.objects.get()


def stored(row):
    return bytes(Approval.objects.filter(pk=row.pk).values_list("payload", flat=True).get())


def statements(cast, act):
    with CaptureQueriesContext(connection) as caught:
        matters.inside(cast.clerk, act)
    return [told["sql"] for told in caught.captured_queries]


def test_a_changed_row_is_written_once_and_carries_the_code_of_what_is_stored(cast, asked):
    before, asked.payload = stored(asked), NEW
    written = [sql for sql in statements(cast, asked.save) if sql.startswith('UPDATE "approvals_approval"')]
    assert len(written) == 1
    assert asked.payload == NEW == Approval.objects.get(pk=asked.pk).payload
    assert stored(asked) != before and NEW.encode() not in stored(asked)
    codes.verify("approval", [asked.pk])


def test_a_text_that_was_read_and_set_again_is_not_taken_for_the_old_one(cast, asked):
    assert asked.payload and asked.row_code() == bytes(asked.row_mac)
    asked.payload = asked.payload + "。"
    matters.inside(cast.clerk, asked.save)
    assert asked.payload.endswith("。")
    codes.verify("approval", [asked.pk])


def test_inside_a_deed_the_log_is_read_once_and_outside_each_time(cast, asked):
    def look_twice():
        for _time in range(3):
            codes.verify("approval", [asked.pk])

    assert sum("FROM log WHERE" in sql for sql in statements(cast, look_twice)) == 1
    with CaptureQueriesContext(connection) as caught:
        look_twice()
    assert sum("FROM log WHERE" in told["sql"] for told in caught.captured_queries) == 3


def test_after_a_deed_that_failed_the_log_is_followed_again(house, cast, asked):
    def fail():
        codes.verify("approval", [asked.pk])
        raise ValueError

    with pytest.raises(ValueError):
        matters.inside(cast.clerk, fail)
    asked.payload = NEW
    matters.inside(cast.clerk, asked.save)
    codes.verify("approval", [asked.pk])
    assert record.state_of("approval", asked.pk) == codes.digests("approval", [asked.pk])[asked.pk]
