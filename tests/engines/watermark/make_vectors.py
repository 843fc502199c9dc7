"""Writes vectors/watermark/*.txt from the reference, not from the engine.

`python -m tests.engines.watermark.make_vectors`, started at the root of the house with src on the path.

The derivations are for ever. A file that changes here means that sheets already printed can no longer be read.
"""

import random
from pathlib import Path

from tests.engines.watermark import reference

FOLDER = Path(__file__).parents[3] / "vectors/watermark"
ROOT, EPOCH, PAGE = bytes(range(32)), "2026Q4", "6f1c|3"
NUMBERS = (0x000000000001, 0x123456789ABC, 0xFFFFFFFFFFFF)


def number(bits: list[int]) -> str:
    """Bits as one big-endian number, as in the specification."""
    return hex(int("".join(map(str, bits)), 2))


def packed(signs: list[int]) -> str:
    """Signs as hexadecimal, 64 digits a line: +1 is bit 0, -1 is bit 1, most significant first, zeros at the end."""
    bits = [(1 - sign) // 2 for sign in signs]
    bits += [0] * (-len(bits) % 8)
    digits = bytes(int("".join(map(str, bits[i : i + 8])), 2) for i in range(0, len(bits), 8)).hex()
    return "\n".join(digits[i : i + 64] for i in range(0, len(digits), 64))


def keyed(suite: int) -> dict[str, str]:
    """Permutation, sync signs, page signs and one tile of a suite."""
    key = f"suite: {suite}\nroot: {ROOT.hex()}\nepoch: {EPOCH}"
    cells = reference.permutation(suite, ROOT, EPOCH)
    rows = "\n".join(" ".join(f"{cell:4d}" for cell in cells[i : i + 16]) for i in range(0, len(cells), 16))
    page = f"{key}\npage: {PAGE}"
    signs = reference.page_signs(suite, ROOT, EPOCH, PAGE)
    chips = reference.tile(suite, ROOT, EPOCH, PAGE, NUMBERS[1])
    return {
        f"permutation_suite_{suite}": f"expect: permutation\n{key}\n\n{rows}",
        f"sync_suite_{suite}": f"expect: sync-signs\n{key}\n\n{packed(reference.sync_signs(suite, ROOT, EPOCH))}",
        f"page_suite_{suite}": f"expect: page-signs\n{page}\n\n{packed(signs)}",
        f"tile_suite_{suite}": f"expect: tile\n{page}\nid: 0x{NUMBERS[1]:012x}\n\n{packed(chips)}",
    }


def damaged(mark_id: int, errors: int, seed: int) -> str:
    """A code word with that many wrong bits, as one big-endian number of 255 bits."""
    word = reference.encode(mark_id)
    for place in random.Random(seed).sample(range(255), errors):
        word[place] ^= 1
    return number(word)


def vectors() -> dict[str, str]:
    """Name of the file without suffix -> its text without the last line break."""
    made = {"generator": f"expect: generator\n\n{number(reference.generator())}", **keyed(1), **keyed(2)}
    for i, mark_id in enumerate(NUMBERS, 1):
        bits = [mark_id >> i & 1 for i in range(47, -1, -1)]
        word = reference.encode(mark_id)
        crc = int("".join(map(str, reference.crc15(bits))), 2)
        head = f"expect: word\nid: 0x{mark_id:012x}\ncrc: {crc:04x}\nweight: {sum(word)}"
        made[f"word_{i}"] = f"{head}\n\n{number(word)}"
    for errors in (0, 1, 30):
        made[f"mended_{errors}"] = f"expect: mended\nid: 0x{NUMBERS[1]:012x}\n\n{damaged(NUMBERS[1], errors, errors)}"
    made["lost_60"] = f"expect: lost\n\n{damaged(NUMBERS[1], 60, 60)}"
    return made


def main() -> None:
    """Writes all files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in vectors().items():
        (FOLDER / f"{name}.txt").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
