"""Tags and filters of every page: level tags, dates, names, fields, small drawings.

All pages have them without `{% load %}` (they are builtins of the template engine); widget templates, which Django
renders with an engine of its own, load them by name.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from django import template
from django.core.signals import setting_changed
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.templatetags.i18n import TranslateNode, do_translate
from django.templatetags.static import do_static, static
from django.utils import dateformat
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from mifeng.base import clock, language, registers
from mifeng.base.templatetags import drawings
from mifeng.clauses import regulation, schemes

register = template.Library()
register.tag("static", do_static)


class Said(template.Node):
    """{% trans "…" %} of a constant text: looked up once for each language, and not in every line of a list."""

    def __init__(self, node: TranslateNode) -> None:
        self.node = node
        self.said: dict[tuple[str | None, bool], str] = {}

    def render(self, context: template.Context) -> str:
        key = (get_language(), context.autoescape)
        found = self.said.get(key)
        if found is None:
            found = self.said[key] = self.node.render(context)
        return found


@register.tag("trans")
@register.tag("translate")
def do_trans(parser: Any, token: Any) -> template.Node:
    """Django's own tag; what is the same each time is kept."""
    node = do_translate(parser, token)
    if not isinstance(node, TranslateNode) or node.asvar or node.message_context or node.noop:
        return node
    told = node.filter_expression
    return Said(node) if getattr(told.var, "literal", None) is not None and not told.filters else node


# The shape in front of a level (sprite lv-30, lv-20, lv-10, lv-5) repeats its word for whoever does not see colours.
SHAPED = frozenset({30, 20, 10, 5})
TONES = frozenset({"ok", "run", "warn", "bad", "end"})
DIGITS = "〇一二三四五六七八九"
MONTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
RISK_WORDS = {1: lazy("很低"), 2: lazy("较低"), 3: lazy("中等"), 4: lazy("较高"), 5: lazy("很高")}


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """An outline of the sprite; decoration only, the word beside it is the label. `size` "s" = 15 px."""
    return _icon(name, "ti ti-s" if size == "s" else "ti", sprite())


@lru_cache(512)
def _icon(name: str, css: str, file: str) -> SafeString:
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', css, file, name)


@cache
def sprite() -> str:
    """The address of the file of outlines, found once: a list draws a hundred."""
    return static("icons.svg")


setting_changed.connect(lambda **_: sprite.cache_clear(), weak=False)


@register.simple_tag
def seal_mark() -> SafeString:
    """The red seal 密 of the cover."""
    return format_html('<svg class="mf-seal" aria-hidden="true"><use href="{}#seal"/></svg>', sprite())


@register.filter
def level_word(level: int | None) -> str:
    """What a level is called in the scheme in force; a dash for no level."""
    return language.level(level)


@register.filter
def level_from(level: int) -> str:
    """What the lowest level is called that a rule "from this rank on" reaches."""
    return language.level_from(int(level))


@register.simple_tag
def level_shape(level: int) -> SafeString:
    """The shape of the level alone; nothing for 公开."""
    return _shape(int(level), sprite())


@lru_cache(64)
def _shape(level: int, file: str) -> SafeString:
    return format_html('<svg aria-hidden="true"><use href="{}#lv-{}"/></svg>', file, level) if level in SHAPED else SafeString("")


@register.simple_tag
def level_tag(level: int | None, proposed: bool = False, term: str = "") -> SafeString:
    """Shape, word and colour of a level; dashed with 拟 while proposed; with the term behind it where given."""
    if level is None:
        return SafeString("")
    word = _("拟 %(level)s") % {"level": level_word(level)} if proposed else level_word(level)
    css = f"mf-lv mf-lv{int(level)}" + (" mf-lv-plan" if proposed else "")
    return _level(css, level_shape(level), word, f" {term}" if term else "")


@lru_cache(512)
def _level(css: str, shape: SafeString, word: str, term: str) -> SafeString:
    name, of, whose = word.partition(" (")  # HIGHLY CONFIDENTIAL (company): a narrow column shows the first part only
    told = format_html('{}<span class="mf-lv-of">{}{}</span>', name, of, whose) if of else name
    return format_html('<span class="{}">{}{}{}</span>', css, shape, told, term)


