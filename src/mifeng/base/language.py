"""What rules, tables and rows say in Chinese, in the language of the page: reasons, levels, terms, lists of names.

Rules and stored facts know no language setting. Their sentences are gathered into the catalogue by tools/messages.py and
translated here, where they are shown; what stands in the log or on paper stays as it is.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.utils import dateformat
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from mifeng.base import clock
from mifeng.clauses import Clause, schemes
from mifeng.engines.access import Term


def in_chinese() -> bool:
    """True when the page is Chinese; so is everything outside of a request."""
    return (get_language() or "zh").startswith("zh")


# Rules write Chinese with the commas of code; on a page and on paper they are those of Chinese.
MARKS = str.maketrans(",;:?", "，；：？")
BESIDE_CHINESE = re.compile(r"(?<=[\u4e00-\u9fff〕》”）])[,;:?]|[,;:?](?=[\u4e00-\u9fff])")


@lru_cache(4096)
def punctuated(text: str) -> str:
    """A Chinese sentence with the punctuation of Chinese; what stands between figures or Latin letters is left."""
    return BESIDE_CHINESE.sub(lambda mark: mark[0].translate(MARKS), text)


def said(text: str) -> str:
    """A Chinese sentence of a rule or table; itself when the catalogue does not have it."""
    if not text:
        return ""
    return punctuated(_(text)) if in_chinese() else _(text)


def reason(one: Any) -> str:
    """The sentence of a refusal's reason: its own English where the rule gives one, else the catalogue's."""
    zh = str(getattr(one, "zh", ""))
    if in_chinese():
        return punctuated(zh)
    english = str(getattr(one, "en", "") or said(zh))
    return english if english == zh or english.endswith(".") else f"{english}."


def level(rank: int | None) -> str:
    """What a level is called in the scheme in force, 绝密 or 核心商密 …, 内部, 公开; a dash for no level."""
    return "—" if rank is None else said(schemes.word(int(rank)))


def level_from(rank: int) -> str:
    """What the lowest level is called that a rule "from this rank on" reaches."""
    return said(schemes.word_from(rank))


def level_choices() -> list[tuple[str, str]]:
    """The levels of the scheme in force for a form, highest first; without 内部 and 公开."""
    return [(str(one.rank), said(one.word)) for one in schemes.in_force().levels]


def day(at: date | datetime | None) -> str:
    """2026年3月1日 in texts (English: 1 March 2026); a dash for none."""
    local = clock.local(at) if isinstance(at, datetime) and at.tzinfo else at
    return dateformat.format(local, _("Y年n月j日")) if local else "—"


def term(one: Term | None) -> str:
    """A 保密期限 as it is read: 5年, 6个月, 至2031年3月2日, 公布前, 长期; "" for none."""
    if one is None:
        return ""
    if one.kind == "date":
        return _("至%(day)s") % {"day": day(one.on)}
    if one.kind == "event":
        return one.event or _("至解密条件成就")
    if one.kind == "years":
        return ngettext("%(n)s年", "%(n)s年", one.value) % {"n": one.value}
    if one.kind == "months":
        return ngettext("%(n)s个月", "%(n)s个月", one.value) % {"n": one.value}
    return _("长期")


def listed(words: Iterable[Any]) -> str:
    """Names one after the other: 甲、乙、丙."""
    return _("、").join(str(word) for word in words)


def either(words: Iterable[Any]) -> str:
    """Of which any one will do: 甲或乙."""
    return _("或").join(str(word) for word in words)


def clause_title(one: Clause) -> str:
    """The heading of a clause; in English its own English one."""
    return one.title_zh if in_chinese() else one.title_en
