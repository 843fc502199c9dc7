"""Make the regulation's files once from the clause catalogue of the domain; from then on they are edited by hand.

    python tools/make_regulation.py DOMAIN [--into FOLDER]

DOMAIN holds clauses.toml, approvals.toml, forms.toml and glossary.tsv. Written are one TOML file a book,
approvals.toml, forms.toml and words.tsv. A file that is already there is left alone: the regulation has been edited
since, and a second making would undo that. parameters.toml, catalogue.toml and schemes.toml have no source to be made
from; they are written by hand from the start.
"""

import argparse
import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

REGULATION = Path(__file__).resolve().parents[1] / "src" / "mifeng" / "regulation"

# File stem -> what the book is called; the first letter of a clause id names its book.
BOOKS = {
    "p_principles": "概述,准则和要求 · what secrecy asks of everybody",
    "d_documents": "文员保密工作准则 文档保密 · papers",
    "l_leaders": "文员保密工作准则 领导保密 · leaders",
    "h_personnel": "文员保密工作准则 人事保密 · personnel",
    "a_affairs": "文员保密工作准则 事务保密 · affairs",
    "t_technology": "文员保密工作准则 技术保密 · technology",
    "g_rules": "员工保密守则 · general rules",
    "s_scope": "保密范围 · what may be a secret",
    "k_levels": "密级的确定 · the levels",
    "m_measures": "保密措施 · measures",
    "c_conduct": "办公室保密 · conduct of the office",
    "i_computers": "计算机管理 · computers",
    "e_meetings": "会议保密 · meetings",
}

# Room -> the clauses whose rule, register or inspection line it holds.
ROOMS = {
    "people": "P2.2 M1.1 I5.2 I6.1 I6.2 I6.3 I7.1 I7.2",
    "training": "P0.1 G1 M6.2 I12",
    "computers": "M1.2 C10.1 C10.3 I1 I2 I3.1 I3.2 I4.1 I4.2 I5.1 I9.1 I9.2 I9.3 I10.1 I10.2 I10.3 I10.4 I10.5 I11",
    "sites": "T1 G6",
    "documents": "P0.2 P0.3 P1.1 P1.2 P3.1 P4.0 P4.1 P4.2 P4.3 D2 A1 A3 T0 T3 T4 G2 S1 S2 S3 S4 S5 S6 S7 S8 "
    "K1.0 K1.1 K1.2 K1.3 K2.1 K2.2 K2.3 C6.1 C10.2",
    "viewing": "P2.1 D3 I10.6",
    "leaders": "P5.3 P5.4 L1 L2 L3",
    "personnel": "P3.2 H1 H2 A2",
    "seals": "C8.1 C8.2",
    "equipment": "G5 M3",
    "copies": "D5 G4.1 G4.2 G4.3 M2.1 M2.3 C2.2 C4.2 C4.3 C5.1 C5.2",
    "circulation": "P5.1 D1 G3 G4.4 G4.5 M2.2 C1 C3 C4.1",
    "meetings": "P5.2 M5.1 M5.2 M5.3 M5.4 C7 E0 E1.1 E1.2 E1.3 E2 E3 E4 E5 E6 E7 E8",
    "drafts": "D4 T2 C2.1 M6.1 M6.3 C9",
    "disclosure": "M4 C6.2 E9",
    "incidents": "M7.1 M7.2 G7",
    "departures": "I5.3 I8",
    "oversight": "P5.0",
}
ROOM_OF = {clause: room for room, listed in ROOMS.items() for clause in listed.split()}

FORM_ROOMS = {
    "people": "F24 F28", "training": "F19 F21", "computers": "F23 F25 F26", "sites": "F15", "documents": "F08 F09",
    "personnel": "F29", "seals": "F14 F27", "equipment": "F30", "copies": "F05 F06 F07 F10",
    "circulation": "F01 F02 F03 F04 F11", "meetings": "F12 F13", "disclosure": "F16 F17", "incidents": "F18",
    "departures": "F20", "oversight": "F22",
}  # fmt: skip
ROOM_OF_FORM = {form: room for room, listed in FORM_ROOMS.items() for form in listed.split()}

# Which way of keeping a clause each sentence of the catalogue stands for.
WAYS = {"enforce": "rule", "record": "register", "check": "inspection"}

