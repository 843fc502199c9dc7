"""The pages of an old ledger: from the file to the registers with a mouse and a keyboard."""

from typing import Any

from mifeng.base import jobs
from mifeng.rooms.copies import actions
from mifeng.rooms.copies.facts import PlaceKind
from mifeng.rooms.copies.models import Copy, OldLedger
from mifeng.rooms.people.models import Department
from tests.antivirus import CLEAN
from tests.rooms.copies.test_old_ledger import BAD, GOOD, HEAD, workbook


def upload(client: Any, data: bytes, name: str) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return client.post("/copies/import/", {"file": SimpleUploadedFile(name, data)}, follow=True)


def test_a_ledger_goes_from_the_file_to_the_registers(house, cast, antivirus):
    actions.set_up_place(cast.office_head, "BX-04", PlaceKind.SAFE, "保险柜", "302", Department.objects.get(code="YF"))
    antivirus(CLEAN)
    clerk = house.open_page_as(cast.clerk)
    page = upload(clerk, workbook(*GOOD, *BAD), "台账.xlsx").content.decode()
    assert "澜岱密〔2024〕3号" in page and "接收人没有覆盖此密级和部门的保存委托" in page
    address = f"/copies/import/{OldLedger.objects.get().uid}/"
    typed = {
        "sheet": "0", "heading": "2", "category": "S5", "department": "YF", "owner": cast.drafter.uid, "keeper": cast.clerk.uid,
        "col_number": "1", "col_title": "2", "col_level": "3", "col_copies": "8", "col_custodian": "10",
    }  # fmt: skip
    again = clerk.post(address, typed | {"do": "again"}).content.decode()
    assert "未写，按该密级的常用期限" in again  # the column of terms was taken off
    assert clerk.post(address, typed | {"do": "ask"}).status_code == 302
    manager = house.open_page_as(cast.gm)
    assert manager.post(address, {"do": "confirm"}).status_code == 302
    jobs.run_all()
    assert OldLedger.objects.get().state == "done"
    assert Copy.objects.count() == 4
    assert "已补登" in clerk.get("/copies/import/").content.decode()
    assert clerk.post(address, {"do": "undo", "reason": "带错文件"}).status_code == 403
    assert manager.post(address, {"do": "undo", "reason": "带错文件"}).status_code == 302
    assert set(Copy.objects.values_list("state", flat=True)) == {"void"}


def test_a_file_without_a_heading_says_what_is_missing(house, cast, antivirus):
    antivirus(CLEAN)
    clerk = house.open_page_as(cast.clerk)
    answer = upload(clerk, "甲,乙\n1,2\n".encode(), "表.csv")
    assert answer.status_code == 422
    assert "没有找到表头" in answer.content.decode()


def test_a_csv_with_a_title_above_its_headings_is_read(house, cast, antivirus):
    antivirus(CLEAN)
    actions.set_up_place(cast.office_head, "BX-04", PlaceKind.SAFE, "保险柜", "302", Department.objects.get(code="YF"))
    lines = ("研发中心涉密文件台账", *(",".join(str(cell or "") for cell in row) for row in (HEAD, *GOOD)))
    page = upload(house.open_page_as(cast.clerk), "\n".join(lines).encode(), "台账.csv").content.decode()
    assert "澜岱密〔2024〕3号" in page
