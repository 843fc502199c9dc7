"""The clerk's day through the browser: every deed at its own desk, every register read where it is kept.

One house, which lives at the end of November; the journeys are walked in their order, the later ones on later days.
"""

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime

import pytest
from selenium.webdriver.support.ui import Select

from tests.journeys.clerk import Form, cells, desk_of, scan, sign_for_all, told
from tests.journeys.desk import Office, Request
from tests.journeys.server import ROOT, Server, another_day, child_environment

pytestmark = [pytest.mark.journey, pytest.mark.part("chromium")]

MONDAY = datetime.fromisoformat("2026-11-23T09:00+08:00")
CAST = {"buyer": "menghy", "head": "tianjz", "sales_deputy": "luoyn"}
SENDER, TITLE, NUMBER = "衡川轴承股份有限公司", "关于联合供应青鹭三型专用轴承的商谈纪要", "衡川密〔2026〕7号"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A house with the main paper alone, at nine on a Monday."""
    folder = tmp_path_factory.mktemp("counter") / "house"
    command = [sys.executable, "-m", "tests.journeys.found", str(folder), "DOC-008"]
    subprocess.run(command, cwd=ROOT, env=child_environment(another_day(MONDAY)), check=True)
    made = Server(folder, MONDAY)
    made.start()
    yield made
    made.stop()


def approved_by(office: Office, who: str, act: str) -> None:
    """The one open request for this act is approved at this person's desk."""
    request = told(office, "SELECT uid FROM approvals_approval WHERE act = ? AND state = 'asked'", act)
    office.enter(who)
    office.walk(f"/approvals/{request}/", Request).approve()


