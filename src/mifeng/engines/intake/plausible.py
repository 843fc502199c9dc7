"""Is this text, or rubbish that looks like text? Mojibake raises nothing: it has to be noticed by its letters.

Source of the common characters: GB 2312 level 1 (3,755 by use) and Big5 level 1 (5,401 by use), taken from the codecs
themselves.
"""

from __future__ import annotations

import functools
import unicodedata

COMMON_SHARE = 0.60
ODD_SHARE = 0.02
RARE_LETTER_SHARE = 0.30
# What UTF-8 replacement signs, uninitialised memory and freed memory become when read as GBK.
TELLTALE = ("锟斤拷", "烫烫烫", "屯屯屯", "鈥", "銆", "锛屾", "Ã¤", "â€")
SAMPLE = 200_000


def judge(text: str) -> str:
    """ "" when the text is plausible; otherwise empty or rubbish. Looks at the first 200,000 signs that are not
    space."""
    signs = [sign for sign in text if not sign.isspace()][:SAMPLE]
    if not signs:
        return "empty"
    odd = sum(1 for sign in signs if unicodedata.category(sign) in ("Cc", "Co", "Cn", "Cs") or sign == "\ufffd")
    if odd > ODD_SHARE * len(signs):
        return "rubbish"
    if sum(text.count(word) for word in TELLTALE) * 200 > len(signs):
        return "rubbish"
    return "" if _letters_fit(signs) else "rubbish"


def _letters_fit(signs: list[str]) -> bool:
    letters = [sign for sign in signs if sign.isalpha()]
    if not letters:
        return True
    han = [sign for sign in letters if "\u3400" <= sign <= "\u9fff" or sign >= "\U00020000"]
    # Few characters prove nothing: a list of rare family names is no mojibake.
    if len(han) >= 20 and sum(sign in _common() for sign in han) < COMMON_SHARE * len(han):
        return False
    rare = sum(1 for sign in letters if not _known(sign))
    return rare <= RARE_LETTER_SHARE * len(letters)


def _known(letter: str) -> bool:
    """Scripts a Chinese office writes in; accented Latin is left out, because GBK read as Latin-1 looks like it."""
    return (
        letter < "\u0080"
        or "\u3000" <= letter <= "\u9fff"
        or "\u0370" <= letter <= "\u04ff"
        or "\uac00" <= letter <= "\ud7a3"
        or "\uf900" <= letter <= "\ufaff"
        or "\uff00" <= letter <= "\uffef"
        or letter >= "\U00020000"
    )


@functools.cache
def _common() -> frozenset[str]:
    simplified = (bytes([row, cell]) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    traditional = (bytes([row, cell]) for row in range(0xA4, 0xC7) for cell in (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    known = {raw.decode("gb2312", "ignore") for raw in simplified} | {
        raw.decode("big5", "ignore") for raw in traditional
    }
    return frozenset(sign for sign in known if sign)