@register.inclusion_tag("base/level_chips.html")
def level_chips(name: str, chosen: Iterable[Any] = (), public: bool = False) -> dict[str, Any]:
    """Check boxes of the levels for a filter; `chosen` may hold numbers or their texts."""
    picked = {str(value) for value in chosen or ()}
    levels = [level.rank for level in schemes.in_force().levels] + [5, *([0] if public else ())]
    return {"name": name, "levels": [{"value": level, "checked": str(level) in picked} for level in levels]}


@register.inclusion_tag("base/sheet_head.html")
def sheet_head(title: str, note: str = "", url: str = "", label: str = "") -> dict[str, Any]:
    """Head of a sheet: title, a quiet note behind it, a link at the right. A tag: nothing of the page leaks in."""
    return {"title": capfirst(str(title)), "note": note, "url": url, "label": label}


@register.simple_tag
def state_tag(tone: str, word: str) -> SafeString:
    """A state: dot and word. Tones: ok, run, warn, bad, end (hollow: it is over)."""
    return _state(tone if tone in TONES else "end", capfirst(str(word)))


@lru_cache(512)
def _state(tone: str, word: str) -> SafeString:
    return format_html('<span class="mf-st {}"><span>{}</span></span>', tone, word)


@register.simple_tag
def clause(number: str, words: str = "") -> SafeString:
    """A clause number, always a link to its page; with words behind it where given."""
    link = format_html('<a class="mf-cl" href="/clauses/{}/">{}</a>', number, number)
    return format_html("{} {}", link, words) if words else link


@register.simple_tag
def clause_text(number: str) -> str:
    """The sentence of a clause, in English its gloss; empty for a number that the regulation does not have."""
    found = regulation().get(number)
    if found is None:
        return ""
    return found.text if language.in_chinese() else found.english


@register.filter
def reason_text(reason: Any) -> str:
    """A reason of a decision in the language of the page."""
    return language.reason(reason)


@register.filter
def unended(sentence: str) -> str:
    """The sentence without its full stop, for a stamp or a heading."""
    return str(sentence).rstrip("。.")