def test_an_incoming_paper_goes_from_its_envelope_to_the_archive(office: Office) -> None:
    browser = office.browser

    # 封套完好、标机密：先记封套；标了密级的只有登记一途
    page = desk_of(office, "clerk", "/circulation/receipts/new/?only=cover")
    page.write({"来文单位": SENDER, "封套所标密级": "机密", "封装": "完好", "收件人": "孟怀远"})
    page.hand_in("登记")
    assert page.facts()["封装"] == "完好"
    assert browser.all("form:has([value=leave])") == []

    # 拆封登记：文件上的密级低于封套的不收；照录之后取收密号，份号照原件
    page.within = "form:has([value=register])"
    page.write({"标题": TITLE, "原发文字号": NUMBER, "密级": "秘密", "保密期限": "5年", "份号": "3", "每份页数": "9"})
    page.hand_in("登记")
    assert page.refusals() == ["文件上的密级低于封套所标，请照录文件上的标志并核对来件 G3"]
    assert page.value("标题") == TITLE
    page.write({"密级": "机密"})
    page.hand_in("登记")
    browser.picture("envelope-registered")
    page.within = ""
    assert "收密〔2026〕0001" in browser.text("header.mf-head")
    assert page.rows("份")[0]["份号"] == "000003"
    receipt = page.path
    paper = told(office, "SELECT d.uid FROM circulation_incoming i JOIN documents_document d ON d.id = i.document_id")

    # 机要员拟办，报送不了范围之外的领导；孟怀远在自己的屏幕上批示
    page.within = "form:has([value=propose])"
    for leader in ("骆以宁", "孟怀远"):
        page.write({"拟办意见": "拟请采购部研提意见", "报送领导": leader})
        page.hand_in("报送")
        assert page.refusals() == (["此人不在知悉范围内，请先办理扩大知悉范围 C1"] if leader == "骆以宁" else [])
    page = desk_of(office, CAST["buyer"], receipt)
    page.within = "form:has([value=instruct])"
    page.write({"批示": "请研发中心核对技术条件", "承办人": "孟怀远", "办结期限": "2026-11-30"})
    page.hand_in("签署批示")

    # 承办人拟传阅名单：范围之外的人上不了名单；先扩大知悉范围
    page = desk_of(office, CAST["buyer"], f"/circulation/slips/new/{paper}/")
    names = {"第 1 位阅件人": "田敬之", "第 2 位阅件人": "孟怀远", "事由": "核对轴承技术条件"}
    page.write(names)
    page.hand_in("送批")
    assert page.refusals() == ["传阅名单超出知悉范围，请先办理扩大知悉范围 C1"]
    page = office.walk(f"/documents/{paper}/scope/", Form)
    page.within = "form:has([name=lines-0-who])"
    browser.one("[name=lines-0-who]").send_keys("田敬之")
    page.write({"事由": "核对轴承技术条件", "知悉至": "2026-12-31"})
    page.hand_in("申请扩大")
    approved_by(office, CAST["sales_deputy"], "widen_scope")
    page = desk_of(office, CAST["buyer"], f"/circulation/slips/new/{paper}/")
    page.write(names)
    page.hand_in("送批")
    slip = page.path
    approved_by(office, "office_head", "circulate")

    # 机要员送阅：没有入柜的份先入柜；一人一送，前一位没有退回，后一位送不出
    page = desk_of(office, "clerk", slip)
    assert not page.offers("送阅")
    browser.picture("slip-before-the-safe")
    browser.go(browser.one(".mf-note a.mf-mono"))
    page.write({"存放位置": "BX-04"})
    page.hand_in("入柜")
    page = office.walk(slip, Form)
    page.hand_in("送阅")
    assert (page.row("阅件人", "田敬之")["状态"], page.row("阅件人", "孟怀远")["状态"]) == ("送阅中", "待送")
    assert not page.offers("送阅")

    # 田敬之在手机上签收、签意见；机要员点页数，少一页收不回
    browser.be_phone()
    assert sign_for_all(office, CAST["head"], "phone") == 1
    page = office.walk(slip, Form)
    page.write({"意见": "同意，请质量部复核径向游隙"})
    browser.picture("slip-on-the-phone")
    assert browser.wider_than_window() == []
    page.hand_in("已阅，退回")
    assert "请把文件当面退回机要员简小禾，由其清点 9 页" in page.text()
    browser.picture("slip-signed-on-the-phone")
    browser.be_desktop()
    page = desk_of(office, "clerk", slip)
    back(page, 8)
    assert page.refusals() == ["清点页数与登记不符，请查明；确有缺页的报下落不明 C5.2"]
    back(page, 9)
    assert page.row("阅件人", "田敬之")["状态"] == "已阅退"
    page.hand_in("送阅")
    assert sign_for_all(office, CAST["buyer"]) == 1
    office.walk(slip, Form).hand_in("已阅，退回")
    page = desk_of(office, "clerk", slip)
    back(page, 9)
    browser.picture("slip-done")

    # 阅毕当日入柜：铁皮柜放不得机密件，不列；保险柜放得
    page = office.walk("/circulation/filings/", Form)
    assert page.row("待归档", "000003")["入柜期限"] == "2026-11-24"
    browser.go(browser.named("main table a", "000003"))
    assert not [one for one in Select(page.field("存放位置")).options if "铁皮柜" in one.text]
    page.write({"存放位置": "BX-04 研发中心保险柜"})
    page.hand_in("入柜")
    assert page.rows("待归档") == []

    # 归档：保管期限与保密期限分开；两本登记簿各有完整的一行
    [copy] = cells(office, "SELECT c.uid FROM copies_copy c JOIN documents_document d ON d.id = c.document_id WHERE d.uid = ?", paper)
    page = office.walk(f"/copies/{copy}/", Form)
    page.write({"保管期限": "30年"})
    page.hand_in("归档")
    browser.picture("archived")
    facts = page.facts()
    assert (facts["保管期限"], facts["存放位置"]) == ("2056-11-23", "BX-04 研发中心保险柜")
    page = office.walk(receipt, Form)
    page.within = "form:has([value=conclude])"
    page.write({"办理结果": "技术条件已核对"})
    page.hand_in("办结")
    browser.picture("receipt-concluded")
    line = office.walk("/registers/F01/", Form).row("收文登记簿", "收密〔2026〕0001")
    browser.picture("F01")
    said = " ".join(line.values())
    for words in (
        SENDER, NUMBER, TITLE, "机密", "5年", "000003", "完好", "简小禾", "拟请采购部研提意见", "请研发中心核对技术条件", "采购部 孟怀远",
        "2026-11-30", "归档", "BX-04",
    ):  # fmt: skip
        assert words in said, (words, said)
    read = office.walk("/registers/F03/", Form).row("传阅登记簿", "收密〔2026〕0001-传01")
    browser.picture("F03")
    assert (read["机要员"], read["状态"]) == ("简小禾", "阅毕")
    assert all(name in read["传阅范围（批定）"] for name in ("田敬之", "孟怀远"))
    assert read["意见"] == "田敬之：同意，请质量部复核径向游隙"
    assert all(read[name].count("2026-11-23") == 2 for name in ("送阅时间", "阅件时间", "退回时间"))
    office.say_goodbye()


