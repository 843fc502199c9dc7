"""The worker's first job: what is this file, and does it keep the limits."""

from __future__ import annotations

from typing import Any

from . import images, kinds, pdfs, texts, walk
from .kinds import Family, Kind
from .limits import Limits
from .reasons import Rejected


def prepare() -> None:
    """Load what any kind may need."""
    import defusedxml.ElementTree  # noqa: F401 - start-up time of a verb

    texts.prepare()
    pdfs.prepare()
    images.prepare()


def inspect(data: bytes, name: str, limits: dict[str, int]) -> tuple[dict[str, Any], bytes]:
    """Worker job. Tells `kind`, `notes`, `encoding`, `pages` (0 = not known yet), or `rejected` with code and
    values."""
    bounds = Limits(**limits)
    kind = kinds.detect(data, name, bounds)
    pages: int | Rejected | None = 0
    if isinstance(kind, Kind):
        pages = _measured(data, kind, bounds)
    for refusal in (kind, pages):
        if isinstance(refusal, Rejected):
            return {"rejected": [refusal.code, refusal.values]}, b""
    assert isinstance(kind, Kind)
    return {"kind": kind.name, "notes": kind.notes, "encoding": kind.encoding, "pages": pages or 0}, b""


def _measured(data: bytes, kind: Kind, limits: Limits) -> int | Rejected | None:
    if kind.container == "zip":
        return walk.container(data, limits)
    if kind.family is Family.PDF:
        return pdfs.measure(data, limits)
    if kind.family is Family.IMAGE:
        return images.measure(data, kind.name, limits)
    return None