# The closed vocabularies of the matrix, which the domain file gives in its comments and the rooms give in code.
POSTS = """
[posts]                                    # every post that a step or an executor may name, with the word people read
gm = "总经理"
deputy_gm = "主管副总经理"
gmo_head = "总经理办公室主任"
board_secretary = "董事会秘书"
dept_head = "部门负责人"
classifier = "定密责任人"
legal = "法务"
cfo = "财务总监"
hr = "人事"
it_head = "信息部门负责人"
guard_head = "安保负责人"
sysadmin = "系统管理员"
secadmin = "安全保密管理员"
owning_dept_head = "归口部门负责人"
applicant_dept_head = "申请人部门负责人"
site_dept_head = "部位所在部门负责人"
chair = "会议主持人"
subject_leader = "领导本人"
clerk = "机要员"
excerpter = "摘录人"
handing_over_person = "移交人"
destroyer = "销毁人"
guard = "门卫"
seal_keeper = "印章保管人"

[conditions]                               # word → the clause it rests on, and what must hold
decider_is_not_drafter = { clause = "K1.0", zh = "审定人不得是承办人" }
filed_with_gmo_office = { clause = "K1.0", zh = "审定后报总经理办公室备案" }
decider_not_below_original_decider = { clause = "P4.1", zh = "审定人不得低于原定密责任人" }
every_holder_told_and_copies_re_marked = { clause = "P4.3", zh = "逐一通知持有人并改标志" }
before_expiry = { clause = "P4.1", zh = "在保密期限届满之前" }
within_cap_30_20_10_years = { clause = "P4.0", zh = "不超过该密级的最长期限" }
named_persons_only_at_top_secret = { clause = "P1.1", zh = "绝密件的知悉范围须点到本人" }
end_date_and_purpose_given = { clause = "D2", zh = "写明事由和截止日期" }
count_and_pages_fixed = { clause = "M2.1", zh = "份数和页码由批准确定" }
not_a_copy_of_a_copy = { clause = "M2.1", zh = "复制件不得再复制" }
issuer_consents_if_received_top_secret = { clause = "M2.1", zh = "外来绝密件须经制发单位同意" }
target_takes_highest_level_and_longest_term = { clause = "D4", zh = "所成文件取来源的最高密级和最长期限" }
count_fixed = { clause = "C2.2", zh = "印制份数由签批确定" }
waste_sheets_registered = { clause = "C2.2", zh = "废页登记" }
readers_within_scope = { clause = "C1", zh = "阅件人均在知悉范围内" }
registered = { clause = "G4.4", zh = "先登记,后流转" }
borrower_within_scope = { clause = "C3", zh = "借阅人在知悉范围内" }
top_secret_in_reading_room_only = { clause = "C3", zh = "绝密件只在机要室阅读" }
no_sub_lending = { clause = "C3", zh = "不得转借" }
designated_carrier = { clause = "M2.2", zh = "携带人须经指定" }
two_carriers_at_top_secret = { clause = "M2.2", zh = "绝密件须两人同行" }
destination_kind_allowed = { clause = "G4.3", zh = "目的地不得是住所或公共场所" }
nda_on_file = { clause = "M4", zh = "保密协议在案" }
minimal_extract = { clause = "M4", zh = "只提供必需的部分" }
return_or_destroy_date = { clause = "M4", zh = "写明返还或销毁日期" }
approved_before_handover = { clause = "M4", zh = "批准在交付之前" }
reviewed_version_only = { clause = "C6.2", zh = "只发布审查过的版本" }
no_excerpt_match = { clause = "C6.2", zh = "未命中涉密内容" }
archive_confirms_no_value = { clause = "G4.5", zh = "档案部门确认无保存价值" }
executor_entrusted = { clause = "M1.1", zh = "执行人持有效委托" }
two_witnesses_neither_applicant_nor_executor = { clause = "G4.5", zh = "两名监销人,均非申请人、销毁人" }
acts_levels_and_period_named = { clause = "M1.1", zh = "写明事项、密级和期限" }
room_rated_for_level = { clause = "M5.1", zh = "会场等级不低于会议密级" }
attendees_named = { clause = "M5.2", zh = "与会人员逐人指定" }
named_persons = { clause = "M5.4", zh = "传达对象点到本人" }
purpose_window_escort_given = { clause = "G6", zh = "写明事由、时段和陪同人" }
no_visitor_tour = { clause = "T1", zh = "来客不得参观保密现场" }
text_complete = { clause = "C8.2", zh = "文本完整,没有空白" }
impressions_fixed = { clause = "C8.2", zh = "用印次数由批准确定" }
keeper_neither_applicant_nor_approver = { clause = "C8.1", zh = "保管人不得是申请人或批准人" }
use_approved = { clause = "C8.2", zh = "用印本身已经批准" }
two_persons_named = { clause = "C8.2", zh = "写明同行两人" }
return_time_given = { clause = "C8.2", zh = "写明归还时间" }
internal_papers_only = { clause = "C8.2", zh = "只用于内部文件" }
asker_named = { clause = "L3", zh = "写明询问人" }
signed_text_attached = { clause = "H2", zh = "附签发文本" }
investigation_closed = { clause = "G7", zh = "调查已有结论" }
two_investigators_neither_decider_nor_subject = { clause = "G7", zh = "两名调查人,均非决定人、当事人" }
nothing_open = { clause = "I8", zh = "清退和权限均无未了事项" }
verified_by_it_staff_who_is_not_it_head = { clause = "I8", zh = "由负责人之外的信息部门人员核实" }
own_analysis_given = { clause = "I11", zh = "写明自行分析的结果" }
identity_checked = { clause = "I5.2", zh = "核对申请人身份" }
one_time_code = { clause = "I5.2", zh = "只发一次性口令" }
second_factor_kept_or_third_witness = { clause = "I5.2", zh = "保留第二要素,否则须第三见证人" }
holder_told = { clause = "I5.2", zh = "告知账号本人" }
"""

