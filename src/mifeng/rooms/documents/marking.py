"""The mark of an item as it is printed and drawn: owner, level, term; never the star of state secrets."""

from mifeng.base import papers
from mifeng.engines.paper.issued import Issued
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people import queries as people


def mark_text(document: Document) -> str:
    """`澜岱公司 机密 5年`; `澜岱公司 拟机密 5年` while proposed; the company alone for 内部."""
    text = _shared.mark(document)
    if document.proposed and document.level >= 10:
        owner, _, rest = text.partition(" ")
        return f"{owner} 拟{rest}"
    return text


def issued(
    document: Document, *, copy_no: str = "", urgency: str = "", addressee: str = "", body: tuple[str, ...] = (), signer: str = "",
    copied_to: str = "", office: str = "", plain: bool = False,
) -> Issued:  # fmt: skip
    """The item as an issued paper: banner, number, title, marks of copy and level, imprint, from what its row says.

    `copy_no`: six figures, of a numbered copy. `signer`: of a paper that goes upwards. `office`: who printed it. A mark that
    was changed stands struck beside the new one (G3). `base.papers.issued_paper` sets it.
    """
    company, day = people.company(), papers.issued_day(document.issued_on) if document.issued_on else ""
    return Issued(
        banner=company.name if plain else f"{company.name}文件", title=document.title, reference=document.number, copy_no=copy_no,
        mark=mark_text(document) if document.level >= 10 else "", struck=document.struck_mark if document.level >= 10 else "",
        urgency=urgency, signer=("签发人：", signer) if signer else ("", ""), addressee=f"{addressee}：" if addressee else "", body=body,
        signature=company.name, day=day, copied_to=f"抄送：{copied_to}。" if copied_to else "",
        imprint=(office, f"{day}印发" if day else ""), plain=plain, creator=papers.CREATOR,
        demo="演示资料，均为虚构" if company.is_demo else "",
    )  # fmt: skip
