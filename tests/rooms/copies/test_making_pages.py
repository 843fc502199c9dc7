"""The pages of copying: asked for on a form, carried out on the job's page, sheets given out once with no trace in a cache."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils.html import strip_tags

from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.copies import actions, queries, sheets
from mifeng.site import env
from tests import factories, making


@pytest.fixture
def paper(house: Any, cast: Any) -> Any:
    return factories.readable(cast)


def asked(house: Any, cast: Any, paper: Any, **typed: str) -> Any:
    client = house.open_page_as(cast.drafter)
    told = {"method": "print", "pages": "1-2", "count": "2", "to": "葛星野", "until": "2026-04-01", "purpose": "评审会用"}
    return client.post(f"/copies/reproduce/{paper.uid}/", told | typed)


def test_a_form_asks_the_approver_approves_the_clerk_makes_two_numbered_copies(house, cast, paper):
    answer = asked(house, cast, paper)
    approval = Approval.objects.get(act="first_print")
    assert answer["Location"] == f"/approvals/{approval.uid}/"
    shown = house.open_page_as(cast.deputy).get(f"/approvals/{approval.uid}/").content.decode()
    assert "打印" in shown and "2 份" in shown and "葛星野" in shown
    approvals.approve(cast.deputy, approval, "同意")
    client = house.open_page_as(cast.clerk)
    place = f"/copies/jobs/{approval.uid}/"
    assert place in client.get("/copies/jobs/").content.decode()
    assert client.post(place + "deed/", {"do": "reproduce", "count": "2", "place": making.PLACE}).status_code == 302
    first, second = queries.of_document(paper)
    page = client.get(place).content.decode()
    assert first.number in page and second.number in page and factories.TITLE not in page
    answer = client.post(place + "deed/", {"do": "print", "copy": first.uid})
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "no-store")
    assert answer["Content-Disposition"] == f'attachment; filename="{first.code}.pdf"' and answer.content.startswith(b"%PDF")
    assert client.post(place + "deed/", {"do": "print", "copy": first.uid}).status_code == 403
    client.post(place + "deed/", {"do": "jam", "copy": second.uid, "spoiled": "2", "reason": "卡纸"})
    client.post(place + "deed/", {"do": "finish", "waste": "1", "waste_how": "碎纸机粉碎"})
    assert [(copy.state, copy.holder) for copy in queries.of_document(paper)] == [("issued", cast.insider), ("void", cast.clerk)]
    register = strip_tags(client.get("/registers/F05/").content.decode())
    assert "复密〔2026〕0001" in register and "000002(作废)" in register and "3 张，碎纸机粉碎" in register


def test_a_form_says_what_is_wrong_with_pages_and_names(house, cast, paper):
    answer = asked(house, cast, paper, pages="三到五", to="某某人")
    assert answer.status_code == 422
    assert "请写成 1-3,5 这样的页码" in answer.content.decode() and "没有找到“某某人”" in answer.content.decode()
    assert not Approval.objects.filter(act="first_print").exists()


def test_the_approver_gives_a_spoiled_use_again_on_the_same_page(house, cast, paper):
    asked(house, cast, paper)
    approval = approvals.approve(cast.deputy, Approval.objects.get(act="first_print"), "同意")
    run = actions.reproduce(cast.clerk, house.sit(cast.clerk), approval, 2, making.PLACE)
    actions.jam(cast.clerk, run, run.made.last().copy, 1, "卡纸")
    client = house.open_page_as(cast.deputy)
    place = f"/copies/jobs/{approval.uid}/"
    assert "补发" in client.get(place).content.decode()
    assert client.post(place + "deed/", {"do": "replace", "count": "1", "reason": "卡纸"}).status_code == 302
    assert [grant.uses_left for grant in approval.grants.order_by("pk")] == [0, 1]


def test_with_a_printer_the_sheets_go_through_a_pipe_and_a_job_that_was_not_taken_is_said(house, cast, paper, tmp_path, monkeypatch):
    got = tmp_path / "got"
    program = tmp_path / "bin" / "lp"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\ncase "$2" in jammed) exit 1;; esac\necho "$@" > {got}.args\ncat > {got}\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    asked(house, cast, paper)
    approval = approvals.approve(cast.deputy, Approval.objects.get(act="first_print"), "同意")
    run = actions.reproduce(cast.clerk, house.sit(cast.clerk), approval, 2, making.PLACE)
    first, second = (row.copy for row in run.made.order_by("pk"))
    client, place = house.open_page_as(cast.clerk), f"/copies/jobs/{approval.uid}/deed/"
    object.__setattr__(settings.ENV, "printer", "secret-1")
    try:
        assert client.post(place, {"do": "print", "copy": first.uid}).status_code == 302
        assert got.read_bytes().startswith(b"%PDF") and Path(f"{got}.args").read_text().split()[:4] == ["-d", "secret-1", "-t", first.code]
        object.__setattr__(settings.ENV, "printer", "jammed")
        answer = client.post(place, {"do": "print", "copy": second.uid})
        assert (answer.status_code, "打印机没有接收" in answer.content.decode()) == (502, True)
    finally:
        object.__setattr__(settings.ENV, "printer", "")
    assert not sheets.can_print("")


def test_the_name_of_a_print_queue_is_no_option_and_no_path():
    assert env.read({"MIFENG_PRINTER": "secret-1"}).printer == "secret-1"
    for name in ("-oraw", "a b", "x;y", "../x"):
        with pytest.raises(env.UnusableSetting):
            env.read({"MIFENG_PRINTER": name})
