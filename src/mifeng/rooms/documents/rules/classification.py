"""Which level: the catalogue proposes, the harm measures, the classifier decides. Harm and level agree in the end."""

from collections.abc import Mapping

from mifeng.clauses import catalogue, enforces, schemes
from mifeng.clauses.schemes import Scheme
from mifeng.engines.access import Decision, Level
from mifeng.rooms.documents.facts import HARM_LEVEL, HARM_WORDS, Proposed


@enforces("P3.1")
def interest_named(proposed: Proposed) -> Decision:
    """定密须说明保护何种利益、泄露有何损害;无利益可护者不得定密。"""
    if proposed.level < Level.CONFIDENTIAL:
        return Decision.permit("interest_named", "P3.1")
    if not proposed.interest.strip():
        return Decision.refuse("interest_required", "P3.1", "未写明保护何种利益")
    if proposed.harm not in HARM_LEVEL:
        return Decision.refuse("harm_required", "P3.1", "未写明泄露有何损害")
    return Decision.permit("interest_named", "P3.1")


@enforces("K1.0")
def is_a_level(level: int, scheme_levels: frozenset[int]) -> Decision:
    """公司秘密分绝密、机密、秘密三级。

    Exactly the levels of the scheme in force, beside 内部 and 公开.
    """
    if level in scheme_levels | {Level.INTERNAL, Level.PUBLIC}:
        return Decision.permit("is_a_level", "K1.0")
    return Decision.refuse("no_such_level", "K1.0", "密级不在现行密级方案之内")


@enforces("K1.0")
def may_map(before: Scheme, to: Scheme, mapping: Mapping[int, int]) -> Decision:
    """公司秘密分绝密、机密、秘密三级。

    A company's own scheme takes their place by a mapping in which every level stays or rises: what would become lower, or
    has nowhere to go, is reviewed by itself first (P4.3).
    """
    lowered = before.lowered_by(to, mapping)
    if not lowered:
        return Decision.permit("may_map", "K1.0")
    zh = f"按此对照,{'、'.join(before.word(rank) for rank in lowered)}将降低或没有去处;不得借切换降密,确需降密的逐件送审"
    named = ", ".join(before.at(rank).english.lower() for rank in lowered)
    en = f"By this mapping {named} would become lower or has nowhere to go. A switch lowers nothing: ask for each item by itself."
    return Decision.refuse("mapping_lowers", "K1.0", zh, en=en)


@enforces("K1.1")
def top_secret_harm(level: int, harm: str) -> Decision:
    """最重要的公司秘密,泄露使权益利益受特别严重损害。"""
    return _level_needs(level, harm, Level.TOP_SECRET, "K1.1")


@enforces("K1.2")
def highly_confidential_harm(level: int, harm: str) -> Decision:
    """重要的公司秘密;原文与绝密同写特别严重损害,按法例应为严重损害。"""
    return _level_needs(level, harm, Level.HIGHLY_CONFIDENTIAL, "K1.2")


@enforces("K1.3")
def confidential_harm(level: int, harm: str) -> Decision:
    """一般的公司秘密,泄露使权益利益受损害。"""
    if level >= Level.CONFIDENTIAL and harm == "none":
        return Decision.refuse("no_harm", "K1.3", "泄露没有损害的,不得定密")
    return _level_needs(level, harm, Level.CONFIDENTIAL, "K1.3")


def _level_needs(level: int, harm: str, of: int, clause: str) -> Decision:
    if level != of or of not in schemes.in_force().ranks or level_of_harm(harm) == of:
        return Decision.permit("harm_fits", clause)
    needed = "或".join(word for key, word in HARM_WORDS.items() if level_of_harm(key) == of)
    zh = f"定{schemes.word(of)}的,泄露损害须为{needed}"
    en = f"For {schemes.english(of)} the harm of disclosure must be the one this level stands for."
    return Decision.refuse("harm_differs", clause, zh, en=en)


def level_of_harm(harm: str) -> int:
    """The level a harm stands for (K1.1-K1.3): 一般 秘密, 严重 机密, 特别严重 绝密, none 内部; under a scheme without one of
    these the next higher.
    """
    return schemes.in_force().least(max(HARM_LEVEL.get(harm, 0), Level.INTERNAL))