def back(page: Form, pages: int) -> None:
    """收回 at the counter, with the pages as counted."""
    page.browser.one("[name=pages]").send_keys(str(pages))
    page.hand_in("收回")


def count_at_the_door(page: Form, pages: int, words: str) -> None:
    """The pages of the one copy of a trip, as counted, and the button."""
    page.browser.one("main [name^=pages-]").send_keys(str(pages))
    page.hand_in(words)


def test_three_copies_are_made_with_one_waste_sheet_and_no_fourth(office: Office) -> None:
    browser, paper = office.browser, office.server.told["papers"]["DOC-008"]

    # 聂知行申请复印三份：去向须在知悉范围内，填好的不丢
    page = desk_of(office, "drafter", f"/copies/reproduce/{paper}/")
    page.write({
        "按哪一份复制": "000002", "方式": "复印", "份数": "3", "每份去向": "葛星野、邵宇", "收回期限": "2026-12-15", "用途": "样机评审会用",
    })  # fmt: skip
    page.hand_in("送审")
    assert page.refusals() == ["每份去向须在知悉范围内，请先办理扩大知悉范围 C1"]
    assert (page.value("份数"), page.value("用途")) == ("3", "样机评审会用")
    browser.picture("copying-asked")
    page.write({"每份去向": "葛星野、戚墨涵"})
    page.hand_in("送审")

    # 主管副总经理温启航在审批单里看得到要做几份，批准
    office.enter("deputy")
    request = office.inbox().take("青鹭三型")
    assert "复印 · 3 份 · 第 1-2 页 · 交 葛星野、戚墨涵" in request.text()
    uid = request.path.split("/")[2]
    request.approve()

    # 机要员执行：批三份就是三份，四份做不出；编号接着原件，复01 到复03
    page = desk_of(office, "clerk", "/copies/jobs/")
    browser.go(browser.one(f"main a[href$='{uid}/']"))
    page.write({"本次份数": "4", "地点与设备": "机要室 2 号复印机"})
    page.hand_in("编号")
    assert page.refusals() == ["准予的只剩3份，不能办4份 M2.1"]
    assert page.value("地点与设备") == "机要室 2 号复印机"
    page.write({"本次份数": "3"})
    page.hand_in("编号")
    made = ["000002复01", "000002复02", "000002复03"]
    assert [row["份号"] for row in page.rows("做出的份")] == made
    assert page.facts()["还可做"] == "0"
    assert not page.offers("编号")
    browser.picture("copying-numbered")

    # 一张废页：没写怎么处理的登记不了
    page.write({"另有废页张数": "1"})
    page.tick("每份已盖复制戳记")
    page.hand_in("登记发放")
    assert page.refusals() == ["有废页的，须写明废页如何处理 C2.2"]
    page.write({"废页如何处理": "碎纸机粉碎，两人在场"})
    page.hand_in("登记发放")
    assert page.offers("打印标签")
    assert labels(office) == 3
    for reader in ("insider", "engineer"):
        assert sign_for_all(office, reader) == 1

    # 批准人“办过的”、申请人“我申请的”里都查得到它已办结
    for who, tab in (("deputy", "done"), ("drafter", "asked")):
        assert "已关闭" in desk_of(office, who, f"/approvals/?tab={tab}").text()

    # 批准已用完，页上不再有编号；F05 里这一行写得全
    page = desk_of(office, "clerk", f"/copies/jobs/{uid}/")
    assert [row["状态"] for row in page.rows("做出的份")] == ["已分发", "已分发", "已编号"]
    assert not page.offers("编号")
    line = office.walk("/registers/F05/", Form).row("复制登记簿", "000002复03")
    browser.picture("F05")
    wanted = {
        "文件": "青鹭三型关节模组项目立项与里程碑计划", "方式": "复印", "页码范围": "1-2", "份数": "3", "复制件编号": "、".join(made),
        "废页处理": "1 张，碎纸机粉碎，两人在场", "复制戳记": "已盖", "批准": "温启航", "复制人": "简小禾", "申请人": "聂知行",
    }  # fmt: skip
    assert {name: line[name] for name in wanted} == wanted
    assert all(one in line["每份去向"] for one in ("000002复01 葛星野", "000002复02 戚墨涵", "000002复03 简小禾"))
    office.say_goodbye()


