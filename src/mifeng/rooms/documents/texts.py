"""What a card says of the text of a file: its own, read off scanned pages, or none and why."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mifeng.base import language
from mifeng.engines import intake
from mifeng.rooms.documents.models import DocumentFile, PageText

# The engine's codes; many: beyond the pages that are read by looks.
WHY = {
    "empty": gettext_lazy("文件里没有文字"), "scan": gettext_lazy("页面是图像"), "rubbish": gettext_lazy("读出的是乱码，不予采用"),
    "too_costly": gettext_lazy("读取超出时间或内存的限额"), "unread": gettext_lazy("读不出，文件可能已损坏"),
    "no_reader": gettext_lazy("本机没有读取这种格式的部件，请另存为 PDF、DOCX 或 XLSX 后更正上传"),
    "not_checked": gettext_lazy("未经病毒检查"), "many": gettext_lazy("扫描页过多，后面的页不作识别"),
}  # fmt: skip


def state(file: DocumentFile, rows: list[PageText]) -> list[str]:
    """Lines for the card; [] while the file is not converted. `rows`: its pages without text, in their order."""
    if file.state not in ("ready", "unviewable"):
        return []
    said = [_("有文本")] if file.text else []
    pages = [row for row in rows if row.page]
    said += _recognised(pages) + _waiting(pages)
    said += [_("无文本：%(why)s") % {"why": WHY.get(row.why, row.why)} for row in rows if not row.page]
    return [str(line) for line in said] or [_("无文本")]


def _recognised(pages: list[PageText]) -> list[str]:
    read = [row.page for row in pages if row.state in ("read", "doubtful")]
    doubtful = [row.page for row in pages if row.state == "doubtful"]
    none = [row.page for row in pages if row.state == "none"]
    said = [_("识别文字 %(n)d 页，非原文，以页面图像为准") % {"n": len(read)}] if read else []
    said += [_("低置信：第 %(pages)s 页") % {"pages": _listed(doubtful)}] if doubtful else []
    return said + ([_("无文本：第 %(pages)s 页") % {"pages": _listed(none)}] if none else [])


def _waiting(pages: list[PageText]) -> list[str]:
    waiting = sum(row.state == "waiting" for row in pages)
    if not waiting:
        return []
    if not intake.can_recognise():
        return [_("无文本：扫描 %(n)d 页，本机没有文字识别部件") % {"n": waiting}]
    return [_("待识别：%(all)d 页中还有 %(n)d 页") % {"all": len(pages), "n": waiting}]


def _listed(pages: list[int]) -> str:
    """Page numbers, at most twelve of them."""
    return language.listed(str(page) for page in pages[:12]) + ("…" if len(pages) > 12 else "")
