"""What this installation can do: one line a capability, with what follows when it is missing and what to type."""

import shutil
import sqlite3
import stat
import sys
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mifeng.base import clock, ladders, language, record, room, vault, working_days
from mifeng.clauses import regulation
from mifeng.engines import access, intake
from mifeng.rooms.approvals import checks, conditions, matrix, people_facts, versions
from mifeng.rooms.oversight import reminders
from mifeng.rooms.people import working_calendar
from mifeng.rooms.people.models import OfficerPair
from mifeng.site import database, job_pages
from mifeng.site.regulation_words import ROOMS


@dataclass(frozen=True)
class Line:
    """`state` ok | off | miss | bad: there, not in use yet, an optional part missing, a promise broken."""

    group: str
    name: str
    state: str
    words: str
    command: str = ""


AWAITED = {"grant_by_gm": gettext_lazy("总经理事前批准")}
# Why something past due is looked after by nobody.
GAPS = {"nobody": gettext_lazy("无人可办"), "untold": gettext_lazy("未提醒"), "undone": gettext_lazy("未自动处理")}
LASTING = timedelta(days=2)  # an office that is closed over a weekend is told of nothing new
AWAITED_ROOMS = {"disclosure": gettext_lazy("对外提供")}


_looked: tuple[Any, Any, list[matrix.DeadEnd]] | None = None


def lines() -> list[Line]:
    """Every check; a sealed vault leaves out what only an open one can tell."""
    return [*_machine(), *_house(), *_deadlines(), *_neutral(), *_parts()]


def grouped(found: list[Line]) -> list[dict[str, Any]]:
    """By group, in order of appearance."""
    names = list(dict.fromkeys(line.group for line in found))
    return [{"label": name, "lines": [asdict(line) for line in found if line.group == name]} for name in names]


def exit_code(found: list[Line]) -> int:
    """0 all there, 3 an optional part is missing, 1 a promise is broken."""
    states = {line.state for line in found}
    return 1 if "bad" in states else 3 if "miss" in states else 0


def _machine() -> list[Line]:
    free = shutil.disk_usage(vault.places().home).free / 2**30
    return [
        Line(_("本机"), "Python", "ok", sys.version.split()[0]),
        _database(),
        Line(_("本机"), _("磁盘"), "ok" if free > 2 else "bad", _("剩余 %(free)s GB") % {"free": f"{free:.1f}"}),
        _private(_("资料目录"), vault.places().home), _private(_("密钥目录"), vault.places().keystore),
    ]  # fmt: skip


def _database() -> Line:
    if connection.vendor == "sqlite":
        words = f"{sqlite3.sqlite_version} {'WAL' if _wal() else _('不是 WAL')}"
        return Line(_("本机"), "SQLite", "ok" if _wal() else "bad", words)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('synchronous_commit')")
        version, commit = cursor.fetchone()
    state = "ok" if commit in ("on", "remote_apply") else "bad"
    return Line(_("本机"), "PostgreSQL", state, f"{version} · {database.place()} · synchronous_commit {commit}")


def _wal() -> bool:
    with connection.cursor() as cursor:
        return cursor.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def _private(name: str, folder: Any) -> Line:
    open_to_others = folder.exists() and stat.S_IMODE(folder.stat().st_mode) & 0o077
    words = _("他人可读") if open_to_others else _("只有服务账号可读")
    return Line(_("本机"), name, "bad" if open_to_others else "ok", words, f"chmod 700 {folder.name}" if open_to_others else "")


def _house() -> list[Line]:
    size, _root = record.head()
    pairs = {pair.role: pair for pair in OfficerPair.objects.all()}
    three = len({pair.a_id for pair in pairs.values()}) == 3 and all(pair.b_id for pair in pairs.values())
    dead = _dead_ends()
    ways = _("每一种申请都有人可批")
    if dead:
        ways = _("%(n)s 种申请无人可批，首例：%(act)s") % {"n": len(dead), "act": dead[0].act}
    return [
        Line(_("审批"), _("无死路"), "bad" if dead else "ok", ways, "./mifeng clauses M2.1" if dead else ""),
        _conditions(), _calendar(), _clock(), _jobs(), _unsealed(),
        Line(_("保密库"), _("检查点签名"), "ok", _("签名密钥与服务在同一账号下，建议移到审计员的机器")),
        Line(_("留痕"), _("条数"), "ok" if size else "miss", _("%(n)s 条") % {"n": size}),
        Line(_("三员"), _("三人三岗"), "ok" if three else "bad", _("三员各有 A、B 岗") if three else _("三员未配齐或重叠")),
        Line(_("制度"), _("条款"), "ok", _("%(n)s 条") % {"n": len(regulation())}),
    ]  # fmt: skip


