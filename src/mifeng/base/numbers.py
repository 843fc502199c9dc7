"""Gapless yearly numbers: taken as late as possible inside the deed; a void one is kept with its reason."""

from django.db.models import F

from mifeng.base import clock
from mifeng.base.models import Counter, Issued
from mifeng.base.refusals import CHANGED, Conflict


def take(series: str, year: int | None = None) -> Issued:
    """The next number of the series in `year` (default: this year in the company's zone). Inside a deed only."""
    year = year or clock.today().year
    Counter.objects.get_or_create(series=series, year=year)
    Counter.objects.filter(series=series, year=year).update(n=F("n") + 1)
    n = Counter.objects.values_list("n", flat=True).get(series=series, year=year)
    return Issued.objects.create(series=series, year=year, n=n)


def start_at(series: str, year: int, n: int) -> None:
    """A series taken over from the paper register goes on after `n`; never goes back."""
    counter, _ = Counter.objects.get_or_create(series=series, year=year)
    counter.n = max(counter.n, n)
    counter.save()


def void(number: Issued, reason: str) -> None:
    """作废: the number stays in its register, with the reason. Inside a deed. Raises Conflict when it is void already."""
    if Issued.objects.filter(pk=number.pk, void=True).exists():
        raise Conflict("", CHANGED)
    number.void, number.void_reason = True, reason
    number.save()


def register_number(series: str, number: Issued) -> str:
    """As printed in registers: 定密〔2026〕0001."""
    return f"{series}〔{number.year}〕{number.n:04d}"


def document_number(series: str, number: Issued) -> str:
    """发文字号 as printed on papers: 澜岱密〔2026〕1号, no leading zero (GB/T 9704)."""
    return f"{series}〔{number.year}〕{number.n}号"