DOMAIN_HEAD = "# The approval matrix"


def text(value: str) -> str:
    """A TOML basic string. JSON's escapes are a subset of TOML's."""
    return json.dumps(value, ensure_ascii=False)


def array(key: str, values: list[str]) -> Iterator[str]:
    """`key = [...]`, one string a line where there is more than one."""
    if len(values) < 2:
        yield f"{key} = [{', '.join(map(text, values))}]"
        return
    yield f"{key} = ["
    yield from (f"  {text(value)}," for value in values)
    yield "]"


def clause_table(clause: dict[str, Any]) -> Iterator[str]:
    """One clause as a table of its book."""
    yield f"[{text(clause['id'])}]"
    ours = {
        "title_zh": clause["title_zh"], "title_en": clause["title_en"], "text": clause["demand_zh"],
        "english": clause["demand_en"], "source": clause["source"], "status": clause["status"],
        "room": ROOM_OF[clause["id"]],
    }  # fmt: skip
    yield from (f"{key} = {text(value)}" for key, value in ours.items())
    kept_by = [way for field, way in WAYS.items() if clause[field]]
    yield f"kept_by = [{', '.join(map(text, kept_by))}]"
    yield from (f"{field} = {text(clause[field])}" for field in WAYS)
    yield f"evidence = [{', '.join(map(text, clause['evidence']))}]"
    yield from array("scenarios", clause["scenarios"])
    yield from array("edge_cases", clause["edge_cases"])
    yield ""


def books(clauses: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """File name and text of each book, clauses in the order of the source."""
    for stem, title in BOOKS.items():
        lines = [f"# {title}", "# Scenarios are numbered by their place and only appended: ID/1, ID/2, …", ""]
        for clause in clauses:
            if clause["id"][0] == stem[0].upper():
                lines += clause_table(clause)
        yield f"{stem}.toml", "\n".join(lines)


def forms(listed: list[dict[str, Any]]) -> str:
    """The 30 forms and registers, one table each; field = key|label|type."""
    lines = ["# Forms and registers. field = key|label_zh|type", ""]
    for form in listed:
        lines += [f"[{form['id']}]", f"room = {text(ROOM_OF_FORM[form['id']])}"]
        lines += [f"{key} = {text(form[key])}" for key in ("title_zh", "title_en", "numbering", "kept_by", "notes")]
        for key in ("fields", "states", "signatures"):
            lines += array(key, form[key])
        lines.append("")
    return "\n".join(lines)


def approvals(source: str) -> str:
    """The matrix as the domain gives it, with its vocabularies added in front of the acts."""
    head, first, acts = source.partition("[[act]]")
    if not source.startswith(DOMAIN_HEAD) or "schema = 2" not in head:
        raise SystemExit("approvals.toml is not the matrix of schema 2")
    return head.rstrip() + "\n" + POSTS + "\n" + first + acts


def everything(domain: Path) -> Iterator[tuple[str, str]]:
    """File name and text of all that is made."""
    yield from books(tomllib.loads((domain / "clauses.toml").read_text("utf-8"))["clause"])
    yield "forms.toml", forms(tomllib.loads((domain / "forms.toml").read_text("utf-8"))["form"])
    yield "approvals.toml", approvals((domain / "approvals.toml").read_text("utf-8"))
    yield "words.tsv", (domain / "glossary.tsv").read_text("utf-8")


def main(argv: list[str]) -> int:
    """Exit 0 when every file stands, made now or before."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("domain", type=Path)
    asked.add_argument("--into", type=Path, default=REGULATION)
    given = asked.parse_args(argv)
    given.into.mkdir(parents=True, exist_ok=True)
    for name, content in everything(given.domain):
        target = given.into / name
        if target.exists():
            print(f"{name}: kept as it is")
            continue
        target.write_text(content, "utf-8")
        print(f"{name}: made")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
