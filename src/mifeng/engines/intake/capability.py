"""What this machine can do for intake, part by part, and what follows where a part is missing."""

from __future__ import annotations

from datetime import datetime, timedelta

from . import fonts, ocr, office, sandbox
from .antivirus import Clamd
from .ask import WorkerLost, ask
from .kinds import Family
from .reasons import Capability, _

OLD = timedelta(days=7)


def capabilities(*, scanner: Clamd | None = None, now: datetime | None = None) -> list[Capability]:
    """All parts, tried for real, in the order in which a file meets them.

    `scanner`: the daemon of this instance, None = none is set. `now` (aware): signatures are judged by it; None =
    their age is not.
    """
    return [
        *readers(),
        *antivirus(scanner, now),
        sandbox.probe(),
        sandbox.filter_capability(),
        sandbox.group_capability(),
        *(office.available(family) for family in (Family.WRITER, Family.SHEET, Family.SLIDES)),
        fonts.capability(),
        ocr.capability(),
        _swap(),
    ]


def readers() -> list[Capability]:
    """Whether a worker starts with all its libraries, and whether it can do any of what it must not."""
    try:
        told = ask("layers", b"").told
    except WorkerLost as lost:
        why = _("读取进程起不来:文件只能登记,不能检查、预览、检索。")
        return [Capability("readers", False, why, detail=lost.cause)]
    present = Capability("readers", True, detail=", ".join(told["layers"]))
    if not told["escaped"]:
        return [present, Capability("reader_walls", True)]
    why = _("内核不支持全部限制:读取照常,少一层防护。")
    return [present, Capability("reader_walls", False, why, detail=", ".join(told["escaped"]))]


def antivirus(scanner: Clamd | None, now: datetime | None) -> list[Capability]:
    """The daemon and the age of its signatures; an unknown age counts as old."""
    signatures = scanner.signatures() if scanner is not None else None
    if signatures is None:
        why = _("没有病毒检查:文件标为未检,Office 文件不转换;设为必检时一律不接收。")
        return [Capability("clamd", False, why, "apt install clamav-daemon")]
    present = Capability("clamd", True, detail=f"{signatures.engine} {signatures.number}".strip())
    age = signatures.age(now) if now is not None else timedelta()
    if age is not None and age <= OLD:
        return [present, Capability("signatures", True, detail=f"{age.days} d")]
    why = _("病毒特征库超过七天未更新:新的恶意代码可能检查不出。")
    return [present, Capability("signatures", False, why, "freshclam", "" if age is None else f"{age.days} d")]


def _swap() -> Capability:
    """The sandbox's memory files may be swapped out; only encrypted swap (device mapper) keeps them secret."""
    try:
        with open("/proc/swaps", encoding="ascii") as lines:
            areas = [line.split()[0] for line in lines][1:]
    except OSError:
        areas = []
    plain = [area for area in areas if not area.startswith(("/dev/dm-", "/dev/mapper/", "/dev/zram"))]
    if not plain:
        return Capability("swap", True)
    why = _("交换区没有加密:转换中的内容可能被写到磁盘。")
    return Capability("swap", False, why, "swapoff -a", detail=" ".join(plain))
