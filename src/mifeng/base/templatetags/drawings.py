"""Small drawings as SVG text: drawn on the server, readable without script, printable, no inline style.

Every drawing has a title; the numbers stand beside the bars or in the table of the page, never in colour alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

CHART_HEIGHT = 78
BASE_LINE = 104


def bars(points: Sequence[Mapping[str, Any]], title: str) -> SafeString:
    """A bar chart 300 wide; each bar carries its number above and its label below."""
    most = max([int(point.get("of") or point["value"]) for point in points], default=1) or 1
    step = 286 / max(len(points), 1)
    drawn = [_bar(point, 14 + step * n, min(20.0, step * 0.6), most) for n, point in enumerate(points)]
    return format_html(
        '<svg class="mf-chart" viewBox="0 0 300 128" role="img"><title>{}</title>{}'
        '<path class="ax" d="M8 104.5H296"/></svg>',
        title, format_html_join("", "{}", ((bar,) for bar in drawn)),
    )  # fmt: skip


def _bar(point: Mapping[str, Any], left: float, width: float, most: int) -> SafeString:
    value, whole = int(point["value"]), int(point.get("of") or point["value"])
    tall, part = CHART_HEIGHT * whole / most, CHART_HEIGHT * value / most
    told = f"{value}/{whole}" if point.get("of") else str(value)
    middle = round(left + width / 2, 1)
    behind = _box(left, BASE_LINE - tall, width, tall, "b0") if whole > value else SafeString("")
    return format_html(
        '{}{}<text x="{}" y="{}" text-anchor="middle">{}</text><text x="{}" y="121" text-anchor="middle">{}</text>',
        behind, _box(left, BASE_LINE - part, width, part, "b2" if point.get("late") else "b1"),
        middle, round(BASE_LINE - max(tall, part) - 5, 1), told, middle, point["label"],
    )  # fmt: skip


def _box(x: float, y: float, width: float, height: float, css: str) -> SafeString:
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" class="{}"/>',
        round(x, 1), round(y, 1), round(width, 1), round(height, 1), css,
    )  # fmt: skip


def spark(values: Sequence[int], title: str) -> SafeString:
    """Bars of 8 by at most 20; a zero is a pale line."""
    most = max(values, default=1) or 1
    drawn = []
    for n, value in enumerate(values):
        tall = max(1.5, 20 * value / most)
        drawn.append((_box(n * 11, 20 - tall, 8, tall, "b1" if value else "b0"),))
    view = max(88, len(values) * 11)
    return format_html(
        '<svg class="mf-chart mf-spark" viewBox="0 0 {} 20" role="img" aria-label="{}">{}</svg>',
        view, title, format_html_join("", "{}", drawn),
    )  # fmt: skip


def shares(values: Sequence[int], title: str) -> SafeString:
    """One bar of 1,000 cut into the shares, with a gap of 3 between them; classes b1 to b5 in turn."""
    total, left, drawn = sum(values) or 1, 0.0, []
    for n, value in enumerate(values):
        width = 1000 * value / total
        drawn.append((_box(left, 0, max(width - 3, 0), 26, f"b{n % 5 + 1}"),))
        left += width
    return format_html(
        '<svg class="mf-chart mf-bar" viewBox="0 0 1000 26" preserveAspectRatio="none" role="img" aria-label="{}">'
        "{}</svg>",
        title, format_html_join("", "{}", drawn),
    )  # fmt: skip


def grid(days: Sequence[str], rows: Sequence[Mapping[str, Any]], title: str) -> SafeString:
    """A square a day and row: filled = read, ring = held, cross = refused."""
    head = [(95 + 28 * n, day) for n, day in enumerate(days)]
    body = [(_grid_row(days, row, 22 + 28 * n),) for n, row in enumerate(rows)]
    return format_html(
        '<svg class="mf-grid-p" viewBox="0 0 {} {}" role="img"><title>{}</title>{}{}</svg>',
        88 + 28 * len(days), 26 + 28 * len(rows), title,
        format_html_join("", '<text x="{}" y="14" text-anchor="middle">{}</text>', head),
        format_html_join("", "{}", body),
    )  # fmt: skip


def _grid_row(days: Sequence[str], row: Mapping[str, Any], top: int) -> SafeString:
    marks = {str(day): mark for day, mark in row["marks"].items()}
    squares = [(_square(84 + 28 * n, top, marks.get(day, "")),) for n, day in enumerate(days)]
    name = format_html('<text x="0" y="{}" class="n">{}</text>', top + 16, row["label"])
    return format_html("{}{}", name, format_html_join("", "{}", squares))


def _square(x: int, y: int, mark: str) -> SafeString:
    cell = _box(x, y, 22, 22, "c")
    if mark == "v":
        return format_html("{}{}", cell, _box(x + 4, y + 4, 14, 14, "v"))
    if mark == "o":
        return format_html("{}{}", cell, _box(x + 5, y + 5, 12, 12, "o"))
    if mark == "x":
        return format_html('{}<path d="M{} {}l12 12M{} {}l-12 12" class="x"/>', cell, x + 5, y + 5, x + 17, y + 5)
    return cell
