"""The mark of an item as it is printed and drawn: owner, level, term; never the star of state secrets."""

from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.models import Document


def mark_text(document: Document) -> str:
    """`澜岱公司 机密 5年`; `澜岱公司 拟机密 5年` while proposed; the company alone for 内部."""
    text = _shared.mark(document)
    if document.proposed and document.level >= 10:
        owner, _, rest = text.partition(" ")
        return f"{owner} 拟{rest}"
    return text