@enforces("S8")
def in_range(proposed: Proposed) -> Decision:
    """日常的决定决议、通知通告和管理类材料不在保密范围,不得定密。

    The classifier may override with a written reason; the override goes to the quarterly audit.
    """
    if proposed.level < Level.CONFIDENTIAL or proposed.category != "S8" or proposed.override.strip():
        return Decision.permit("in_range", "S8")
    return Decision.refuse("out_of_scope", "S8", "通知、通告、一般决定决议和管理资料不在保密范围")


@enforces("K2.1")
def important_decision(proposed: Proposed) -> Decision:
    """经营发展中直接影响公司权益的重要决策文件资料定绝密。"""
    return _not_below_line(proposed, "K2.1")


@enforces("K2.2")
def plans_and_reports(proposed: Proposed) -> Decision:
    """规划、财务与统计报表、重要会议的记录以及经营状况定机密。"""
    return _not_below_line(proposed, "K2.2")


@enforces("K2.3")
def files_and_contracts(proposed: Proposed) -> Decision:
    """人事档案、合同协议、职工工资性收入、未入市未公开信息定秘密。"""
    return _not_below_line(proposed, "K2.3")


@enforces("A1")
def board_decision(proposed: Proposed) -> Decision:
    """董事会、总经理办公会关于公司前途的重大决策及实施方案严格保密。

    Never below 机密; a lower level than 绝密 needs a reason that the GM confirms.
    """
    line = catalogue.line(proposed.line)
    if line and line.clause == "A1" and proposed.level < Level.HIGHLY_CONFIDENTIAL:
        zh = f"董事会、总经理办公会重大决策不得低于{schemes.word_from(Level.HIGHLY_CONFIDENTIAL)}"
        en = "A decision of the board or of the general manager's meeting is never below the level that the regulation names."
        return Decision.refuse("board_floor", "A1", zh, en=en)
    return _not_below_line(proposed, "A1")


@enforces("T0")
def technology(proposed: Proposed) -> Decision:
    """生产的技术与工艺、科研所得的成果都列为保密对象。

    Technology needs its project's code; without a level it is protected as 机密 until decided.
    """
    line = catalogue.line(proposed.line)
    if line and line.clause.startswith("T") and proposed.level >= Level.CONFIDENTIAL and not proposed.project.strip():
        return Decision.refuse("project_required", "T0", "技术资料须写明项目或产品代号")
    return _not_below_line(proposed, "T0")


def _not_below_line(proposed: Proposed, clause: str) -> Decision:
    line = catalogue.line(proposed.line)
    if line is None or line.basis != clause or proposed.level >= line.level or proposed.reason.strip():
        return Decision.permit("line_kept", clause)
    usual = schemes.in_force().least(line.level)
    zh = f"一览表此条拟定{schemes.word(usual)},定低须书面说明理由,由定密责任人审定"
    en = (
        f"The guide proposes {schemes.english(usual)} for this matter; a lower level needs a written reason, which the "
        "classification authority decides."
    )
    return Decision.refuse("reason_required", clause, zh, en=en)


@enforces("S1")
def major_decisions(proposed: Proposed) -> Decision:
    """公司重大决策中的秘密事项列入保密范围。"""
    return _not_below_category(proposed, "S1")


@enforces("S2")
def unexecuted_plans(proposed: Proposed) -> Decision:
    """尚未实施的经营战略、方向、规划、项目及决策列入范围。"""
    return _not_below_category(proposed, "S2")


@enforces("S3")
def contracts_and_minutes(proposed: Proposed) -> Decision:
    """内部掌握的各类合同协议、项目建议与可研、主要会议的记录均属范围。"""
    return _not_below_category(proposed, "S3")


@enforces("S4")
def accounts_and_reports(proposed: Proposed) -> Decision:
    """财务决算报告及各类财务、统计报表列入范围。"""
    return _not_below_category(proposed, "S4")


@enforces("S5")
def unpublished_information(proposed: Proposed) -> Decision:
    """公司掌握的尚未进入市场或未公开的信息列入范围。"""
    return _not_below_category(proposed, "S5")


