"""Numbers of a closed series: counted without a gap, and shuffled where people read them (P0.3)."""

from itertools import pairwise

import pytest

from mifeng.base import numbers, vault
from mifeng.base.models import Issued
from mifeng.rooms.documents.models import Document
from tests import factories


@pytest.fixture
def key(monkeypatch):
    monkeypatch.setattr(vault, "derived", lambda label, length=32: label.encode().ljust(32, b"."))


def test_p0_3_every_number_of_a_year_stands_for_one_place_and_none_leaves_its_length(key):
    for label in ("人密|2026", "人定密|2026"):
        assert sorted(numbers.shuffled(label, n) for n in range(1, 10_000)) == list(range(1, 10_000))
    longer = {numbers.shuffled("人密|2026", n) for n in range(10_000, 12_000)}
    assert len(longer) == 2_000 and min(longer) >= 10_000 and max(longer) <= 99_999


def test_p0_3_the_numbers_of_the_first_papers_lie_all_over_the_range_and_in_no_order(key):
    shown = [numbers.shuffled("人密|2026", n) for n in range(1, 41)]
    assert sum(a < b for a, b in pairwise(shown)) in range(10, 30)
    assert min(shown) < 1_000 and max(shown) > 9_000
    assert shown != [numbers.shuffled("人密|2027", n) for n in range(1, 41)]


def personnel(cast, title, *logins):
    proposed = factories.proposed(10, category="S6", line="hr_file", scope=factories.scope_of("dingxl", *logins), reason="")
    document = factories.registered(cast, owner=cast.hr, title=title, proposed=proposed, department=cast.hr.department)
    factories.approve_all(document.item_key)
    return Document.objects.get(pk=document.pk)


def test_p0_3_who_knows_some_personnel_papers_reads_no_gap_and_the_house_counts_none(house, cast):
    papers = [personnel(cast, f"档案{n}", *(("gexy",) if n != 2 else ())) for n in range(1, 4)]
    counted = list(Issued.objects.filter(series="人密").order_by("n").values_list("n", flat=True))
    assert counted == [1, 2, 3]
    shown = [int(paper.number.removeprefix("人密〔2026〕").removesuffix("号")) for paper in papers]
    assert len(set(shown)) == 3 and shown != counted
    open_paper = factories.classified(cast)
    assert open_paper.number.endswith("〕1号")  # whose gaps tell nothing that is closed, and are checked
