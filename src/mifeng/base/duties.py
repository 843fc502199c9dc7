"""Notices and reminders: a line on a desk, from a fixed list, neutral, once per occasion.

A notice never carries a title, a level or a name (P2.2); what it is about is an item key that only those who may know
the item can follow.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mifeng.base import clock, codes
from mifeng.base.models import Notice

PAGE = 50
Row = TypeVar("Row", bound=Model)

# The fixed list: kind -> what the desk says.
KINDS = {
    "approval": _("您有 1 项审批待办"),
    "decided": _("您的申请有了结果"),
    "returned": _("您的申请被退回"),
    "delegated": _("有人授权您代批，请查看"),
    "matrix": _("审批权限表有变更待您决定"),
    "scheme": _("密级方案的切换待您决定"),
    "scheme_in_force": _("新的密级方案已生效"),
    "relevelled": _("您负责的文件密级有变，请查看"),
    "catalogue": _("保密事项一览表有增改待您决定"),
    "revoked": _("一项批准已被撤销"),
    "lapsed": _("一项批准未用而失效"),
    "denied_often": _("有人一日内多次越权尝试，请核查"),
    "clock": _("本机时钟不可信，请核对日期"),
    "tampered": _("发现数据被越过系统改动，请立即核查"),
    "account": _("有新账号、口令重置或第二因素变更，请核对"),
    "second_session": _("您的账号在别处登录，先前的会话已结束"),
    "viewing_paused": _("有人短时间内阅览页数过多，已暂停，请核查"),
    "term": _("有文件保密期限将满，请提审"),
    "scope_empty": _("有文件的知悉范围已无人在岗，请接管"),
    "standing": _("本周按系列决定定密的文件，请复核"),
    "pledge": _("请签署保密承诺书"),
    "password": _("请更换口令"),
    "rectified": _("您记下的一项检查发现已整改"),
    "to_read": _("您有文件待阅"),
    "to_instruct": _("有一件来文待您批示"),
    "to_handle": _("有一件来文由您承办"),
    "surrender": _("有一件来文须清退原单位"),
    "frozen": _("您负责的一件文件已冻结"),
    "thawed": _("您负责的一件文件已解冻"),
    "custody": _("有一件文件移交给您保管，请签收"),
    "opening": _("有一次应急开柜与您有关，请查看"),
    "mistaken": _("有人登记了误知，请核对"),
    "review": _("有长期事项须年度复核"),
    "training": _("请参加保密考核"),
    "self_check": _("请做年度保密自查"),
    "appointment": _("有委托书将满或已满"),
    "delegation": _("有授权委托将满"),
    "verbal": _("有一项口头许可待您确认"),
    "freeze": _("有一项冻结待确认"),
    "overdue": _("有一项工作逾期未办，请督促"),
    "loan": _("您借阅的密件将到期或已到期，请归还"),
    "circulating": _("您有传阅件到时未退，请阅毕退回机要员"),
    "filing": _("有阅批毕的密件待归档入柜"),
    "sign_for": _("有密件交到您手上，请签收"),
    "old_ledger": _("有一份旧台账补登待您确认"),
    "combination": _("有存放位置的密码须更换"),
    "desk": _("您的桌柜抽查有一项须整改"),
    "held": _("您手上有密件须清退"),
    "count": _("有一项盘点待您签字"),
    "clearup": _("年终清退清理已下达，请逐份清点"),
    "clean": _("您保管的密件该清理了"),
    "missing": _("有密件下落不明，请尽快查找"),
    "destroy": _("有一份销毁清册待您办理"),
    "re_mark": _("您手上有密件须改标志"),
    "gap": _("有到期事项无人办理，请核查"),
    "to_carry_out": _("有一项已批准的事项待您办理"),
    "incident": _("有密件出现异常，请核查"),
}


def remind(person_key: int, kind: str, item_key: str = "", once: str = "") -> bool:
    """Put a line on this person's desk; False when the same one is there already. Inside a deed only.

    `once` tells one occasion from the next (a day, a rung of a ladder); by default the local date.
    """
    if kind not in KINDS:
        raise KeyError(f"no notice of kind {kind!r}")
    dedupe = occasion(person_key, kind, item_key, once)
    _notice, made = Notice.objects.get_or_create(
        dedupe=dedupe, defaults={"person_key": person_key, "kind": kind, "item_key": item_key, "at": clock.now()}
    )
    return made


def occasion(person_key: int, kind: str, item_key: str, once: str = "") -> str:
    """The unique key of a notice: the same person, kind and item on the same occasion is told once."""
    return f"{person_key}|{kind}|{item_key}|{once or clock.today().isoformat()}"


def about(item_key: str) -> list[Notice]:
    """Every line that was put on a desk about this item, the oldest first: who was told, and when."""
    return list(Notice.objects.filter(item_key=item_key).order_by("at", "pk"))


def few(found: QuerySet[Row]) -> list[Row]:
    """The rows of what is empty for most people most of the time: first their keys, and only if there are any the rows with all
    that hangs on them, which costs ten times as much to ask for. Of what a person has a part in himself.
    """
    return first(found, None)[1]


def first(found: QuerySet[Row], most: int | None) -> tuple[int, list[Row]]:
    """How many they are, and the first of them; as few."""
    keys = list(found.values_list("pk", flat=True))
    return len(keys), list(found.filter(pk__in=keys[:most])) if keys else []


def known(occasions: Collection[str]) -> set[str]:
    """Which of these occasions were told already, seen or not."""
    found: set[str] = set()
    for some in codes.batched(occasions, codes.BATCH):
        found.update(Notice.objects.filter(dedupe__in=some).values_list("dedupe", flat=True))
    return found


def desk(person_key: int) -> list[Notice]:
    """The newest unseen notices of this person."""
    return page(person_key).notices


@dataclass(frozen=True)
class Page:
    """Unseen notices, newest first; `older`: the uid to go on after, "" at the end."""

    notices: list[Notice]
    older: str = ""


def page(person_key: int, after: str = "", size: int = PAGE) -> Page:
    """A page of one's own unseen notices by keyset, so that none is out of reach; somebody else's uid gives the first page."""
    unseen = Notice.objects.filter(person_key=person_key, seen_at=None)
    place = Notice.objects.filter(person_key=person_key, uid=after).first() if after else None
    if place:
        unseen = unseen.filter(Q(at__lt=place.at) | Q(at=place.at, pk__lt=place.pk))
    found = list(unseen.order_by("-at", "-pk")[: size + 1])
    return Page(found[:size], found[size - 1].uid if len(found) > size else "")


@dataclass(frozen=True)
class Digest:
    """What one local day brought, in one group; `earlier`: how many unseen notices are older than that day."""

    day: date
    notices: list[Notice]
    earlier: int = 0


def digest(person_key: int, leaving_out: Collection[str] = ()) -> Digest | None:
    """The newest day with unseen notices of other kinds than these, whole; None when there are none."""
    unseen = Notice.objects.filter(person_key=person_key, seen_at=None).exclude(kind__in=leaving_out)
    newest = unseen.order_by("-at", "-pk").first()
    if newest is None:
        return None
    day = clock.local(newest.at).date()
    of_day = unseen.filter(at__gte=clock.start_of(day)).order_by("-at", "-pk")
    return Digest(day, list(of_day), unseen.filter(at__lt=clock.start_of(day)).count())


def by_day(notices: Iterable[Notice]) -> list[Digest]:
    """These notices, newest first, a group for each local day."""
    return [Digest(day, list(found)) for day, found in groupby(notices, key=lambda notice: clock.local(notice.at).date())]
