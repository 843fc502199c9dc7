"""Who looks at desks and what follows; when somebody may be signed off. Pure."""

from datetime import date

from mifeng.clauses import enforces
from mifeng.engines.access import Decision

LOOKS = frozenset({"gmo_head", "secrecy_officer", "clerk", "dept_head"})


def may_look(posts: frozenset[str], own: bool) -> Decision:
    """A desk is looked at by the office, a secrecy officer or a department's head, never by whoever sits at it."""
    if own:
        return Decision.refuse("own_desk", "C4.3", "本人的桌柜不由本人检查")
    if posts & LOOKS:
        return Decision.permit("looks_at_desks", "C4.3")
    return Decision.refuse("looks_at_desks", "C4.3", "离室上锁由总经办、保密员或部门负责人抽查")


@enforces("C4.3")
def may_enter_look(locked: bool, rectify_by: date | None, on: date) -> Decision:
    """离开办公室,重要文件的抽屉上锁。

    A drawer that stood open is a finding with the day by which it is put right; a locked one has none.
    """
    if locked and rectify_by is not None:
        return Decision.refuse("nothing_to_rectify", "C4.3", "上了锁的不另定整改期限")
    if not locked and (rectify_by is None or rectify_by < on):
        return Decision.refuse("rectification_date", "C4.3", "未上锁的须写明整改期限,不得早于今天")
    return Decision.permit("look_entered", "C4.3")


@enforces("C5.1")
def may_sign_off(held: int, kept: int, own: bool) -> Decision:
    """不得私人留存秘密文件。

    Nobody is signed off for another post, or out of the company, while a copy is in his hands or in his book.
    """
    if own:
        return Decision.refuse("own_sign_off", "C5.1", "清退单由他人核对签署,不由本人出具")
    if held or kept:
        zh = f"尚有在手{held}份、在管{kept}份,归还或移交之前不得签署清退单"
        en = f"{held} copies are still in this person's hands and {kept} in this person's custody; they are returned or handed over first."
        return Decision.refuse("nothing_held", "C5.1", zh, en=en)
    return Decision.permit("nothing_held", "C5.1")
