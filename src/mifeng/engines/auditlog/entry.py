"""Entries: the canonical bytes of a record, and the strict way back.

Canonical JSON here is UTF-8, keys sorted by code point, no spaces, no floats, integers below 2^53, strings in NFC,
no duplicate keys. Strings escape what JSON demands and nothing else. An entry is an object with ``v`` = 1 and ``t`` =
milliseconds since 1970 UTC.
"""

import json
import re
import unicodedata
from typing import Any

from mifeng.engines.auditlog.errors import EntryTooLong, NotCanonical

LONGEST = 60_000
VERSION = 1
_BOUND = 2**53
_DEEPEST = 8
_PLAIN = re.compile(r"[ !#-\[\]-~]*").fullmatch
_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in map(chr, range(32))} | {
    ord(c): "\\" + e for c, e in zip('"\\\b\f\n\r\t', '"\\bfnrt', strict=True)
}


def canonical(entry: dict[str, Any]) -> bytes:
    """The canonical bytes of an entry (or of any other object that is to be hashed or sealed).

    Raises `NotCanonical` for floats, integers of 2^53 and beyond, strings that are not NFC or hold lone surrogates,
    keys that are not strings, other types, nesting deeper than 8; `EntryTooLong` above 60 000 bytes.
    """
    if not isinstance(entry, dict):
        raise NotCanonical(f"an entry is an object, not {type(entry).__name__}")
    try:
        encoded = _value(entry, 0).encode("utf-8")
    except UnicodeEncodeError:
        raise NotCanonical("a string holds a lone surrogate") from None
    if len(encoded) > LONGEST:
        raise EntryTooLong(f"{len(encoded)} bytes, at most {LONGEST}")
    return encoded


def parse(entry: bytes) -> dict[str, Any]:
    """The object an entry says. Raises `NotCanonical` unless the bytes are exactly its canonical form."""
    try:
        value = json.loads(entry.decode("utf-8"), parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, RecursionError) as fault:
        raise NotCanonical(f"not JSON: {type(fault).__name__}") from None
    # Duplicate keys, spaces, order and needless escapes all show here: none of them survives the way back.
    if canonical(value) != entry:
        raise NotCanonical("the bytes are not in canonical form")
    return value


def check(entry: bytes) -> None:
    """Raises `NotCanonical` unless the bytes are an entry the log takes: canonical, ``v`` = 1, ``t`` a time."""
    value = parse(entry)
    if type(value.get("v")) is not int or value["v"] != VERSION:
        raise NotCanonical(f"an entry has v = {VERSION}")
    if type(value.get("t")) is not int or value["t"] < 0:
        raise NotCanonical("an entry has t = milliseconds since 1970 UTC")


def _no_float(text: str) -> None:
    raise ValueError("a float")


def _value(value: Any, depth: int) -> str:
    if isinstance(value, str):
        return _string(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return _integer(value)
    if depth == _DEEPEST:
        raise NotCanonical(f"nested deeper than {_DEEPEST}")
    if isinstance(value, dict):
        return "{" + ",".join(f"{_string(k)}:{_value(value[k], depth + 1)}" for k in _sorted_keys(value)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join([_value(item, depth + 1) for item in value]) + "]"
    raise NotCanonical(f"{type(value).__name__} has no canonical form")


def _sorted_keys(value: dict[Any, Any]) -> list[str]:
    if not all(isinstance(key, str) for key in value):
        raise NotCanonical("a key is not a string")
    return sorted(value)


def _string(text: str) -> str:
    # Nearly every string of an entry is a name or an id: nothing to escape, and ASCII is always NFC.
    if _PLAIN(text):
        return '"' + text + '"'
    if not unicodedata.is_normalized("NFC", text):
        raise NotCanonical("a string is not NFC")
    return '"' + text.translate(_ESCAPES) + '"'


def _integer(number: int) -> str:
    if not -_BOUND < number < _BOUND:
        raise NotCanonical("an integer of 2^53 or beyond")
    return str(int(number))
