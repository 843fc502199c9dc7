"""登记 → 定密 → 审批 → 阅览 → 拒绝 → 验证: the main paper walks through the house, with real files."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.journeys import papers
from tests.journeys.desk import Card, Office, Proofs, Reader, Register, Registration
from tests.journeys.server import ROOT

pytestmark = [pytest.mark.journey, pytest.mark.part("chromium")]

INTEREST = "保护青鹭三型的技术路线和上市时点"
KNOWERS = ("温启航", "聂知行", "葛星野", "戚墨涵")


def fill_in(form: Registration) -> None:
    """The registration of the main paper, complete but for scope and interest."""
    form.write(title=papers.TITLE, owner="聂知行", issued_on="2026-11-20", pages="9", copies="7")
    form.department("YF")
    form.answer("S2", "plan_project", 20, "", 5)


def test_the_main_paper_walks_through_the_house(office: Office, tmp_path: Path) -> None:
    file = papers.main_paper(tmp_path)

    # 如果 拟稿人聂知行 带着真实的 PDF 坐下来登记
    office.enter("drafter")
    form = office.registration()
    form.attach(file)
    [(name, state, css)] = form.attached()
    assert (name, css) == (file.name, "ok"), state

    # 当 三问答完, 那么 右侧随即给出拟定密级、标志与去向
    fill_in(form)
    sheet = form.proposal("澜岱公司 机密 5年")
    assert "拟 机密" in sheet
    assert "聂知行" in sheet
    assert "主管副总经理" in sheet

    # 当 没写明保护何种利益就送审, 那么 不予登记, 说明条款, 已填的都在
    form.send()
    assert form.objections() == ["未写明保护何种利益 P3.1"]
    assert form.value("title") == papers.TITLE
    assert form.value("owner").startswith("聂知行")
    assert form.value("issued_on") == "2026-11-20"
    assert file.name in form.text()

    # 当 补上利益与知悉范围再送审, 那么 登记成功, 按拟机密保护, 文件已转成可阅的页
    form.write(interest=INTEREST)
    form.let_know(*KNOWERS)
    form.proposal("看得见 4 人")
    form.send()
    card = Card(office.server, office.browser)
    assert card.heading == papers.TITLE
    assert "拟机密" in card.text()
    uid = card.uid
    card.browser.until(lambda: "可阅" in office.walk(f"/documents/{uid}/", Card).text(), "no pages were made", 40)
    card.say_goodbye()

    # 如果 部门负责人田敬之 在审批里看到它, 当 他先看要审的页再批准, 那么 送主管副总经理
    office.enter("dept_head")
    request = office.inbox().take(papers.TITLE)
    reader = request.pages()
    assert reader.shown() == 1
    assert "为审批而阅" in office.browser.text("header")
    reader.say_goodbye()
    office.inbox().take(papers.TITLE).approve()
    assert papers.TITLE not in office.inbox().text()

    # 如果 主管副总经理温启航 批准, 那么 定密生效, 有了文号
    office.enter("deputy")
    office.inbox().take(papers.TITLE).approve()
    card = office.walk(f"/documents/{uid}/", Card)
    assert "澜岱密〔2026〕" in card.text() or "〔2026〕" in office.browser.text("header.mf-head")
    assert "拟机密" not in card.text()

    # 如果 葛星野 在知悉范围内, 当 他逐页阅览, 那么 每页是带标记的 JPEG, 读完可签已阅
    office.enter("insider")
    card = office.register().open_row(papers.TITLE)
    office.browser.answers("/read/")
    reader = card.read()
    assert reader.shown() == 1
    assert reader.count() >= 2
    reader.read_through()
    pages = [answer for answer in office.browser.answers("/page/") if answer["status"] == 200]
    assert len(pages) == reader.count()
    assert {answer["mimeType"] for answer in pages} == {"image/jpeg"}
    reader.say_goodbye()
    assert papers.TITLE not in office.browser.driver.title
    reader.sign()
    again = office.walk(f"/read/{uid}/", Reader)
    assert "已阅签收" in office.browser.text("aside")
    assert again.shown() == 1

    # 如果 邵宇 在范围之外, 那么 登记簿里没有, 件与阅览的地址都与不存在无异
    office.enter("outsider")
    assert [row for row in office.walk("/documents/", Register).rows() if papers.TITLE in row] == []
    absent = bytes_of(office, "/documents/" + "0" * 32 + "/")
    assert bytes_of(office, f"/documents/{uid}/") == absent
    assert bytes_of(office, f"/read/{uid}/") == absent
    assert absent[0] == 404

    # 如果 审计员殷以默 验证留痕并带走证据包, 那么 局外人用一个文件就能核验
    office.enter("auditor")
    proofs = office.walk("/oversight/proofs/", Proofs)
    key, bundle = proofs.key(), proofs.download()
    proofs.say_goodbye()
    assert zipfile.is_zipfile(bundle)
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "verify_log.py"), "--key", key, str(bundle)], capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode, "相符" in done.stdout) == (0, True), done.stdout + done.stderr


def bytes_of(office: Office, path: str) -> tuple[int, str]:
    """Status and body of an address, as this person gets them."""
    answer = office.browser.driver.execute_async_script(
        "const done = arguments[1]; fetch(arguments[0]).then(async (a) => done([a.status, await a.text()]))",
        path,
    )
    return int(answer[0]), str(answer[1])