def labels(office: Office) -> int:
    """Print the labels that the page offers; how many labels the file holds."""
    form = office.browser.run("""
        const form = document.querySelector("form[action='/labels/']");
        return [...new FormData(form)].filter(([name]) => name === 'uid').length;
    """)
    status, kind = office.browser.driver.execute_async_script("""
        const done = arguments[0], form = document.querySelector("form[action='/labels/']");
        fetch(form.action, {method: 'POST', body: new URLSearchParams(new FormData(form))}).then(
          (answer) => done([answer.status, answer.headers.get('content-type')]));
    """)
    assert (status, kind) == (200, "application/pdf")
    return int(form)


def test_nobody_carries_a_paper_to_a_cafe_and_to_the_branch_it_goes_and_comes_back(office: Office) -> None:
    browser, paper = office.browser, office.server.told["papers"]["DOC-008"]
    trip = {
        "携带人": "葛星野", "目的地类型": "会议场所", "目的地": "星光咖啡馆二楼", "拟外出": "2026-11-23T13:00",
        "拟返回": "2026-11-24T18:00", "事由": "样机试制核对",
    }  # fmt: skip

    # 咖啡馆：申请人送不了审；批得了外出的主管副总经理自己也不行
    for who in ("deputy", "drafter"):
        page = desk_of(office, who, f"/copies/carry-out/{paper}/")
        page.tick("000003", "密码箱", "公司车辆")
        page.write(trip)
        page.hand_in("送审")
        assert page.refusals() == ["不得带回家或带到公共场所，任何人不得批准 G4.3"], who
    browser.picture("no-cafe")
    assert told(office, "SELECT count(*) FROM approvals_approval WHERE act = 'carry_out' AND state = 'asked'") == "0"

    # 同一趟，去分公司：填过的都在，改了目的地就送得上去
    page.write({"目的地类型": "本公司分支", "目的地": "南方分公司试制车间"})
    page.hand_in("送审")
    uid = page.path.split("/")[2]
    approved_by(office, "deputy", "carry_out")

    # 出门点页数，少一页不放行；携带人在手机上签收
    page = desk_of(office, "clerk", f"/copies/trips/{uid}/")
    count_at_the_door(page, 1, "清点无误，放行")
    assert page.refusals() == ["清点页数与登记不符，请查明；确有缺页的报下落不明 C5.2"]
    count_at_the_door(page, 2, "清点无误，放行")
    browser.picture("trip-out")
    browser.be_phone()
    assert sign_for_all(office, "insider", "phone") == 1
    browser.picture("held-on-the-phone")
    browser.be_desktop()

    # 返回点页数；F07 里有去有回
    page = desk_of(office, "clerk", f"/copies/trips/{uid}/")
    assert page.rows("携带的份")[0]["状态"] == "外出"
    count_at_the_door(page, 2, "返回清点")
    assert page.rows("携带的份")[0]["状态"] == "待入柜"
    line = office.walk("/registers/F07/", Form).row("携带密件外出登记簿", "000003")
    browser.picture("F07")
    assert "南方分公司试制车间" in "".join(line.values())
    assert "咖啡" not in page.text()
    office.say_goodbye()


def test_the_year_s_clear_up_does_not_begin_in_november(office: Office) -> None:
    page = desk_of(office, "office_head", "/copies/counts/")
    page.hand_in("下达")
    assert page.refusals() == ["年终清退清理自十二月一日起下达 G4.5"]
    assert page.rows("盘点与清理")[0]["种类"] == "季度清理"