@register.filter
def beside(rows: Iterable[Any], others: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Rows with what belongs to each of them, as pairs; both have the same length."""
    return list(zip(rows, others, strict=True))


@register.simple_tag
def clauses(numbers: Iterable[str]) -> SafeString:
    """Several clause numbers in their order."""
    return format_html_join(" ", "{}", ((clause(number),) for number in numbers))


@register.filter
def who(person: Any) -> str:
    """Post and name as people are called in texts: 机要员简小禾. A dash for nobody."""
    return f"{post(person)}{_of(person, 'name')}" if person else "—"


@register.filter
def post(person: Any) -> str:
    """The post of a person without what stands in brackets behind it."""
    return str(_of(person, "post") or str(_of(person, "title")).split("(")[0]) if person else ""


@register.filter
def initial(name: Any) -> str:
    """The first sign of a name, for the round mark beside it."""
    return str(name or "").strip()[:1]


def _of(thing: Any, name: str) -> Any:
    """A property or key of what a view handed over; empty text when it is not there."""
    value = thing.get(name, "") if isinstance(thing, Mapping) else getattr(thing, name, "")
    return value() if callable(value) else value


def _local(at: date | datetime) -> date | datetime:
    return clock.local(at) if isinstance(at, datetime) and at.tzinfo else at


@register.filter
def cn_date(at: date | datetime | None) -> str:
    """2026年3月1日 in texts (English: 1 March 2026); a dash for none."""
    return dateformat.format(_local(at), _("Y年n月j日")) if at else "—"


@register.filter
def cn_day(at: date | datetime | None) -> str:
    """3月1日, for a day of this year in a text."""
    return dateformat.format(_local(at), _("n月j日")) if at else "—"


@register.filter
def cn_month(at: date | datetime) -> str:
    """二〇二六年十一月 on the day slip (English: November 2026)."""
    local = _local(at)
    if not (get_language() or "").startswith("zh"):
        return dateformat.format(local, "F Y")
    year = "".join(DIGITS[int(digit)] for digit in str(local.year))
    return f"{year}年{MONTHS[local.month - 1]}月"


@register.filter
def weekday(at: date | datetime) -> str:
    """星期二."""
    return dateformat.format(_local(at), "l")


@register.filter
def iso_date(at: date | datetime | None) -> str:
    """2026-03-01 in tables; a dash for none."""
    return _local(at).isoformat()[:10] if at else "—"


@register.filter
def iso_time(at: datetime | None) -> str:
    """2026-03-01 09:12 in the company's zone; a dash for none."""
    return _minute(_local(at)) if at else "—"


def _minute(local: Any) -> str:
    return str(local.isoformat(" ", "minutes")[:16])


@register.filter
def short_time(at: datetime | None) -> str:
    """今天 09:12, 11-24 09:12 of this year, else 2025-11-24; a dash for none."""
    if not at:
        return "—"
    local, today = _local(at), clock.today()
    day = local.date() if isinstance(local, datetime) else local
    if day == today:
        return _("今天 %(time)s") % {"time": _minute(local)[11:]} if isinstance(local, datetime) else _("今天")
    if day.year != today.year:
        return day.isoformat()
    return _minute(local)[5:] if isinstance(local, datetime) else day.isoformat()[5:]


@register.filter
def until_text(at: datetime | None) -> str:
    """The last moment of a time that ends at this instant: its last day where it ends at midnight, else the minute."""
    if at and _local(at).timetz() == clock.start_of(clock.today()).timetz():
        return short_time(_local(at - timedelta(days=1)).date())
    return short_time(at)


@register.filter
def term_text(term: Any) -> str:
    """A 保密期限 as it is printed: 5年, 6个月, 至2031年3月2日, 公布前, 长期; a dash for none."""
    return language.term(term) or "—"


@register.filter
def thousands(number: int | None) -> str:
    """184,299."""
    return f"{number:,}" if number is not None else "—"


@register.filter
def size_text(octets: int | None) -> str:
    """File size: 640 KB, 2.4 MB."""
    if octets is None:
        return "—"
    return f"{max(1, round(octets / 1024))} KB" if octets < 1_000_000 else f"{octets / 1_048_576:.1f} MB"


@register.simple_tag
def risk(score: int, bar_only: bool = False) -> SafeString:
    """Risk of 1 to 5 as a bar of five and a word."""
    told = _("风险 %(n)s 分，满分 5 分") % {"n": score}
    boxes = format_html_join("", '<i class="{}"></i>', (("on" if n < score else "",) for n in range(5)))
    bar = format_html('<span class="mf-risk" role="img" aria-label="{}">{}</span>', told, boxes)
    return bar if bar_only else format_html("{} <b>{}</b>", bar, RISK_WORDS[max(1, min(5, int(score)))])


@register.inclusion_tag("base/pager.html", takes_context=True)
def next_page(context: template.Context, page: Any) -> dict[str, Any]:
    """Keyset pager. `page`: total (after trimming) or over (text), previous and next (query strings, may be empty)."""
    return {"page": page, "request": context.get("request")}


@register.inclusion_tag("base/field.html")
def field(bound: BoundField, span: str = "", half: bool = False) -> dict[str, Any]:
    """One field: label above (with 选填 where it is), widget, help, error. `span` = g3 g4 g6 g8 g12 in a `.mf-grid`."""
    return {"field": bound, "widget": _dressed(bound), "span": span, "half": half, "grouped": _grouped(bound)}


def _grouped(bound: BoundField) -> bool:
    """Several controls under one name need a legend instead of a label."""
    return isinstance(bound.field.widget, (RadioSelect, CheckboxSelectMultiple)) or bound.field.widget.use_fieldset


def _dressed(bound: BoundField) -> SafeString:
    """The widget with the class of its kind; own widgets dress themselves."""
    widget = bound.field.widget
    if getattr(widget, "own_look", False) or _grouped(bound):
        return bound.as_widget()
    if isinstance(widget, CheckboxInput):
        return bound.as_widget()
    css = "form-select" if isinstance(widget, Select) else "form-control"
    return bound.as_widget(attrs={"class": f"{css} {widget.attrs.get('class', '')}".strip()})


@register.filter
def is_check(bound: BoundField) -> bool:
    """A single check box: its label stands behind it."""
    return isinstance(bound.field.widget, CheckboxInput)


@register.simple_tag
def bar_chart(points: Iterable[Mapping[str, Any]], title: str) -> SafeString:
    """Bars with their numbers. Point: label, value, of (the whole, pale behind; optional), late (red; optional)."""
    return drawings.bars(list(points), title)


@register.simple_tag
def spark(values: Iterable[int], title: str) -> SafeString:
    """A row of tiny bars, for example seconds a page."""
    return drawings.spark(list(values), title)


@register.inclusion_tag("base/share_bar.html")
def share_bar(parts: Iterable[Mapping[str, Any]], title: str) -> dict[str, Any]:
    """One bar cut into shares, with a key that says the numbers. Part: label, value."""
    given = list(parts)
    return {"bar": drawings.shares([int(part["value"]) for part in given], title), "parts": given}


@register.simple_tag
def day_grid(days: Iterable[Any], rows: Iterable[Mapping[str, Any]], title: str) -> SafeString:
    """Persons by days. Row: label, marks {day: "v" read, "o" held, "x" refused}."""
    return drawings.grid([str(day) for day in days], list(rows), title)


@register.filter
def cells(line: registers.Line, told: registers.Register) -> SafeString:
    """The cells of a line of a register: struck when void, both sides of a correction. In one piece: there are hundreds."""
    if line.bare:
        head = format_html('<th scope="row" class="code nb"><s>{}</s></th>', line.cells[0])
        return head + format_html('<td colspan="{}">{}</td>', len(told.groups) - 1, registers.void_words(line))
    drawn = [_cell(line, text) for text in line.cells]
    if line.void:
        drawn[-1] = format_html("{} {}", drawn[-1], registers.void_words(line))
    texts = iter(drawn)
    return format_html_join("", "{}", ((_together(told, at, group, texts),) for at, group in enumerate(told.groups)))


# Of a cell that is broken into lines: dates with their time, copy numbers and ranges of them stay whole.
WHOLE = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?|\d{6}(?:复\d\d)?(?:—\d{6})?")


def _whole(text: str | SafeString) -> SafeString:
    return SafeString(WHOLE.sub(r'<span class="nb">\g<0></span>', conditional_escape(text)))


def _together(told: registers.Register, at: int, group: tuple[registers.Column, ...], texts: Iterator[str | SafeString]) -> SafeString:
    """A cell with the columns that share it; one alone that says nothing is empty."""
    column, text = group[0], next(texts)
    under = format_html_join("", '<div class="mf-under" data-l="{}">{}</div>', ((one.label, next(texts)) for one in group[1:]))
    if at == 0:
        return format_html('<th scope="row" class="{}">{}{}</th>', "code nb" if not told.extract else "", text or "—", under)
    if not text and not under:
        return SafeString("<td></td>")
    kind = _kind(column)
    return format_html('<td class="{}" data-l="{}">{}{}</td>', kind, column.label, (text if kind == "nb" else _whole(text)) or "—", under)


def _kind(column: registers.Column) -> str:
    """Numbers and single words stay in one line, texts have room for a phrase or a sentence."""
    if column.number or column.brief:
        return "nb"
    return "w2" if column.width >= 17 else "w1" if column.width > 12 else ""


def _cell(line: registers.Line, text: str | registers.Corrected | None) -> str | SafeString:
    if isinstance(text, registers.Corrected):
        return format_html("<del>{}</del> <ins>{}</ins>", text.was, text.now)
    return format_html("<s>{}</s>", text) if line.void and text else text or ""
