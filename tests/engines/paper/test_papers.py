"""Papers: the same bytes for the same words, nothing cut in silence, and everything where the regime wants it, in mm."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import pypdfium2
import pytest
from PIL import Image

from mifeng.engines import paper
from mifeng.engines.paper import faces as typefaces
from mifeng.engines.paper import form, issued, labels, ledger
from mifeng.engines.paper.faces import FaceBroken
from mifeng.engines.watermark.lettering import FONTS, SANS
from tests.printed import drawn, ink, pages, size, words

SERIF, BOLD = FONTS / "NotoSerifSC-Regular.ttf", FONTS / "NotoSerifSC-Bold.ttf"
FACES = paper.Faces(song=SERIF, bold=BOLD, hei=SANS, banner=BOLD, fang=SERIF, kai=SERIF)
PAPER = issued.Issued(
    banner="云汐澜岱精密传动有限公司文件", title="关于调整班车的通知", reference="澜岱密〔2026〕3号", copy_no="000003",
    mark="澜岱公司 机密 5年", urgency="特急", addressee="各部门：", body=("现将有关事项通知如下。", "一、总体安排"),
    signature="云汐澜岱精密传动有限公司", day="2026年3月16日", copied_to="抄送：董事会办公室。",
    imprint=("总经理办公室", "2026年3月16日印发"), creator="test",
)  # fmt: skip
LINE = 225 / 22
MIDDLE = 28 + 156 / 2


def book(count: int = 3, **changes: Any) -> ledger.Ledger:
    columns = (ledger.Heading("编号", 15, True), ledger.Heading("文件", 40), ledger.Heading("日期", 12, True))
    rows = [
        ledger.Row((ledger.Cell(f"收密〔2026〕{n:04d}"), ledger.Cell(f"第{n}件"), ledger.Cell("2026-03-16"))) for n in range(1, count + 1)
    ]
    told = ledger.Ledger(
        title="收文登记簿", head=("单位：澜岱", "2026 年度", "本簿按 机密 管理"), columns=columns, rows=rows,
        foot=(f"共 {count} 行", "打印 简小禾"),
        sign="核对人（签名）", ended="（以下空白）", empty="无", page=lambda n, of: f"第 {n} 页 共 {of} 页", creator="test",
    )  # fmt: skip
    return replace(told, **changes)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


# Registers ------------------------------------------------------------------------------------------------------------


def test_a_register_is_a4_landscape_with_its_head_and_foot_on_every_sheet() -> None:
    pdf = ledger.pdf(book(60), FACES)
    told = squeezed(words(pdf))
    assert (size(pdf), pages(pdf)) == ((297, 210), 3)
    for each in ("收文登记簿", "单位：澜岱", "本簿按机密管理", "编号", "核对人（签名）", "共60行"):
        assert told.count(each) == 3, each
    assert [told.count(f"第{n}页共3页") for n in (1, 2, 3)] == [1, 1, 1]
    assert told.count("（以下空白）") == 1
    assert re.findall(r"收密〔2026〕(\d{4})", told) == [f"{n:04d}" for n in range(1, 61)]


def test_the_same_words_give_the_same_bytes_and_other_words_others() -> None:
    assert ledger.pdf(book(), FACES) == ledger.pdf(book(), FACES)
    assert ledger.pdf(book(), FACES) != ledger.pdf(book(4), FACES)


def test_papers_are_set_by_several_threads_at_once() -> None:
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda n: ledger.pdf(book(n), FACES), [5, 6, 7, 8] * 4))
    assert [squeezed(words(pdf)).count("件2026") for pdf in made] == [5, 6, 7, 8] * 4
    assert made[0] == made[4]


def test_a_void_number_gives_its_reason_over_all_columns_and_a_correction_both_sides() -> None:
    rows = [
        ledger.Row((ledger.Cell("收密〔2026〕0001", struck=True),), across="作废：登错行"),
        ledger.Row((ledger.Cell("收密〔2026〕0002"), ledger.Cell("今题", was="旧题"), ledger.Cell(""))),
    ]
    pdf = ledger.pdf(book(rows=rows), FACES)
    assert all(each in squeezed(words(pdf)) for each in ("收密〔2026〕0001", "作废：登错行", "旧题", "今题"))
    plain = ledger.pdf(book(rows=[replace(row, cells=tuple(replace(c, struck=False) for c in row.cells)) for row in rows]), FACES)
    assert (drawn(pdf) != drawn(plain)).any()  # the number is visibly struck


def test_a_title_longer_than_a_sheet_is_cut_to_it_and_never_runs_out_of_its_cell() -> None:
    rows = [ledger.Row((ledger.Cell("1"), ledger.Cell("长" * 5000), ledger.Cell("A" * 200)))]
    pdf = ledger.pdf(book(rows=rows), FACES)
    left, _top, right, bottom = ink(drawn(pdf))
    assert (pages(pdf), left > 15, right < 286, bottom < 200) == (1, True, True, True)


def test_in_a_wide_register_the_letters_grow_smaller_rather_than_that_a_number_a_day_or_a_name_is_broken() -> None:
    columns = tuple(ledger.Heading(f"第{n}栏目", 5, centred=n % 2 == 0) for n in range(17))
    texts = ("收密〔2026〕0001", "2026-03-16", "葛星野", "2026-03-16 09:20", "000003")
    rows = [ledger.Row(tuple(ledger.Cell(texts[n % 5] if n else "一件标题较长的文件及其附件") for n in range(17)))] * 3
    lines = [line.strip() for line in words(ledger.pdf(book(columns=columns, rows=rows), FACES)).splitlines()]
    told = " ".join(lines)
    for text in texts[1:]:
        assert told.count(text) >= 3 * 3, text
    left, _top, right, _bottom = ink(drawn(ledger.pdf(book(columns=columns, rows=rows), FACES)))
    assert (left > 15, right < 286) == (True, True)


def test_an_empty_register_says_so() -> None:
    assert "无" in words(ledger.pdf(book(0), FACES))


# Forms ----------------------------------------------------------------------------------------------------------------


def test_a_form_keeps_the_order_of_its_fields_and_leaves_room_for_ink() -> None:
    rows = [
        form.Field("申请人", "葛星野"), form.Field("部门", "研发中心"), form.Field("文件", "青鹭三型样机振动试验报告", long=True),
        form.Box("部门意见", stamp="同意", words="会后收回", signs=(form.Sign("田敬之", ("主任（代 聂知行）", "日志 184,019")),)),
        form.Box("批准", ink=("（签名）", "____年__月__日")),
    ]  # fmt: skip
    told = form.Paper(
        "复制审批单", "澜岱公司 机密 5年", "复密〔2026〕0041", "部门：研发中心", "2026年3月16日", rows,
        (("申请", "批准|退回"), 0), (form.Signature("机要员"),),
        ("M2.1", "F05 · 印表〔2026〕0001"), lambda n, of: f"第 {n} 页 共 {of} 页", "test", labels.qr("MF7K2Q9X"),
    )  # fmt: skip
    pdf = form.pdf(told, FACES)
    said = squeezed(words(pdf))
    parts = ("复密〔2026〕0041", "申请人", "葛星野", "文件", "部门意见", "田敬之", "（代聂知行）", "日志184,019", "批准", "机要员")
    order = [said.index(each) for each in parts]
    assert (size(pdf), pages(pdf), order) == ((210, 297), 1, sorted(order))
    readers = form.Box("阅件人", signs=tuple(form.Sign(f"阅{n:02d}", ("主任", f"2026-03-{n:02d} 09:00")) for n in range(1, 26)))
    slip = form.pdf(replace(told, rows=[readers]), FACES)
    assert (pages(slip), squeezed(words(slip)).count("主任·2026-03-")) == (1, 25)
    many = form.pdf(replace(told, rows=rows * 6), FACES)
    assert (pages(many) > 1, squeezed(words(many)).count("会后收回")) == (True, 6)


# Issued papers, in mm -------------------------------------------------------------------------------------------------


def test_the_marks_stand_on_the_first_three_lines_of_the_type_area() -> None:
    page = drawn(issued.pdf(PAPER, FACES))
    for line in range(3):
        top = 37 + line * LINE
        left, first, _right, last = ink(page, top, top + LINE)
        assert left == pytest.approx(28, abs=1), line
        assert top + 2 < first < last < top + LINE - 1.5, line


def test_the_banner_is_red_centred_and_35_mm_below_the_top_of_the_type_area() -> None:
    left, top, right, _bottom = ink(drawn(issued.pdf(PAPER, FACES)), 68, 95, red=True)
    assert top == pytest.approx(37 + 35, abs=1.5)
    assert (left + right) / 2 == pytest.approx(MIDDLE, abs=1)
    assert right - left <= 156


def test_the_red_line_lies_4_mm_below_the_number_and_is_as_wide_as_the_type_area() -> None:
    page = drawn(issued.pdf(PAPER, FACES))
    left, top, right, _bottom = ink(page, 100, 130, red=True)
    assert (left, right) == (pytest.approx(28, abs=0.3), pytest.approx(184, abs=0.3))
    number = ink(page, 95, top - 0.5)
    assert top - number[3] == pytest.approx(4, abs=0.8)
    assert (number[0] + number[2]) / 2 == pytest.approx(MIDDLE, abs=1)
    title = ink(page, top + 1, top + 2 * LINE + 8)
    assert (title[0] + title[2]) / 2 == pytest.approx(MIDDLE, abs=1)
    assert title[1] - top == pytest.approx(LINE, abs=3)  # the second line below


def test_the_imprint_ends_with_the_type_area_and_the_page_number_stands_below_at_the_right() -> None:
    page = drawn(issued.pdf(PAPER, FACES))
    left, _top, right, bottom = ink(page, 240, 264)
    assert (left, right, bottom) == (pytest.approx(28, abs=0.3), pytest.approx(184, abs=0.3), pytest.approx(262, abs=0.5))
    number = ink(page, 265, 290)
    assert number[1] == pytest.approx(262 + 7, abs=4)
    assert number[2] == pytest.approx(184 - 5, abs=2)
    second = drawn(issued.pdf(replace(PAPER, body=PAPER.body * 20), FACES), page=1)
    assert ink(second, 265, 290)[0] == pytest.approx(28 + 5, abs=2)  # even pages at the left


def test_a_paper_that_goes_upwards_names_its_signer_at_the_right() -> None:
    page = drawn(issued.pdf(replace(PAPER, signer=("签发人：", "岑书平")), FACES))
    left, _top, right, _bottom = ink(page, 97, 107)
    assert (left, right) == (pytest.approx(28 + 5.6, abs=1), pytest.approx(184 - 5.6, abs=1))


def test_an_old_mark_is_struck_out_with_the_new_one_beside_it() -> None:
    pdf = issued.pdf(replace(PAPER, struck="澜岱公司 绝密 10年"), FACES)
    assert "澜岱公司绝密10年澜岱公司机密5年" in squeezed(words(pdf))
    page = drawn(pdf)
    top = 37 + LINE
    line = page[int((top + 5) * 11.339) : int((top + 5.6) * 11.339), int(28.5 * 11.339) : int(60 * 11.339)]
    assert (line.min(axis=(0, 2)) < 140).mean() > 0.95  # ink from end to end, through the gaps between signs


def test_a_plain_paper_has_no_red_but_the_same_marks() -> None:
    page = drawn(issued.pdf(replace(PAPER, plain=True, banner="云汐澜岱精密传动有限公司"), FACES)).astype(int)
    assert not (page[..., 0] - page[..., 1] > 80).any()
    assert ink(page, 37, 37 + LINE)[0] == pytest.approx(28, abs=1)


def test_the_title_is_in_no_property_of_the_file() -> None:
    assert PAPER.title.encode("utf-16-be") not in issued.pdf(PAPER, FACES)


# Letters --------------------------------------------------------------------------------------------------------------


def test_no_line_begins_with_a_closing_sign_or_ends_with_an_opening_one() -> None:
    text = "关于（青鹭三型）的通知，以及《规划》。" * 12
    for wide in range(60, 200, 7):
        lines = ["".join(token.text for token in line) for line in typefaces.lines(text, SERIF, 12, wide, FACES)]
        assert "".join(lines) == text
        assert not [line for line in lines if line[0] in "，。）》" or line[-1] in "（《"], wide


def test_a_sign_that_no_face_has_is_printed_as_its_code_point() -> None:
    assert "〓2A6D6" in "".join(token.text for token in typefaces.tokens("王\U0002a6d6", SERIF, 12, FACES))
    assert typefaces.cleaned("密\x00\u202e件\r\n二") == "密件\n二"


def test_a_file_that_is_no_font_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "fang.ttf"
    broken.write_bytes(b"no font")
    with pytest.raises(FaceBroken, match=r"fang\.ttf"):
        issued.pdf(PAPER, replace(FACES, fang=broken))


# Labels ---------------------------------------------------------------------------------------------------------------


def test_a_label_is_read_back_by_a_camera_and_bears_number_and_mark() -> None:
    label = labels.Label("MF7K2Q9X4RT8WDPQ", "澜岱密〔2026〕20号", ("第 000001 份", "澜岱公司 机密 5年"))
    sheet = labels.pdf([label], FACES, "test", skip=4)
    found, _points, _straight = cv2.QRCodeDetector().detectAndDecode(drawn(sheet))
    assert found == "MF7K2Q9X4RT8WDPQ"
    assert all(each in squeezed(words(sheet)) for each in ("澜岱密〔2026〕20号", "第000001份", "澜岱公司机密5年"))
    left, top, _right, _bottom = ink(drawn(sheet))
    assert (left > 70, top > 40) == (True, True)  # the fifth place of three columns


def test_labels_go_on_to_the_next_sheet_and_an_id_too_long_is_refused() -> None:
    many = [labels.Label(f"MF{n:010d}", f"第{n}号") for n in range(25)]
    assert (pages(labels.pdf(many, FACES, "test")), pages(labels.pdf(many[:24], FACES, "test"))) == (2, 1)
    with pytest.raises(paper.LabelTooLong):
        labels.qr("X" * 25)
    svg = labels.qr_svg("MF7K2Q9X", "份标")
    assert "style=" not in svg
    assert svg.startswith("<svg")
    Image.open(io.BytesIO(labels.qr("MF7K2Q9X"))).verify()


# What stands together ---------------------------------------------------------------------------------------------------


def test_columns_that_share_a_cell_stand_below_each_other_and_an_empty_one_keeps_its_line() -> None:
    columns = (ledger.Heading("收文号", 10, True), ledger.Heading("收到时间", 12, True, under=True), ledger.Heading("标题", 30))
    texts = (("0001", "2026-03-16 09:00", "试制方案"), ("", "2026-03-17 09:00", ""))
    rows = [ledger.Row(tuple(map(ledger.Cell, line))) for line in texts]
    book = ledger.Ledger("收文登记簿", ("单位", "2026 年度", "机密"), columns, rows, ("共 2 行", "打印"), "核对人", "（以下空白）", "无",
                         lambda n, of: f"第 {n} 页", "test")  # fmt: skip
    setter = ledger._Setter(book, ledger.Sheets(FACES, ledger.LANDSCAPE, "", "test"))
    assert [len(group) for group in setter.groups] == [2, 1]
    assert [len(lines) for lines in setter._row(rows[0])] == [2, 1]
    assert [len(lines) for lines in setter._row(rows[1])] == [2, 0]
    said = squeezed(words(ledger.pdf(book, FACES)))
    assert said.index("收文号") < said.index("收到时间") < said.index("标题")


def test_a_form_lists_its_rows_and_says_the_headings_again_on_the_next_sheet() -> None:
    rows = tuple((f"{n:06d}", f"第 {n} 件材料", "9") for n in range(1, 81))
    table = form.Table("清册行", ("份号", "文件", "页数"), (10, 40, 6), rows)
    signs = (form.Signature("经办人", form.Sign("简小禾", ("机要员",)), "已核对"), form.Signature("档案员"))
    told = form.Paper(
        "销毁审批表", "机密", "销密〔2026〕0001", "", "", [table], (("审批",), 0), signs, ("", ""), lambda n, of: f"{n}/{of}", "test"
    )
    pdf = form.pdf(told, FACES)
    said = squeezed(words(pdf))
    assert (pages(pdf), said.count("份号"), said.count("清册行")) == (3, 3, 1)
    assert said.count("件材料") == 80 and "简小禾" in said and "已核对" in said


def test_a_form_that_goes_a_little_over_one_sheet_is_set_tighter() -> None:
    boxes = [form.Box(f"意见{n}", stamp="同意", words="可以", signs=(form.Sign("田敬之", ("主任", "2026-03-16")),)) for n in range(10)]
    told = form.Paper("审批单", "", "", "", "", boxes, ((), -1), (), ("", ""), lambda n, of: f"{n}/{of}", "test")
    assert pages(form.pdf(told, FACES)) == 1
    assert len(form._set(told, form.Sheets(FACES, form.PORTRAIT, "", "test"), 0, form.LABEL)[1]) == 2
    assert pages(form.pdf(replace(told, rows=boxes * 4), FACES)) > 1


def _english_form(count: int) -> form.Paper:
    """A form of long labels, as an English one has them."""
    rows: list[Any] = [form.Field("Destination (no home, no public place)", "云汐市自然资源局") for _ in range(3)]
    rows += [
        form.Box("The archives confirm that it has no lasting value", signs=(form.Sign("梅映雪", ("档案管理员", "2026-03-16")),))
    ] * count
    sign = form.Sign("骆以宁", ("Deputy general manager in charge", "2026-11-06 10:36 · Log no. 698"))
    posts = ("Drafter", "Draft checked by", "Classification authority", "Recipient")
    signs = tuple(form.Signature(word, sign) for word in posts)
    return form.Paper("Destruction approval", "HIGHLY CONFIDENTIAL", "销密〔2026〕0001", "", "", rows, (("listed",), 0), signs, ("", ""),
                      lambda n, of: f"{n}/{of}", "test", demo="Demonstration data, all fictional")  # fmt: skip


def test_long_labels_get_a_wider_column_where_that_saves_a_sheet() -> None:
    told = _english_form(6)
    sheets = form.Sheets(FACES, form.PORTRAIT, "", "test")
    assert len(form._set(told, sheets, 1, form.LABEL)[1]) == 2
    assert pages(form.pdf(told, FACES)) == 1


def test_on_its_second_sheet_the_title_stands_below_the_frame_of_the_demonstration() -> None:
    document = pypdfium2.PdfDocument(form.pdf(_english_form(20), FACES))
    page = document[1].get_textpage()

    def place(text: str) -> Any:
        index, count = page.search(text).get_next()
        boxes = [page.get_charbox(at) for at in range(index, index + count)]
        return min(box[1] for box in boxes), max(box[3] for box in boxes)

    assert place("Destruction approval")[1] < place("Demonstration")[0]


def test_signs_at_the_foot_stay_in_their_boxes() -> None:
    page = pypdfium2.PdfDocument(form.pdf(_english_form(1), FACES))[0].get_textpage()
    search, found = page.search("Deputy general manager in charge"), []
    while hit := search.get_next():
        boxes = [page.get_charbox(at) for at in range(hit[0], hit[0] + hit[1])]
        found.append((min(box[0] for box in boxes), max(box[2] for box in boxes)))
    assert len(found) == 4
    assert all(before[1] < after[0] for before, after in pairwise(sorted(found)))


def test_in_a_wide_register_of_english_words_no_word_is_broken() -> None:
    heads = ("Serial number", "Borrower", "Department", "Document", "Copy no.", "Level", "Purpose", "Read where", "Lent at", "Due on",
             "Approver", "Handled by", "Pages lent", "Returned at", "Pages returned", "Condition on return", "Renewed",
             "State")  # fmt: skip
    cells = ("0001", "路明诚", "法务与审计部", "特种钢带长期采购合同", "000002", "HIGHLY CONFIDENTIAL (company)", "合同条款复核",
             "Secure area of the department", "2026-10-13 09:53", "2026-10-27", "采购部部长孟怀远", "简小禾", "2",
             "2026-10-21 17:05", "2", "Intact", "1", "Returned")  # fmt: skip
    columns = tuple(ledger.Heading(head, 8, centred=at % 2 == 1) for at, head in enumerate(heads))
    lines = [
        line.strip()
        for line in words(ledger.pdf(book(columns=columns, rows=[ledger.Row(tuple(map(ledger.Cell, cells)))]), FACES)).splitlines()
    ]
    said = " ".join(lines)
    for word in ("Borrower", "Department", "CONFIDENTIAL", "Secure", "department", "Renewed", "Returned"):
        assert word in said, word
