"""Figures of intake: how much a hostile file may ask for. All sizes are bytes, times seconds, edges millimetres."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Limits of what a file may be. The defaults are those of docs/spec/intake.md; the company may set others."""

    upload: int = 200 * MIB
    entries: int = 10_000
    depth: int = 2
    expanded: int = 1024 * MIB
    member_ratio: int = 100
    whole_ratio: int = 50
    # Below this size a high ratio is ordinary: an empty bitmap in a letter shrinks 500:1 and harms nobody.
    ratio_floor: int = 8 * MIB
    pdf_pages: int = 2_000
    page_edge_mm: int = 5_000
    pixels: int = 100_000_000
    frames: int = 500
    cells: int = 2_000_000
    text_characters: int = 20_000_000


@dataclass(frozen=True)
class Bounds:
    """What one child process may use. `file` 0 means it can write no byte to any file; `processes` 0 means not
    limited."""

    wall: float = 60.0
    cpu: int = 60
    memory: int = 1536 * MIB
    file: int = 0
    tmpfs: int = 0
    processes: int = 0
    open_files: int = 64
    output: int = 256 * MIB


STANDARD = Limits()

CONVERTER = Bounds(wall=120.0, cpu=90, memory=1536 * MIB, file=64 * MIB, tmpfs=512 * MIB, processes=64, open_files=512)
READER = Bounds(wall=60.0, cpu=60, memory=1536 * MIB)
INSPECTOR = Bounds(wall=20.0, cpu=15, memory=1024 * MIB)
RECOGNISER = Bounds(wall=120.0, cpu=60, memory=1536 * MIB)
PAINTER = Bounds(wall=120.0, cpu=110, memory=2048 * MIB, output=512 * MIB)
