"""拟办, 批示, 承办, 办结 of a receipt: who may do the next step, and how far it has come. Pure."""

from mifeng.engines.access import Decision
from mifeng.rooms.circulation.facts import COURSE, ENDS, Course, Stage

LEADERS = frozenset({"gm", "deputy_gm", "gmo_head", "dept_head"})


def on_paper_only() -> Decision:
    """Of what may not be written down here nothing is: not even in an opinion."""
    reason = "亲启件和国家秘密只登记封套,意见写在纸质件上,不录入本系统"
    return Decision.refuse("opinion_on_paper_only", "G4.4", reason)


def _open(course: Course) -> Decision:
    if course.concluded:
        return Decision.refuse("already_concluded", "G4.4", "此件已办结,不再拟办、批示")
    if course.cover_only:
        return on_paper_only()
    return Decision.permit("may_be_handled", "G4.4")


def may_propose(course: Course, leader_posts: frozenset[str], words: str) -> Decision:
    """拟办: the counter says how the paper should be handled, and to which leader it is submitted."""
    if not (found := _open(course)).allow:
        return found
    if not leader_posts & LEADERS:
        return Decision.refuse("submitted_to_leaders", "D1", "来文报送领导批示,请选总经理、主管副总经理、总经办或部门负责人")
    if not words.strip():
        return Decision.refuse("proposal_required", "G4.4", "请写明拟办意见")
    return Decision.permit("may_propose", "G4.4")


def goes_inside(in_scope: bool) -> Decision:
    """Who is to note it or to handle it may know it."""
    if in_scope:
        return Decision.permit("goes_inside", "C1")
    return Decision.refuse("handled_outside_scope", "C1", "此人不在知悉范围内,请先办理扩大知悉范围")


def may_instruct(course: Course, person: int, words: str) -> Decision:
    """批示: by the leader to whom it was submitted, on his own screen."""
    if not (found := _open(course)).allow:
        return found
    if person != course.asked:
        return Decision.refuse("submitted_to_another", "D1", "此件未报送本人批示,或已批示")
    if not words.strip():
        return Decision.refuse("instruction_required", "D1", "请写明批示")
    return Decision.permit("may_instruct", "D1")


def may_conclude(course: Course, person: int, at_counter: bool) -> Decision:
    """办结: by whoever handles it, or by the counter; not while a leader is still asked."""
    if course.concluded:
        return Decision.refuse("already_concluded", "G4.4", "此件已办结")
    if course.asked:
        return Decision.refuse("instruction_awaited", "D1", "领导尚未批示,不得办结")
    if person != course.undertaker and not at_counter:
        return Decision.refuse("undertaker_concludes", "G4.4", "由承办人或机要员办结")
    return Decision.permit("may_conclude", "G4.4")


def stage(course: Course) -> Stage:
    """How far it has come; once every copy has come to an end the ledgers say to which, 销毁 before 清退 before 归档."""
    for end in reversed(ENDS):
        if end in course.ends:
            return end
    reached = (True, course.proposed, course.instructed, course.under_way, course.concluded)
    return [one for one, passed in zip(COURSE, reached, strict=True) if passed][-1]
