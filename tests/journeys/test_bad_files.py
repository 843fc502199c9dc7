"""Files that may not come in, a second click, a wire that is cut: a clear sentence, nothing lost, nothing twice."""

import base64
import socket
from pathlib import Path

import pytest

from tests.journeys import papers
from tests.journeys.desk import Card, Office, Registration
from tests.journeys.test_main import INTEREST, KNOWERS, fill_in

pytestmark = [pytest.mark.journey, pytest.mark.part("chromium")]


def filled(office: Office, who: str = "drafter") -> Registration:
    """The form, filled in to the last answer."""
    office.enter(who)
    form = office.registration()
    fill_in(form)
    form.write(interest=INTEREST)
    form.let_know(*KNOWERS)
    return form


def test_a_bad_file_is_named_in_the_form_and_nothing_typed_is_lost(office: Office, tmp_path: Path) -> None:
    bad = papers.bad_files()
    form = filled(office)

    # 当 一次放进七个坏文件和一个好文件
    files = papers.lay_out(tmp_path, {name: content for name, (content, _words) in bad.items()})
    form.attach(*files, papers.main_paper(tmp_path))
    verdicts = {name: (state, css) for name, state, css in form.attached()}

    # 那么 每个坏文件旁边写明原因与怎么办, 好文件收下, 已填的都在
    for name, (_content, words) in bad.items():
        state, css = verdicts[name]
        assert css == "bad", (name, state)
        assert words in state, (name, state)
        assert state.endswith("。"), (name, state)
    assert verdicts[f"{papers.TITLE}.pdf"][1] == "ok"
    assert (form.value("title"), form.value("interest")) == (papers.TITLE, INTEREST)

    # 当 仍送审, 那么 只有好文件随件登记
    form.send()
    card = Card(office.server, office.browser)
    assert card.heading == papers.TITLE
    assert [row.text.split(" ")[0] for row in office.browser.all("#files tbody th")] == [f"{papers.TITLE}.pdf"]
    card.say_goodbye()


def test_without_script_the_same_sentence_stands_above_the_form(office: Office, tmp_path: Path) -> None:
    form = filled(office)
    [file] = papers.lay_out(tmp_path, {"空白.pdf": b""})
    office.browser.run(
        "const zone = document.querySelector('[data-mf-upload]');"
        "zone.replaceWith(zone.cloneNode(true)); document.querySelector('[name=files]').value = ''"
    )  # the input without its script
    office.browser.one("input[type=file]").send_keys(str(file))
    form.send()
    assert [line for line in form.objections() if "空白.pdf" in line and "空的" in line] != []
    assert form.value("title") == papers.TITLE
    assert form.value("scope-0-who").startswith("温启航")


def test_a_name_that_is_not_utf_8_is_answered_with_what_to_do(office: Office) -> None:
    filled(office)
    # 老程序送来的名字是 GBK 的字节; 浏览器自己总是送 UTF-8
    said = office.browser.driver.execute_async_script(
        """
        const done = arguments[1], bytes = (text) => [...text].map((sign) => sign.charCodeAt(0));
        const head = '--x\\r\\nContent-Disposition: form-data; name="file"; filename="';
        const body = new Uint8Array([...bytes(head), ...bytes(atob(arguments[0])), ...bytes('"\\r\\n\\r\\n'),
          ...bytes('plain text'), ...bytes('\\r\\n--x--\\r\\n')]);
        const token = document.querySelector('[name=csrfmiddlewaretoken]').value;
        fetch('/documents/uploads/', {method: 'POST', body, headers: {'X-CSRFToken': token,
          'Content-Type': 'multipart/form-data; boundary=x'}}).then(
            async (a) => done([a.status, (await a.json()).text]));
        """,
        base64.b64encode("会议纪要.txt".encode("gbk")).decode(),
    )
    assert said == [422, "没有收到文件。请重选；文件名不是 UTF-8 编码的，请先改名。"]


def test_a_second_click_registers_once(office: Office) -> None:
    form = filled(office)
    before = len(office_rows(office, form))
    button = office.browser.named("button[value=submit]", "送审")
    with office.browser.leaving():
        office.browser.run("arguments[0].click(); arguments[0].click(); arguments[0].click()", button)
    assert Card(office.server, office.browser).heading == papers.TITLE
    assert len(rows_of(office)) == before + 1