def test_a_loan_that_is_not_brought_back_climbs_to_the_superior_and_ends_once(office: Office) -> None:
    browser, server = office.browser, office.server
    paper = server.told["papers"]["DOC-008"]

    # 葛星野申请，主管副总经理批准，机要员借出：五个工作日
    page = desk_of(office, "insider", f"/circulation/loans/new/{paper}/")
    page.write({"阅读地点": "本部门涉密场所", "用途": "编制评审材料"})
    page.hand_in("送批")
    loan = page.path
    approved_by(office, "deputy", "lend")
    page = desk_of(office, "clerk", loan)
    page.write({"借出哪一份": "000005"})
    page.hand_in("借出")
    assert page.facts()["应还日期"] == "2026-11-30"
    assert sign_for_all(office, "insider") == 1

    # 到期次日：待办台上催借阅人，上级还不知道
    server.wait_until(at("2026-12-01"))
    assert "您借阅的密件将到期或已到期，请归还" in duty_of(office, "insider", "应还 2026-11-30")
    assert "本部门逾期未还" not in desk_of(office, "dept_head", "/").text()

    # 停机越过第三天，开机补告部门负责人；借阅页写着逾期几天、催过谁
    server.wait_until(at("2026-12-04"))
    assert "督促" in duty_of(office, "dept_head", "本部门逾期未还")
    browser.picture("overdue-at-the-superior")
    page = desk_of(office, "clerk", loan)
    assert "已逾期 4 天" in page.text()
    told_whom = [(row["事项"], row["告知谁"]) for row in page.rows("提醒与催还")]
    assert told_whom[0] == ("催还", "结构工程师葛星野")
    assert ("告知上级", "研发中心主任田敬之") in told_whom
    assert not page.offers("续借")
    browser.picture("overdue")

    # 逾期的人不得再借；少一页收不回，点清才收
    page = desk_of(office, "insider", f"/circulation/loans/new/{paper}/")
    page.write({"阅读地点": "本部门涉密场所", "用途": "再借"})
    page.hand_in("送批")
    assert page.refusals() == ["借阅人有逾期未还的密件，归还之前不得再借 C3"]
    page = desk_of(office, "clerk", loan)
    first = browser.driver.current_window_handle
    browser.driver.switch_to.new_window("tab")  # 另一个窗口开着同一页
    office.walk(loan)
    browser.driver.switch_to.window(first)
    page.write({"清点页数": "1"})
    page.hand_in("收回")
    assert page.refusals() == ["清点页数与登记不符，请查明；确有缺页的报下落不明 C5.2"]
    page.write({"清点页数": "2"})
    page.hand_in("收回")
    assert page.facts()["归还情况"] == "完好"
    browser.picture("loan-back")

    # 第二个窗口里再收一次：不办；借阅人又能借了，F04 一行有始有终
    browser.driver.switch_to.window(next(one for one in browser.driver.window_handles if one != first))
    page.write({"清点页数": "2"})
    page.hand_in("收回")
    assert page.refusals() == ["此件已归还，不再办理归还、续借 C3"]
    browser.driver.close()
    browser.driver.switch_to.window(first)
    line = office.walk("/registers/F04/", Form).row("借阅登记簿", "借密〔2026〕0001")
    browser.picture("F04")
    wanted = {"借阅人": "葛星野", "份号": "000005", "应还日期": "2026-11-30", "归还页数": "2", "归还情况": "完好", "状态": "已归还"}
    assert {name: line[name] for name in wanted} == wanted
    assert line["归还时间"].startswith("2026-12-04")
    page = desk_of(office, "insider", f"/circulation/loans/new/{paper}/")
    page.write({"阅读地点": "本部门涉密场所", "用途": "再借"})
    page.hand_in("送批")
    assert "借密〔2026〕0002" in page.browser.text("header.mf-head")
    office.say_goodbye()


def at(day: str) -> datetime:
    """Nine in the morning of this day."""
    return datetime.fromisoformat(f"{day}T09:00+08:00")


def duty_of(office: Office, who: str, words: str) -> str:
    """The desk of this person once the words stand on it: the day's duties are done beside the pages."""
    office.enter(who)
    found: str = office.browser.until(lambda: words in (text := office.walk("/").text()) and text, f"no “{words}”", 20)
    return found