def _dead_ends() -> list[matrix.DeadEnd]:
    """Requests that nobody could decide; looked for anew when people, posts or the table have changed (half a second)."""
    global _looked
    organisation, table = people_facts.organisation(), versions.table_of(versions.present())
    if _looked is None or _looked[0] is not organisation or _looked[1] != table:
        _looked = organisation, table, matrix.dead_ends(organisation, table)
    return _looked[2]


def _conditions() -> Line:
    """Conditions of the table of approvals whose rooms do not stand yet: they refuse nothing, and are not kept."""
    waiting = conditions.awaited(checks.announced())
    named = language.listed(f"{language.said(one.zh)} {one.clause}" for one in waiting[:3])
    words = _("未启用 %(n)s 项，如%(named)s") % {"n": len(waiting), "named": named} if waiting else _("全部启用")
    return Line(_("审批"), _("附加条件"), "miss" if waiting else "ok", words)


def _calendar() -> Line:
    """Holidays of the year: the next one is announced in November and counted by the week until it is entered."""
    if vault.is_open():
        working_calendar.follow()
    lacking = [str(year) for year in working_days.wanted(clock.today()) if working_days.state_of(year) != "official"]
    words = _("%(years)s 年的放假安排未录入，暂按法定节假日或星期计算") % {"years": language.listed(lacking)}
    name = _("工作日历")
    return Line(_("审批"), name, "miss", words, "/people/calendar/") if lacking else Line(_("审批"), name, "ok", _("放假与调休安排已录入"))


def _clock() -> Line:
    """Whether the machine's clock is believed; what falls due waits while it is not."""
    told, name = clock.reading(), _("时钟")
    if told.doubted:
        words = _("本机日期 %(day)s 待两人确认，确认前只能查阅") % {"day": clock.local(told.machine).date().isoformat()}
        return Line(_("本机"), name, "bad", words, "/system/clock/")
    if told.behind > clock.BEHIND:
        return Line(_("本机"), name, "bad", _("本机时钟被拨回，按系统所计时间办理"), "/system/clock/")
    return Line(_("本机"), name, "ok", _("与留痕一致"))


def _jobs() -> Line:
    """Whether what was put off to the background is being done; no counts, see job_pages."""
    told = job_pages.standing()
    return Line(_("本机"), _("作业"), told["state"], told["words"], "" if told["state"] == "ok" else "/system/jobs/")


def _deadlines() -> list[Line]:
    """What is past due with neither decision nor task; kinds of deadline whose rooms do not stand yet."""
    group, (found, faults) = _("到期"), reminders.looked_at(clock.now())
    words = _("没有到期而无人办理的事项")
    if found:
        told = ladders.ladder(found[0].deadline.kind)
        words = _("%(n)s 项到期而无决定、无待办，首例：%(kind)s，%(why)s；其间%(effect)s") % {
            "n": len(found), "kind": language.said(told.zh), "why": GAPS[found[0].why], "effect": language.said(told.effect),
        }
    waiting = [
        Line(group, language.said(one.zh), "off", _("未启用：%(room)s启用后才提醒，%(clause)s 不因此算作落实") % {
            "room": ROOMS[one.room], "clause": one.clause,
        })
        for one in ladders.unannounced(room.deadline_kinds())
    ]  # fmt: skip
    broken = [
        Line(group, language.said(ladders.ladder(kind).zh), "bad", _("期限读不出（%(fault)s），其余照常提醒") % {"fault": fault})
        for kind, fault in faults.items()
    ]
    return [Line(group, _("到期事项"), _how_bad(found), words), *broken, *waiting]


def _how_bad(found: list[ladders.Gap]) -> str:
    """What the house has not done yet since it stood still it does within a minute; whatever lasts is a broken promise."""
    if not found:
        return "ok"
    lasting = any(gap.why == "nobody" or gap.deadline.due <= clock.now() - LASTING for gap in found)
    return "bad" if lasting else "miss"


def _neutral() -> list[Line]:
    """Conditions of the rule table whose rooms do not stand yet: at a neutral value they open and close nothing."""
    found, named = room.supplied(), {spec.name for spec in (*access.FACTS, *access.RELATIONS)}
    return [
        Line(_("判定条件"), str(AWAITED.get(row.name, row.name)), "off", _("未启用：%(room)s启用后才有此项，%(clause)s 不因此算作落实") % {
            "room": AWAITED_ROOMS.get(row.room, row.room), "clause": row.clause,
        })
        for row in access.awaited()
        if row.name in named and row.name not in found
    ]  # fmt: skip


def _unsealed() -> Line:
    if vault.is_open():
        return Line(_("保密库"), _("启封"), "ok", _("已启封"))
    return Line(_("保密库"), _("启封"), "miss", _("未启封"), "./mifeng unseal")


def _parts() -> list[Line]:
    found = []
    for part in intake.capabilities():
        words = _("可用") if part.present else _(part.consequence_zh)
        found.append(Line(_("部件"), part.name, "ok" if part.present else "miss", words, "" if part.present else part.command))
    return found