def test_the_same_form_sent_twice_registers_once(office: Office) -> None:
    form = filled(office)
    before = len(office_rows(office, form))
    answers = office.browser.driver.execute_async_script("""
        const done = arguments[0], form = document.getElementById('cls'), body = () => {
          const told = new FormData(form); told.append('do', 'submit'); return told; };
        Promise.all([0, 1].map(() => fetch(location.href, {method: 'POST', body: body()}))).then(
          (all) => done(all.map((answer) => answer.url)));
    """)
    assert len(set(answers)) == 1, answers
    assert len(rows_of(office)) == before + 1


def test_a_second_click_approves_once(office: Office) -> None:
    filled(office).send()
    office.enter("dept_head")
    waiting = len(office.inbox().waiting())
    head = {"act": "approvals:approve", "out": "allowed", "actor": office.server.told["people"]["tianjz"]}
    before = office.server.count("base_logindex", **head)
    office.inbox().take(papers.TITLE)
    office.browser.driver.execute_async_script("""
        const done = arguments[0], form = document.getElementById('decide'), body = () => {
          const told = new FormData(form); told.append('decision', 'approve'); return told; };
        Promise.all([0, 1].map(() => fetch(form.action, {method: 'POST', body: body()}))).then(
          (all) => done(all.map((answer) => answer.status)));
    """)
    assert len(office.inbox().waiting()) == waiting - 1
    assert office.server.count("base_logindex", **head) == before + 1  # nobody took the deputy's step as well


def test_a_wire_that_is_cut_is_said_and_the_file_can_be_chosen_again(office: Office, tmp_path: Path) -> None:
    form = filled(office)
    # 当 网断了
    office.browser.tell("Network.enable")
    office.browser.tell(
        "Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=-1, uploadThroughput=-1
    )
    form.attach(papers.main_paper(tmp_path))
    [(_name, state, css)] = form.attached()
    office.browser.tell(
        "Network.emulateNetworkConditions", offline=False, latency=0, downloadThroughput=-1, uploadThroughput=-1
    )
    # 那么 写明没有传完, 再选一次就好
    assert (css, state) == ("bad", "没有传完，请再选一次")
    form.attach(papers.main_paper(tmp_path))
    assert [css for _name, _state, css in form.attached()] == ["bad", "ok"]
    form.send()
    assert Card(office.server, office.browser).heading == papers.TITLE


def test_an_upload_that_stops_half_way_leaves_nothing(office: Office) -> None:
    filled(office)
    kept = "; ".join(f"{c['name']}={c['value']}" for c in office.browser.driver.get_cookies())
    token = office.browser.one("[name=csrfmiddlewaretoken]").get_attribute("value")
    before = office.server.count("documents_upload")
    # 当 传到一半, 连接断了
    head = (
        f"POST /documents/uploads/ HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: {office.server.address}\r\nCookie: {kept}\r\n"
        f"X-CSRFToken: {token}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 900000\r\n\r\n"
        '--x\r\nContent-Disposition: form-data; name="file"; filename="half.pdf"\r\n\r\n%PDF-1.7\n'
    )
    with socket.create_connection(("127.0.0.1", office.server.port)) as wire:
        wire.sendall(head.encode() + b"0" * 200_000)
    # 那么 没有收下半个文件, 系统照常
    assert office.registration().heading == "登记与定密"
    assert office.server.count("documents_upload") == before
    assert [
        f for f in (office.server.folder / "var").rglob("*") if b"%PDF" in (f.read_bytes()[:8] if f.is_file() else b"")
    ] == []


def rows_of(office: Office) -> list[str]:
    """Rows of the register with the main paper's title."""
    return [row for row in office.register().rows() if papers.TITLE in row]


def office_rows(office: Office, form: Registration) -> list[str]:
    """The same without leaving the form: asked for beside it."""
    text = office.browser.driver.execute_async_script(
        "const done = arguments[0]; fetch('/documents/').then((a) => a.text()).then((text) => done(["
        "...new DOMParser().parseFromString(text, 'text/html').querySelectorAll('.mf-ledger tbody tr')].map("
        "(row) => row.textContent)))"
    )
    assert form.path == "/documents/new/"
    return [row for row in text if papers.TITLE in row]
