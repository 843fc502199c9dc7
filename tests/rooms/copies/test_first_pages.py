"""红头首页: set by the house for one copy that is approved to be printed, once, marked for that copy."""

import io
from typing import Any

import cv2
import numpy as np
import pypdfium2
import pytest

from mifeng.base.papers import issued_paper
from mifeng.engines import watermark
from mifeng.rooms.copies import actions, queries, sheets
from mifeng.rooms.copies.facts import Method
from mifeng.rooms.viewing import pages as viewing_pages
from tests import factories, making


@pytest.fixture
def paper(house: Any, cast: Any) -> Any:
    return factories.readable(cast)


def run_of(house: Any, cast: Any, document: Any, **changes: Any) -> Any:
    approval = making.approved(house, cast, document, **changes)
    return actions.reproduce(cast.clerk, house.sit(cast.clerk), approval, approval.granted_now.copies, making.PLACE)


def test_g3_the_first_page_bears_number_mark_and_title_of_its_copy_and_is_set_once(house, cast, paper, refused):
    run = run_of(house, cast, paper)
    copy = run.made.order_by("pk").first().copy
    cover = actions.print_cover(cast.clerk, house.sit(cast.clerk), run, copy)
    told = cover.told
    assert (told.copy_no, told.mark, told.title, told.reference, told.plain) == (
        copy.number, "澜岱公司 机密 5年", paper.title, paper.number, False)  # fmt: skip
    assert told.banner.endswith("文件")
    entry = house.last()
    assert (entry["act"], entry["obj"]) == ("copies:print_cover", paper.item_key)
    with refused("M2.1"):
        actions.print_cover(cast.clerk, house.sit(cast.clerk), run, copy, plain=True)
    other = run.made.order_by("pk").last().copy
    assert actions.print_cover(cast.clerk, house.sit(cast.clerk), run, other, plain=True).told.plain


def test_m2_1_nobody_but_who_prints_has_it_and_only_what_is_approved_to_be_printed(house, cast, paper, refused):
    run = run_of(house, cast, paper, count=1)
    copy = run.made.get().copy
    with refused("M2.1"):
        actions.print_cover(cast.drafter, house.sit(cast.drafter), run, copy)
    source = actions.enter(cast.clerk, paper, [7], 2)[0]
    with refused("C2.2"):  # no approval prints this one
        actions.print_cover(cast.clerk, house.sit(cast.clerk), run, source)
    by_hand = run_of(house, cast, paper, count=1, method=Method.PHOTOCOPY, source=source)
    with refused("C2.2"):
        actions.print_cover(cast.clerk, house.sit(cast.clerk), by_hand, by_hand.made.get().copy)
    assert actions.print_cover(cast.clerk, house.sit(cast.clerk), run, copy)


def test_a_leaked_first_page_leads_to_its_copy_and_no_plain_page_leaves(house, cast, paper):
    run = run_of(house, cast, paper, count=1)
    row = run.made.get()
    cover = actions.print_cover(cast.clerk, house.sit(cast.clerk), run, row.copy)
    data = sheets.cover(cover, dpi=150)
    document = pypdfium2.PdfDocument(data)
    assert len(document) == 1
    assert "机密" not in document[0].get_textpage().get_text_range()  # pixels, no letters
    wide, high = document[0].get_size()
    assert (round(wide / 72 * 25.4), round(high / 72 * 25.4)) == (210, 297)
    actions.print_copy(cast.clerk, house.sit(cast.clerk), run, row.copy)
    assert row.copy.sheet_mark.mark == f"{cover.issue.mark:012x}"  # one mark in all sheets of a copy
    assert queries.disagreements() == []
    image = viewing_pages.sheet_image(issued_paper(cover.told), f"{cover.code}.cover", cover.issue, 150)
    picture = cv2.imdecode(np.frombuffer(image, np.uint8), cv2.IMREAD_COLOR)
    epoch, label = cover.issue.epoch, watermark.page_label(f"{cover.code}.cover", 1)
    found = watermark.read(picture, {epoch: viewing_pages.marks(epoch)}, [label])
    assert queries.copy_of_mark(found.id) == row.copy


def test_the_page_of_a_run_offers_both_templates_and_sends_a_file(house, cast, paper):
    run = run_of(house, cast, paper)
    copy = run.made.order_by("pk").first().copy
    clerk, address = house.open_page_as(cast.clerk), f"/copies/jobs/{run.approval_uid}/"
    page = clerk.get(address).content.decode()
    assert 'value="cover"' in page and 'value="plain_cover"' in page
    assert f'action="/papers/{run.approval_uid}/"' in page and 'value="F05"' in page
    answer = clerk.post(f"{address}deed/", {"do": "plain_cover", "copy": copy.uid})
    assert (answer.status_code, answer.content[:5], answer["Cache-Control"]) == (200, b"%PDF-", "no-store")
    assert paper.title not in answer["Content-Disposition"]
    assert "普通首页" in clerk.get(address).content.decode()
    assert io.BytesIO(answer.content).getbuffer().nbytes > 10_000
