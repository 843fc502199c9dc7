"""Rules on accounts, sessions and entrusted persons. Pure: facts in, decision or figure out."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from mifeng.clauses import enforces, parameter, schemes
from mifeng.clauses.parameters import rungs
from mifeng.engines.access import Decision, Level, officer_conflict
from mifeng.rooms.people.facts import CARRIER_ACTS, POSTS, AppointmentFacts, InspectionFacts, ResetFacts, SessionFacts

APPOINTERS = frozenset({"gmo_head", "deputy_gm"})
# Who looks at desks everywhere: the office keeps the inspection sheets, the security administrator sees to accounts.
INSPECTORS = frozenset({"gmo_head", "secadmin"})


@enforces("M1.1")
def may_appoint(appointer_posts: frozenset[str]) -> Decision:
    """涉密文件资料物品从做出来、收进发出、传送使用,到复印摘录、保管、销毁,都由总经办或主管副总委托的专人办理。

    Only the head of the general manager's office or a deputy general manager appoints; never a department head.
    """
    if appointer_posts & APPOINTERS:
        return Decision.permit("may_appoint", "M1.1")
    return Decision.refuse("appointer_not_allowed", "M1.1", "委托专人只能由总经理办公室主任或主管副总经理作出")


@enforces("M1.1")
def appointment_form(acts: tuple[str, ...], level_max: int, since: date, until: date, officer: bool) -> Decision:
    """涉密文件资料物品从做出来、收进发出、传送使用,到复印摘录、保管、销毁,都由总经办或主管副总委托的专人办理。

    An appointment names acts of the eight, a level, and a period that begins before it ends; never one of the three officers.
    """
    if not acts or not set(acts) <= set(CARRIER_ACTS) or level_max not in set(Level) or until < since:
        return Decision.refuse("appointment_form", "M1.1", "委托须写明八个环节中的事项、密级和起止日期")
    if officer:
        return Decision.refuse("officer_appointed", "M1.2", "三员不得受托办理涉密载体")
    return Decision.permit("appointment_form", "M1.1")


@enforces("M1.1")
def is_appointed(
    appointments: Iterable[AppointmentFacts], act: str, level: int, department: int | None, on: date
) -> Decision:
    """涉密文件资料物品从做出来、收进发出、传送使用,到复印摘录、保管、销毁,都由总经办或主管副总委托的专人办理。

    `act` is one of the eight carrier acts; the last day of the appointment counts.
    """
    for held in appointments:
        in_time = held.since <= on <= held.until and not held.revoked
        covers = act in held.acts and level <= held.level_max
        if in_time and covers and (not held.departments or department in held.departments):
            return Decision.permit("is_appointed", "M1.1")
    zh = f"没有有效的委托:{CARRIER_ACTS[act]},{schemes.word(level)}"
    en = f"There is no valid appointment for this act at {schemes.english(level)}."
    return Decision.refuse("not_appointed", "M1.1", zh, en=en)


@enforces("I5.2")
def may_reset(reset: ResetFacts) -> Decision:
    """开机密码本人设置保管,忘记自负。

    A reset is a one-time code that two persons of different posts sign, after an identity check; the account of one of
    the three officers is reset by gmo_head and gm. Nobody signs for himself.
    """
    needed = (("gmo_head",), ("gm",)) if reset.officer else (("sysadmin",), ("secadmin",))
    if len(set(reset.signers)) < 2:
        return Decision.refuse("reset_alone", "I5.2", "口令重置须两名不同岗位的人员共同办理")
    if reset.holder in reset.signers:
        return Decision.refuse("reset_own", "I5.2", "本人不得办理自己的口令重置")
    if not reset.identity_checked:
        return Decision.refuse("identity_unchecked", "I5.2", "未核对申请人身份")
    if not all(set(posts) & held for posts, held in zip(needed, reset.posts, strict=True)):
        names = "、".join(POSTS[post] for posts in needed for post in posts)
        en = "A password is reset by two persons of the posts named for it together."
        return Decision.refuse("reset_posts", "I5.2", f"口令重置须由{names}共同办理", en=en)
    return Decision.permit("may_reset", "I5.2")


@enforces("I6.1")
def may_note_exposed(inspection: InspectionFacts) -> Decision:
    """牢记网络登录密码,不放在他人易得处。

    A password that lies open is noted by the office's head or the security administrator, in his own department by its
    secrecy officer; never against oneself. The auditor reads, the system administrator does not inspect.
    """
    if inspection.own:
        return Decision.refuse("own_finding", "I6.1", "本人的口令不由本人检查")
    in_department = "secrecy_officer" in inspection.posts and inspection.same_department
    if inspection.posts & INSPECTORS or in_department:
        return Decision.permit("may_note_exposed", "I6.1")
    return Decision.refuse("not_inspector", "I6.1", "口令外露由总经理办公室主任、安全保密管理员记录,部门保密员可记录本部门的")


@enforces("I6.1")
def may_go_on(must_change: bool) -> Decision:
    """牢记网络登录密码,不放在他人易得处。

    Whose password lay open does nothing else before he has changed it.
    """
    if not must_change:
        return Decision.permit("may_go_on", "I6.1")
    return Decision.refuse("password_exposed", "I6.1", "检查发现口令外露,更换之前不能办理别的事")


@enforces("I6.2")
def earlier_session(earlier: SessionFacts, later: SessionFacts, person: int) -> str:
    """用户名和密码不得转给他人。

    What becomes of the earlier session: `keep` on the same device, `lock` between two own registered devices on one
    network (its typed text is kept, no alarm), `end` otherwise (the security administrator is told).
    """
    if earlier.device == later.device:
        return "keep"
    own = all(s.device_registered and s.device_owner == person for s in (earlier, later))
    return "lock" if own and earlier.network == later.network else "end"


def password_last_day(changed_on: date) -> date:
    """The last day on which a password opens levelled items: the parameter or two calendar months, the earlier (I6.3)."""
    return changed_on + timedelta(days=int(parameter("I6.3", "password_age_days", on=changed_on)))


@enforces("I6.3")
def password_good(changed_on: date, on: date) -> Decision:
    """涉密文件的用户名每两个月改一次密码。

    Day 60 (or the last day of two calendar months) is the last good one; 内部 items stay open.
    """
    if on <= password_last_day(changed_on):
        return Decision.permit("password_good", "I6.3")
    return Decision.refuse("password_expired", "I6.3", "口令已满两个月未更换,涉密内容暂停")


@enforces("I6.3")
def password_reminder(changed_on: date, on: date) -> int | None:
    """涉密文件的用户名每两个月改一次密码。

    The rung of the ladder that is reached (14, 7, 3 or 1 days before the last day), None while there is time.
    """
    left = (password_last_day(changed_on) - on).days
    return min((rung for rung in rungs("I6.3", "reminder_days", on=on) if 0 <= left <= rung), default=None)


@enforces("I6.3")
def may_use_again(same_as_earlier: int | None) -> Decision:
    """涉密文件的用户名每两个月改一次密码。

    `same_as_earlier`: which of the last passwords the new one equals, counted from 1; None when it is new.
    """
    if same_as_earlier is None or same_as_earlier > 5:
        return Decision.permit("new_password", "I6.3")
    return Decision.refuse("password_used", "I6.3", "新口令不得与最近5次用过的相同")


def password_day(changed_on: date, on: date) -> int:
    """Which day of its life the password is in; the day of the change is day 1."""
    return (on - changed_on).days + 1


@enforces("I7.2")
def must_lock(last_activity: datetime, now: datetime, own_minutes: int) -> bool:
    """暂离设屏保密码,等待不超过5分钟。

    Locked at exactly 5:00 of idleness, or sooner where the person chose so.
    """
    return now - last_activity >= timedelta(minutes=own_minutes)


@enforces("I7.2")
def may_choose_idle(minutes: int, on: date) -> Decision:
    """暂离设屏保密码,等待不超过5分钟。"""
    most = int(parameter("I7.2", "idle_lock_minutes", on=on))
    if 1 <= minutes <= most:
        return Decision.permit("idle_choice", "I7.2")
    en = f"The screen locks after 1 to {most} minutes; please choose within these."
    return Decision.refuse("idle_too_long", "I7.2", f"锁屏等待只能在1到{most}分钟之间选", en=en)


@enforces("I7.1")
def must_end(last_activity: datetime, now: datetime, on: date) -> bool:
    """外出半小时以上关闭电脑。

    The session ends after 30 minutes without activity; a new sign-in is needed.
    """
    return now - last_activity >= timedelta(minutes=int(parameter("I7.1", "session_end_minutes", on=on)))


def device_cap(kind: str, registered: bool, level_cap: int, policy: str) -> int:
    """The highest level a device may show (D5): registered PC 20, reading room 30, phone 10; unregistered 5.

    Under policy `warn` an unregistered PC counts as a registered one; the view is recorded as 未登记设备.
    """
    if registered:
        return min(level_cap, Level.HIGHLY_CONFIDENTIAL) if kind == "phone" else level_cap
    if policy == "warn":
        return Level.HIGHLY_CONFIDENTIAL if kind == "pc" else Level.CONFIDENTIAL
    return Level.INTERNAL


def may_hold_together(posts: frozenset[str]) -> Decision:
    """The three officers exclude one another, and none of them holds a business post besides."""
    return officer_conflict(posts)


@enforces("P2.2")
def is_neutral(text: str, allowed: Iterable[str]) -> Decision:
    """处理秘密要自然,不因举止或界面引起旁人好奇。

    What leaves the vault is one of a fixed list of sentences: no title, no level, no counterpart.
    """
    if text in set(allowed):
        return Decision.permit("is_neutral", "P2.2")
    return Decision.refuse("not_neutral", "P2.2", "通知只能用固定的中性语句")
