"""What the pages make of values: times as people say them."""

from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from django.utils import translation

from mifeng.base import clock, registers
from mifeng.base.templatetags.mifeng import cells, level_tag, sheet_head, state_tag, until_text

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


def test_dates_and_numbers_of_copies_are_not_broken_inside_a_cell_and_nothing_slips_in_as_markup():
    columns = tuple(registers.Column(label, str, width=width) for label, width in (("编号", 15), ("去向", 20)))
    told = registers.Register("F05", "复制登记簿", columns, lambda person: ())
    drawn = cells(registers.Line(("", "000001复03 <b>2026-10-24 09:05</b>、000001—000004")), told)
    for whole in ("000001复03", "2026-10-24 09:05", "000001—000004"):
        assert f'<span class="nb">{whole}</span>' in drawn
    assert "<b>" not in drawn
    assert '<th scope="row" class="code nb">—</th>' in drawn


def test_a_state_and_a_heading_begin_with_a_capital_where_letters_have_them():
    assert ">Handed out<" in state_tag("run", "handed out")
    assert sheet_head("lend", "to sign")["title"] == "Lend"
    assert ">在库<" in state_tag("ok", "在库")


@pytest.fixture
def english(django_house):
    messages = import_module("mifeng.site.messages")
    messages.compile_all()
    translation.trans_real._translations.clear()


def test_a_level_keeps_whose_secret_it_is_apart_for_narrow_columns(english):
    with translation.override("en"):
        assert 'HIGHLY CONFIDENTIAL<span class="mf-lv-of"> (company)</span>' in level_tag(20)
