"""The golden files in vectors/watermark: the engine, the reference and the files agree."""

from pathlib import Path

import numpy as np
import pytest

from mifeng.engines.watermark import Marks
from mifeng.engines.watermark.bch import generator, mend
from mifeng.engines.watermark.codes import bits_of, crc15, encode, number_of
from mifeng.engines.watermark.hidden import chips
from tests.engines.watermark import make_vectors

FOLDER = Path(__file__).parents[3] / "vectors/watermark"
FILES = sorted(FOLDER.glob("*.txt"))


def load(path: Path) -> tuple[dict[str, str], str]:
    head, _, payload = path.read_text("utf-8").partition("\n\n")
    return dict(line.split(": ", 1) for line in head.splitlines()), payload


def unpacked(payload: str, count: int) -> np.ndarray:
    return 1 - 2 * np.unpackbits(np.frombuffer(bytes.fromhex(payload), np.uint8))[:count].astype(int)


def marks(head: dict[str, str]) -> Marks:
    return Marks(bytes.fromhex(head["root"]), head["epoch"], int(head["suite"]))


def agrees(head: dict[str, str], payload: str) -> bool:
    """Whether the engine gives what the file says."""
    mark_id = int(head.get("id", "0"), 16)
    match head["expect"]:
        case "generator":
            return number_of(generator()) == int(payload, 16)
        case "word":
            word, crc = encode(mark_id), crc15(bits_of(mark_id, 48))
            return (number_of(word), int(word.sum()), crc) == (
                int(payload, 16),
                int(head["weight"]),
                int(head["crc"], 16),
            )
        case "mended" | "lost":
            message = mend(bits_of(int(payload, 16), 255))
            return (None if message is None else number_of(message[:48])) == (mark_id if "id" in head else None)
        case "permutation":
            cells = [*marks(head).payload_cells, *marks(head).sync.cells]
            return cells == [int(cell) for cell in payload.split()]
        case "sync-signs":
            return bool((marks(head).sync.signs == unpacked(payload, 774)).all())
        case "page-signs":
            return bool((marks(head).page_signs(head["page"]) == unpacked(payload, 1530)).all())
        case "tile":
            return bool((chips(marks(head), mark_id, head["page"]) == unpacked(payload, 2304)).all())
    raise AssertionError(f"no such expectation: {head['expect']}")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_engine_agrees_with_the_file(path: Path) -> None:
    assert agrees(*load(path))


def test_the_files_are_what_the_reference_writes() -> None:
    made = make_vectors.vectors()
    assert {path.stem: path.read_text("utf-8") for path in FILES} == {name: f"{text}\n" for name, text in made.items()}


def test_a_changed_file_would_be_seen() -> None:
    head, payload = load(FOLDER / "word_2.txt")
    assert not agrees(head, payload[:-1] + ("0" if payload[-1] != "0" else "1"))


def test_the_published_numbers_of_the_design_are_among_the_files() -> None:
    assert load(FOLDER / "generator.txt")[1].strip() == "0x106c6a1dd7a3ed5a5af246de038feef159aac4dce5a2f26f1"
    head, payload = load(FOLDER / "word_1.txt")
    assert (head["crc"], head["weight"]) == ("4599", "110")
    assert payload.strip() == "0xc7551b76175e0d777f4d2e255e65c68c04209bc254daf74ef3e9"
    head, payload = load(FOLDER / "word_2.txt")
    assert (head["crc"], head["weight"]) == ("3f1b", "126")
    assert payload.strip() == "0x92a8fa419ae4156508fa6700970b2b6d66f7c77508337c41a5ff29ff0725c8b"