def test_the_year_s_clear_up_is_not_closed_before_each_copy_is_seen_decided_or_missing(office: Office) -> None:
    browser, server = office.browser, office.server
    three = cells(office, "SELECT uid FROM copies_copy WHERE n IN (6, 7, 4) AND rep = 0 AND state = 'stored' ORDER BY n")
    codes = cells(office, "SELECT code FROM copies_copy WHERE n IN (6, 7, 4) AND rep = 0 AND state = 'stored' ORDER BY n")
    assert len(codes) == 3

    # 三份移交祁安然保管，她逐份签收
    for copy in three:
        page = desk_of(office, "clerk", f"/copies/{copy}/")
        page.within = "form:has([value=offer])"
        page.write({"接收人": "祁安然", "事由": "分管研发中心件"})
        page.hand_in("移交")
    assert sign_for_all(office, "second_clerk") == 3

    # 十二月里下达，每名保管人一张单
    server.wait_until(at("2026-12-07"))
    page = desk_of(office, "office_head", "/copies/counts/")
    page.hand_in("下达")
    sheet = browser.run("return arguments[0].querySelector('a').getAttribute('href')", browser.named("main tbody tr", "祁安然"))

    # 一份都没看，关不了；两份扫得到
    page = desk_of(office, "second_clerk", sheet)
    page.hand_in("签字结束")
    assert "3份未见到实物，3份未定去向" in page.refusals()[0]
    for seen, code in enumerate(codes[:2], start=1):
        scan(office, code)
        browser.until(lambda seen=seen: browser.text("#mf-three b") == str(seen), "the scan is not counted")
    browser.picture("clear-up-scanned")

    # 见到的逐份定去向；没见到的定不了，写明情况报下落不明
    page = office.walk(sheet, Form)
    for number, fate in (("000004", "销毁"), ("000006", "归档")):
        page.tick(f"澜岱密〔2026〕1号 {number}")
        page.write({"去向": fate})
        page.hand_in("确定所选")
    page.hand_in("签字结束")
    assert "1份未见到实物，1份未定去向" in page.refusals()[0]
    page.tick("澜岱密〔2026〕1号 000007")
    page.write({"去向": "留用"})
    page.hand_in("确定所选")
    assert page.refusals() == ["见到实物之后才能定去向；未见到的先找，确实找不到的报下落不明 G4.5"]
    page.write({"去向": "下落不明"})
    page.hand_in("确定所选")
    assert page.refusals() == ["未见到的须逐份写明情况 G4.2"]
    page.write({"说明": "柜内与登记不符"})
    page.hand_in("确定所选")
    assert page.row("逐份", "000007")["去向"] == "下落不明 柜内与登记不符"
    browser.picture("clear-up-decided")

    # 异常即到总经理办公室；没有其他部门的保密员核对，仍关不了
    assert "清点未见到实物，下落不明" in desk_of(office, "office_head", "/").text()
    assert office.walk("/copies/incidents/", Form).row("密件异常", "000007")["登记人"] == "祁安然"
    browser.picture("incident")
    page = desk_of(office, "second_clerk", sheet)
    page.hand_in("签字结束")
    assert page.refusals() == ["其他部门交叉检查之后才能关闭 G4.5"]

    # 营销部保密员看得到份数，看不到编号；她签字，祁安然结束，定的去向就办
    page = desk_of(office, "jisj", sheet)
    assert "归档 1 · 销毁 1 · 下落不明 1" in page.text()
    assert "澜岱密〔2026〕1号" not in page.text()
    browser.picture("clear-up-checked")
    page.hand_in("核对无误，签字")
    page = desk_of(office, "second_clerk", sheet)
    page.hand_in("签字结束")
    assert "纪思佳已核对" in browser.text("header.mf-head")
    assert not page.offers("签字结束")
    browser.picture("clear-up-closed")
    kept = {row["份号"]: row["状态"] for row in office.walk("/copies/", Form).rows("份与持有")}
    assert kept == {"000004": "待销", "000006": "已归档", "000007": "下落不明"}
    line = office.walk("/registers/F11/", Form).row("年终清退清理表", "000007")
    assert "下落不明" in "".join(line.values())
    office.say_goodbye()
