"""The rule table: who may do what with an item, row by row, in the order in which a refusal names its clauses.

Deny beats permit; what nothing permits is refused (P0.2). The order decides only which clause is named first. The
Python function, the SQL of lists and the solver's term are made from these rows; nothing else decides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mifeng.engines.access.expr import (
    TRUE,
    Expr,
    LawBroken,
    Rel,
    Side,
    all_of,
    any_of,
    check,
    differs,
    is_set,
    leaves,
    negated,
    polarity,
    relation,
    same,
)  # fmt: skip
from mifeng.engines.access.facts import DESTINATION_HOME, STAFF
from mifeng.engines.access.levels import Level

READ, REGISTER_FACTS, DECIDE, EXTERNAL = "read", "register_facts", "decide", "external"
CARRIED_OUT = ("copy", "excerpt", "print", "lend", "carry_out")
ASKED_FOR = tuple(f"apply_{act}" for act in CARRIED_OUT)
ACTS = (READ, REGISTER_FACTS, *ASKED_FOR, *CARRIED_OUT, EXTERNAL, DECIDE)
ACT_WORDS = {
    "read": "阅览", "register_facts": "查看登记事项", "apply_copy": "申请复制", "apply_excerpt": "申请摘抄",
    "apply_print": "申请印制", "apply_lend": "申请借阅", "apply_carry_out": "申请外出携带", "copy": "复制",
    "excerpt": "摘抄", "print": "印制", "lend": "出借", "carry_out": "外出携带", "external": "对外提供",
    "decide": "审批",
}  # fmt: skip
# Which clause speaks of an act, where one row serves several acts.
ACT_CLAUSE = {
    "copy": "M2.1", "excerpt": "M2.1", "print": "C2.2", "lend": "C3", "carry_out": "C5.2",
    "apply_copy": "M2.1", "apply_excerpt": "M2.1", "apply_print": "C2.2", "apply_lend": "C3", "apply_carry_out": "C5.2",
}  # fmt: skip


EFFECTS = ("deny", "permit", "flag", "default")


# Rows are compared by identity: `==` of two conditions would build a third.
@dataclass(frozen=True, eq=False)
class Rule:
    """One row. `effect`: deny, permit, flag (said beside an allowed answer, decides nothing), or default (the sentence
    when nothing permits; one an act, no condition).

    `clause` is named in refusals, `also` are further clauses it keeps; `clause_of` names another clause for some acts.
    `calm`: stands in the way of opening, not of knowing that the item exists (device, password, freshness, session).
    `hides`: stands for its act in place of a row of reading, and hides the item like that one.
    """

    id: str
    clause: str
    effect: str
    acts: tuple[str, ...]
    when: Expr
    zh: str
    en: str
    also: tuple[str, ...] = ()
    clause_of: Mapping[str, str] = field(default_factory=dict)
    calm: bool = False
    hides: bool = False

    def clause_for(self, act: str) -> str:
        """The clause this row names for the act."""
        return self.clause_of.get(act, self.clause)

    @property
    def of_act(self) -> bool:
        """True when it rests on what is true for one act only (appointment, grant): says nothing about reading."""
        return any(leaf.spec.of_act for leaf in leaves(self.when) if isinstance(leaf, Rel))


S, C, D, A, G = Side("subject"), Side("context"), Side("item"), Side("deed"), Side("grant")
SCOPE, HANDLER, CONCERNED, FROZEN_TEAM = map(relation, ("scope", "handler", "concerned", "frozen_team"))
WALLED, OPENING = map(relation, ("walled", "opening"))
JUDGE, APPOINTED, GRANT, GRANT_BY_GM = map(relation, ("judge", "appointed", "grant", "grant_by_gm"))
CONFIDENTIAL, HIGHLY_CONFIDENTIAL, TOP_SECRET = Level.CONFIDENTIAL, Level.HIGHLY_CONFIDENTIAL, Level.TOP_SECRET
BUT_DECIDE = tuple(act for act in ACTS if act != DECIDE)
BUT_REGISTER = tuple(act for act in ACTS if act != REGISTER_FACTS)

RULES: tuple[Rule, ...] = (
    Rule("deny-left", "I8", "deny", ACTS, ~S.active, "已离职签离,权限全部取消", "The person has left the company; all rights have ended."),
    Rule("deny-duty", "M1.2", "deny", ACTS, (S.role != STAFF) & (D.level >= CONFIDENTIAL),
         "系统管理员、安全保密管理员、安全审计员不得接触涉密内容",
         "System administrator, security administrator and security auditor have no access to classified content."),
    # 内部 reaches an officer through the all-staff scope only: his other keys are gone (facts.Subject), and a grant,
    # custody or judging does not help him.
    Rule("deny-duty-scope", "M1.2", "deny", BUT_DECIDE, (S.role != STAFF) & (D.level < CONFIDENTIAL) & ~SCOPE,
         "三员只可阅览面向全体员工的内部文件", "The three administrators may read only internal papers meant for all staff."),
    Rule("deny-dead", "G4.5", "deny", ACTS, ~D.live, "此件已销毁或清退", "This item has been destroyed or returned to its issuer."),
    Rule("deny-self", "A2", "deny", ACTS, D.sealed & CONCERNED, "当事人回避,成文前不告知本人",
         "The person concerned is not told before the paper is issued.", also=("H2",)),
    Rule("deny-sealed", "H2", "deny", ACTS, D.sealed & ~HANDLER, "未成文发布,只限经办人员",
         "Not yet issued: only those handling it may see it."),
    Rule("deny-frozen", "M7.1", "deny", ACTS, D.frozen & ~FROZEN_TEAM, "泄密事件处理中,此件已冻结",
         "This item is frozen while a leak incident is being handled."),
    Rule("deny-wall", "P1.1", "deny", ACTS, WALLED, "已阅对方材料,此件对其隔离",
         "Papers of another side were read; this item is closed off by the wall between them."),
    Rule("deny-level", "K1.0", "deny", ACTS, S.clearance < D.level, "涉密等级低于此件密级",
         "Your clearance is below the level of this item.", also=("D3",)),
    Rule("deny-pledge", "P0.1", "deny", ACTS, (D.level >= CONFIDENTIAL) & (S.pledge_until <= C.now),
         "没有有效的保密承诺书", "There is no secrecy pledge in force."),
    Rule("deny-rules", "G1", "deny", ACTS, (D.level >= CONFIDENTIAL) & ~S.rules_read, "新制度逾期未确认,涉密内容暂停",
         "The new rules were not acknowledged in time; classified content is suspended."),
    Rule("deny-password", "I6.3", "deny", ACTS, (D.level >= CONFIDENTIAL) & (C.password_until <= C.now),
         "口令须更换(已满两个月,或检查发现外露),涉密内容暂停",
         "The password must be changed (two months old, or found lying open); classified content is suspended.", calm=True),
    Rule("deny-device", "D5", "deny", BUT_DECIDE, C.device_cap < D.level, "此设备不得显示该密级内容",
         "This device may not show content of that level.", also=("C10.3",), calm=True),
    Rule("deny-stale", "I6.2", "deny", ACTS,
         (D.level >= HIGHLY_CONFIDENTIAL) & (C.fresh_until <= C.now)
         | (D.level >= TOP_SECRET) & (C.fresh_top_until <= C.now),
         "第二因素验证已过时,须重新验证", "The second factor was checked too long ago; please verify again.", calm=True),
    Rule("deny-session", "I7.2", "deny", ACTS, ~C.session_ok, "会话已锁定或已在别处打开",
         "The session is locked, or was opened elsewhere.", also=("P2.1",), calm=True),
    Rule("deny-custody", "G4.1", "deny", BUT_REGISTER, differs(D.excl, S.pid), "此件由专人保管,只限保管人本人",
         "This item is in the custody of one designated person and open to that person only."),
    # The two who open a custody in an emergency count what lies in it; every page stays shut to them.
    Rule("deny-custody-facts", "G4.1", "deny", (REGISTER_FACTS,), differs(D.excl, S.pid) & ~OPENING,
         "此件由专人保管,只限保管人本人", "This item is in the custody of one designated person and open to that person only.",
         hides=True),
    Rule("deny-training", "I12", "deny", ASKED_FOR,
         (D.level >= HIGHLY_CONFIDENTIAL) & (S.trained_until <= C.now),
         "培训考核未在有效期内,不得新增机密以上准予",
         "There is no valid training assessment; no new grants at HIGHLY CONFIDENTIAL or above."),
    Rule("deny-undesignated", "M1.1", "deny", CARRIED_OUT, ~APPOINTED, "没有覆盖此事项、密级和部门的委托",
         "There is no appointment covering this act, level and department."),
    Rule("deny-applicant", "M2.1", "deny", (*CARRIED_OUT, EXTERNAL), same(A.applicant, S.pid),
         "申请人不得执行自己的申请", "Applicants do not carry out their own requests."),
    Rule("deny-approver", "M2.1", "deny", (*CARRIED_OUT, EXTERNAL),
         is_set(A.approver) & ((A.approver == S.pid) | is_set(A.applicant) & (A.approver == A.applicant)),
         "批准人不得批准自己的申请,也不得执行自己的批准",
         "Nobody approves a request of their own or carries out what they approved."),
    Rule("deny-recopy", "M2.1", "deny", ("copy", "print", "excerpt"), D.no_copy, "此件本身是复制件,不得再复制、摘抄",
         "This item is itself a copy and may not be copied or excerpted again."),
    Rule("deny-place", "G4.3", "deny", ("apply_carry_out", "carry_out"),
         is_set(A.destination) & (A.destination >= DESTINATION_HOME),
         "不得带回家或带到公共场所,任何人不得批准",
         "It may not be taken home or to a public place; nobody can approve that.", also=("D5",)),
    Rule("deny-nowhere", "G4.3", "deny", ("carry_out",), ~is_set(A.destination), "未写明外出去处",
         "The destination is not stated."),
    Rule("permit-custody", "G4.1", "permit", (READ,), same(D.excl, S.pid), "本人保管", "In your own custody"),
    Rule("permit-handler", "H2", "permit", (READ,), D.sealed & HANDLER, "经办人员", "Handling officer"),
    Rule("permit-scope", "P0.2", "permit", (READ,), SCOPE, "在知悉范围内", "Within the scope of knowledge", also=("D3",)),
    Rule("permit-grant-read", "D2", "permit", (READ,), GRANT, "经领导许可阅览", "Shown with a leader's permission"),
    Rule("permit-judge", "M2.1", "permit", (READ, DECIDE), JUDGE, "审批期间阅览所审内容",
         "Reading what is to be decided, while the request is open", also=("K1.0", "M4")),
    Rule("permit-ask", "M2.1", "permit", ASKED_FOR, SCOPE, "知悉范围内的人可以申请", "Those within the scope of knowledge may apply",
         also=("C2.2", "C3", "C5.2"), clause_of=ACT_CLAUSE),
    # SCOPE is not asked of the executor: the act shows pages to the printer path only.
    Rule("permit-execute", "M1.1", "permit", CARRIED_OUT, APPOINTED & GRANT & is_set(A.applicant),
         "受委托执行已批准的事项", "Appointed to carry out what was approved",
         also=("M2.1", "C2.2", "C3", "C5.2"), clause_of=ACT_CLAUSE),
    Rule("permit-handle", "M1.1", "permit", (REGISTER_FACTS,), APPOINTED & ~D.sealed, "受委托办理收发或保存",
         "Appointed for dispatch or custody", also=("G4.4",)),
    Rule("permit-opening", "G4.1", "permit", (REGISTER_FACTS,), is_set(D.excl) & OPENING & ~D.sealed,
         "应急开柜清点", "Counting at an emergency opening of the custody"),
    Rule("permit-out", "M4", "permit", (EXTERNAL,), GRANT & GRANT_BY_GM & is_set(A.applicant), "总经理事前批准",
         "Approved in advance by the general manager"),
    Rule("flag-training", "I12", "flag", (READ,), (D.level >= HIGHLY_CONFIDENTIAL) & (S.trained_until <= C.now),
         "培训考核已过有效期", "The training assessment is no longer valid."),
    Rule("default", "P0.2", "default", (READ, *ASKED_FOR), TRUE, "未列入知悉范围", "You are not in the scope of knowledge."),
    Rule("default-facts", "M1.1", "default", (REGISTER_FACTS,), TRUE,
         "登记事项只供受委托办理收发或保存的人查看,禁言事项除外",
         "Register facts are shown only to those appointed for dispatch or custody, and never under embargo."),
    Rule("default-act", "M2.1", "default", CARRIED_OUT, TRUE, "须有有效的批准,并由受委托的人执行",
         "This needs a valid approval and is carried out by an appointed person.", clause_of=ACT_CLAUSE),
    Rule("default-out", "M4", "default", (EXTERNAL,), TRUE, "对外提供须事先经总经理批准",
         "Disclosure to outsiders needs the general manager's prior approval."),
    Rule("default-decide", "P0.2", "default", (DECIDE,), TRUE, "不是此事项的批准人",
         "You are not an approver of this matter."),
)  # fmt: skip

# What a row of grants must be so that the relation GRANT holds: the witness of the relation in a proof, where GRANT
# stands only in places in which one row suffices. Grant.live and serving() are the same in Python (compared in a test).
GRANT_SERVES: Expr = (
    (G.doc == D.id) & G.fits & (G.shows & (G.pid == S.pid) | ~G.shows & G.executor) & G.approved
    & (G.since <= C.now) & (C.now < G.until) & (C.now < G.approval_until)
    & (~is_set(G.uses_left) | is_set(G.uses_left) & (G.uses_left > 0))
)  # fmt: skip
WITNESSES: Mapping[str, Expr] = {"grant": GRANT_SERVES, "grant_by_gm": G.by_gm}


def verify(rules: Iterable[Rule]) -> None:
    """The table is well-formed: effects, acts, both laws of expressions, polarity of relations. Raises LawBroken."""
    rows = tuple(rules)
    if len({rule.id for rule in rows}) != len(rows):
        raise LawBroken("two rules of one id")
    for rule in rows:
        if rule.effect not in EFFECTS or not set(rule.acts) <= set(ACTS):
            raise LawBroken(f"{rule.id} has an unknown effect or act")
        check(rule.when)
        for rel, positive in polarity(rule.when):
            if not rel.spec.negatable and positive != (rule.effect == "permit"):
                raise LawBroken(f"{rule.id}: {rel!r} stands where more of it would permit less")
    for act in ACTS:
        if sum(act in rule.acts for rule in rows if rule.effect == "default") != 1:
            raise LawBroken(f"{act} needs exactly one default")


def denies(rules: Iterable[Rule], act: str) -> tuple[Rule, ...]:
    """The rows that can stand in the way of an act, in naming order."""
    return tuple(rule for rule in rules if rule.effect == "deny" and act in rule.acts)


def permits(rules: Iterable[Rule], act: str) -> tuple[Rule, ...]:
    """The rows that can permit an act."""
    return tuple(rule for rule in rules if rule.effect == "permit" and act in rule.acts)


def flags(rules: Iterable[Rule], act: str) -> tuple[Rule, ...]:
    """The rows that are said beside an allowed answer."""
    return tuple(rule for rule in rules if rule.effect == "flag" and act in rule.acts)


def default(rules: Iterable[Rule], act: str) -> Rule:
    """The row that speaks when nothing permits the act."""
    return next(rule for rule in rules if rule.effect == "default" and act in rule.acts)


def whole(rules: Iterable[Rule], act: str) -> Expr:
    """The whole table for one act as one expression: some permit and no deny."""
    rows = tuple(rules)
    return all_of(
        any_of(*(rule.when for rule in permits(rows, act))),
        *(negated(rule.when) for rule in denies(rows, act)),
    )


def hiding(rules: Iterable[Rule], act: str = READ) -> tuple[Rule, ...]:
    """The denies of this act that hide that the item exists: those of reading that a better device or sign-in would not
    cure, as far as they bind the act, and those that stand in place of one of them."""
    return tuple(rule for rule in denies(rules, act) if not rule.calm and (READ in rule.acts or rule.hides))


def showing(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The permits of reading that let somebody know of the item whatever he asks: those that do not rest on a grant,
    which is known for the asked act only."""
    return tuple(rule for rule in permits(rules, READ) if not rule.of_act)


def asked(rules: Iterable[Rule], act: str) -> tuple[Rule, ...]:
    """Every row that a decision on this act looks at, in the order of the table."""
    rows = tuple(rules)
    wanted = {rule.id for rule in (*denies(rows, act), *permits(rows, act), *flags(rows, act), *hiding(rows), *showing(rows))}
    return tuple(rule for rule in rows if rule.id in wanted)


verify(RULES)