@enforces("S6")
def personnel_and_pay(proposed: Proposed) -> Decision:
    """员工人事档案、工资与劳务收入及资料列入范围。"""
    return _not_below_category(proposed, "S6")


def _not_below_category(proposed: Proposed, category: str) -> Decision:
    if proposed.category != category or proposed.reason.strip():
        return Decision.permit("category_kept", category)
    # While no line is named the category itself proposes.
    line = catalogue.line(proposed.line)
    floor = line.level if line else catalogue.propose(category).level
    if proposed.level >= floor:
        return Decision.permit("category_kept", category)
    usual = schemes.in_force().least(floor)
    zh = f"此类事项拟定{schemes.word(usual)},定低须书面说明理由"
    en = f"Matters of this kind are proposed as {schemes.english(usual)}; a lower level needs a written reason."
    return Decision.refuse("lower_needs_reason", category, zh, en=en)


@enforces("S7")
def may_change_catalogue(decider_posts: frozenset[str]) -> Decision:
    """经公司确定应保密的其他事项列入范围。

    A line of the catalogue is added or changed by the general manager only; in force from the next day.
    """
    if "gm" in decider_posts:
        return Decision.permit("catalogue_decided", "S7")
    return Decision.refuse("gm_decides_catalogue", "S7", "增改保密事项一览表须经总经理批准")


@enforces("S7")
def line_form(title: str, basis: str, level: int, years: int) -> Decision:
    """经公司确定应保密的其他事项列入范围。

    A matter that the company adds has a name, a reason, a level and a term.
    """
    if title.strip() and basis.strip() and level >= Level.CONFIDENTIAL and years >= 1:
        return Decision.permit("line_form", "S7")
    return Decision.refuse("line_form", "S7", "增列事项须写明名称、理由、密级和期限")


@enforces("S7")
def line_stands(proposed: Proposed) -> Decision:
    """经公司确定应保密的其他事项列入范围。

    Whoever cites a line cites one in force, and another matter of the company is secret only where a line says so.
    """
    if proposed.level < Level.CONFIDENTIAL:
        return Decision.permit("line_stands", "S7")
    line = catalogue.line(proposed.line)
    if proposed.line and line is None:
        return Decision.refuse("line_not_in_force", "S7", "一览表没有此条,或尚未生效")
    if proposed.category == "S7" and line is None:
        return Decision.refuse("line_required", "S7", "公司另行确定的事项,须一览表有此条")
    return Decision.permit("line_stands", "S7")


@enforces("G2")
def protecting_level(decided: int | None, proposed: int) -> int:
    """已定为秘密的、以及虽未定密但尚未或不宜公开的资料、计划、部署、标底等,均不得对外透露。

    The level that protects: while nothing is decided the proposed one counts, from the first save.
    """
    return proposed if decided is None else decided


@enforces("A3")
def office_matter(level: int, term_given: bool) -> Decision:
    """办公室其余须保密事务同样严守。

    Any office matter may be marked; then level, scope and term are compulsory as for papers.
    """
    if level < Level.CONFIDENTIAL or term_given:
        return Decision.permit("office_matter", "A3")
    return Decision.refuse("term_required", "A3", "须写明保密期限")


CATEGORY_RULES = (
    major_decisions, unexecuted_plans, contracts_and_minutes, accounts_and_reports, unpublished_information,
    personnel_and_pay,
)  # fmt: skip


def all_of(proposed: Proposed, scheme_levels: frozenset[int]) -> list[Decision]:
    """Every rule on a proposed classification, in the order in which reasons are given."""
    return [
        is_a_level(proposed.level, scheme_levels), interest_named(proposed), in_range(proposed), line_stands(proposed),
        *(rule(proposed) for rule in CATEGORY_RULES),
        confidential_harm(proposed.level, proposed.harm), highly_confidential_harm(proposed.level, proposed.harm),
        top_secret_harm(proposed.level, proposed.harm), important_decision(proposed), plans_and_reports(proposed),
        files_and_contracts(proposed), board_decision(proposed), technology(proposed),
        office_matter(proposed.level, proposed.term.given),
    ]  # fmt: skip
