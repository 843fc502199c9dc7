"""Objects in and out: what went in comes out, and nothing else does."""

import hashlib
import io
import logging
import os
from collections.abc import Iterator

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given, settings
from hypothesis import strategies as st

from mifeng.engines.vault import (
    KeysBesideBlobs,
    KeyStore,
    Kind,
    LengthDiffers,
    LengthUnknown,
    RootKey,
    Unreadable,
    Vault,
)
from mifeng.engines.vault.envelope import HEADER, Header, Reader, Writer
from mifeng.engines.vault.errors import Broken
from mifeng.engines.vault.suites.chosen import suite_of

from . import reference
from .conftest import OTHER_PAPER, PAPER, House

SIZES = (0, 1, 65535, 65536, 65537, 200000)
ONE = suite_of(1)
KEY = bytes(range(32))
THREE = bytes(i * 11 % 251 for i in range(2 * 4096 + 300))


class Pipe(io.RawIOBase):
    """A stream that gives three bytes at a time and cannot seek, like a socket."""

    def __init__(self, data: bytes) -> None:
        self._rest = data

    def read(self, size: int = -1) -> bytes:
        piece, self._rest = self._rest[: min(3, size)], self._rest[min(3, size) :]
        return piece

    def seekable(self) -> bool:
        return False


def three_chunks() -> bytes:
    head = reference.header(KEY, PAPER, 1, 0, 1, len(THREE), bytes(16), b"prefix7", 12)
    return reference.container(KEY, head, THREE)


def open_in_memory(sealed: bytes, key: bytes = KEY) -> bytes:
    reader = Reader(ONE, key, sealed[:HEADER], len(sealed), lambda start, length: sealed[start : start + length])
    return reader.read()


def refuses(sealed: bytes, key: bytes = KEY) -> bool:
    try:
        open_in_memory(sealed, key)
    except (Broken, InvalidTag):
        return True
    return False


@pytest.mark.parametrize("size", SIZES)
def test_what_went_in_comes_out(large: House, size: int) -> None:
    text = os.urandom(size)
    made = large.put(text)
    assert (made.size, made.sha256) == (size, hashlib.sha256(text).digest())
    assert large.take(made) == text
    assert large.file_of(made).stat().st_size == 96 + size + 16 * max(1, -(-size // 65536))


@pytest.mark.parametrize("size", SIZES)
def test_the_reference_reads_what_the_engine_wrote(large: House, size: int) -> None:
    text, header = os.urandom(size), Header(1, 1, PAPER, 1, 0, size, OTHER_PAPER, b"prefix7")
    blocks = [memoryview(text[at : at + 65536]) for at in range(0, size or 1, 65536)]
    sealed = b"".join(bytes(piece) for piece in Writer(ONE, KEY, header).pieces(blocks))
    assert reference.open_container(KEY, sealed) == text


def test_streams_and_pieces_give_what_bytes_give(house: House) -> None:
    text = os.urandom(10000)
    file = io.BytesIO(b"read before" + text)
    file.seek(11)
    pieces = [text[:1], b"", text[1:9999], text[9999:]]
    for data, length in [(text, None), (bytearray(text), None), (file, None), (Pipe(text), 10000), (pieces, 10000)]:
        made = house.put(data, length=length)
        assert (made.size, made.sha256, house.take(made)) == (10000, hashlib.sha256(text).digest(), text)


def test_a_stream_must_say_how_long_it_is(house: House) -> None:
    with pytest.raises(LengthUnknown):
        house.put(Pipe(b"abc"))
    assert house.take(house.put(Pipe(b"abc"), length=3)) == b"abc"


@pytest.mark.parametrize("told", [0, 2, 4095, 4096, 4098, 9000])
def test_a_stream_of_another_length_than_told_leaves_nothing(house: House, told: int) -> None:
    for data in (Pipe(bytes(4097)), bytes(4097), [bytes(4097)]):
        with pytest.raises(LengthDiffers):
            house.put(data, length=told)
    assert (house.keys.slot_ids(), list(house.blobs.path.rglob("*?.*"))) == ([], [])
    assert list(house.blobs.names()) == []


def test_a_reader_that_breaks_off_leaves_nothing(house: House) -> None:
    def broken() -> Iterator[bytes]:
        yield bytes(5000)
        raise ConnectionError("the browser went away")

    with pytest.raises(ConnectionError):
        house.put(broken(), length=9000)
    assert (house.keys.slot_ids(), list(house.blobs.names())) == ([], [])


def test_ranged_reads_equal_slices(large: House) -> None:
    text = os.urandom(200000)
    made = large.put(text)
    edges = [0, 1, 65535, 65536, 65537, 131072, 199999, 200000, 200001, 10**9]
    for start in edges:
        for length in [0, 1, 65535, 65536, 65537, 200000, 10**9, None]:
            expected = text[start:] if length is None else text[start : start + length]
            assert large.take(made, start=start, length=length) == expected


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 9000), st.integers(0, 10000), st.integers(0, 10000))
def test_any_range_of_any_length_equals_its_slice(size: int, start: int, length: int) -> None:
    text = bytes(i * 13 % 251 for i in range(size))
    head = reference.header(KEY, PAPER, 1, 0, 1, size, bytes(16), b"prefix7", 12)
    sealed = reference.container(KEY, head, text)
    reader = Reader(ONE, KEY, head, len(sealed), lambda at, count: sealed[at : at + count])
    assert reader.read(start, length) == text[start : start + length]


def test_a_range_reads_only_the_chunks_it_needs(large: House) -> None:
    text, asked = os.urandom(500000), []
    made, get = large.put(text), large.blobs.get

    def counted(name: str, start: int = 0, length: int | None = None) -> bytes:
        asked.append((start, length))
        return get(name, start, length)

    large.blobs.get = counted
    assert large.take(made, start=140000, length=10) == text[140000:140010]
    assert asked == [(0, 96), (96 + 2 * 65552, 65552)]


def test_a_large_read_comes_in_batches(large: House) -> None:
    text = os.urandom(5_000_000)
    assert large.take(large.put(text)) == text


def test_a_negative_range_is_a_fault_of_the_caller(house: House) -> None:
    made = house.put(b"text")
    for facts in ({"start": -1}, {"length": -1}):
        with pytest.raises(ValueError, match="not negative"):
            house.take(made, **facts)


def test_every_single_byte_flip_is_refused() -> None:
    sealed = three_chunks()
    assert (open_in_memory(sealed), len(sealed)) == (THREE, 96 + len(THREE) + 48)
    opened = [at for at in range(len(sealed)) if not refuses(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :])]
    assert opened == []


def test_every_value_of_every_header_byte_is_refused() -> None:
    sealed = three_chunks()
    opened = [
        (at, value)
        for at in range(HEADER)
        for value in range(256)
        if value != sealed[at] and not refuses(sealed[:at] + bytes([value]) + sealed[at + 1 :])
    ]
    assert opened == []


def test_every_length_but_its_own_is_refused() -> None:
    sealed = three_chunks()
    assert all(refuses(sealed[:cut]) for cut in range(0, len(sealed), 97))
    assert refuses(sealed + b"\0")


def test_one_flipped_byte_on_disk_is_unreadable(house: House) -> None:
    made = house.put(THREE)
    assert house.readable(made)
    file = house.file_of(made)
    whole = file.read_bytes()
    for at in (0, 5, 7, 8, 30, 39, 63, 64, 95, 96, 4207, 4208, len(whole) - 1):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 0x80]) + whole[at + 1 :])
        assert not house.readable(made), at
    file.write_bytes(whole)
    assert house.take(made) == THREE


def test_a_damaged_last_chunk_does_not_spoil_the_first(house: House) -> None:
    made = house.put(THREE)
    file = house.file_of(made)
    file.write_bytes(file.read_bytes()[:-1] + b"\0")
    assert house.take(made, length=4096) == THREE[:4096]
    assert not house.readable(made)


def test_an_empty_range_believes_no_length_without_a_good_tag(house: House) -> None:
    made = house.put(THREE)
    assert (house.take(made, length=0), house.take(made, start=10**9)) == (b"", b"")
    file = house.file_of(made)
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert (house.readable(made, length=0), house.readable(made, start=10**9)) == (True, False)
    file.write_bytes(whole[:96] + bytes([whole[96] ^ 1]) + whole[97:])
    assert (house.readable(made, length=0), house.readable(made, start=10**9)) == (False, True)


def test_swapped_chunks_are_refused() -> None:
    sealed, size = three_chunks(), 4096 + 16
    first, second, third = sealed[96 : 96 + size], sealed[96 + size : 96 + 2 * size], sealed[96 + 2 * size :]
    assert not refuses(sealed[:96] + first + second + third)
    assert refuses(sealed[:96] + second + first + third)
    assert refuses(sealed[:96] + first + first + third)


def test_another_key_is_refused_by_the_commitment() -> None:
    with pytest.raises(Broken, match="the key is not the one committed to"):
        open_in_memory(three_chunks(), bytes(32))


def test_swapped_blobs_are_refused(house: House) -> None:
    here = house.put(b"a" * 100, part=1)
    others = {
        "page": (house.put(b"b" * 100, part=2), {"part": 2}),
        "version": (house.put(b"b" * 100, part=1, version=2), {"part": 1, "version": 2}),
        "document": (house.put(b"b" * 100, part=1, doc=OTHER_PAPER), {"part": 1, "doc": OTHER_PAPER}),
        "kind": (house.put(b"b" * 100, part=1, kind=Kind.TEXT), {"part": 1, "kind": Kind.TEXT}),
        "compartment": (house.put(b"b" * 100, part=1, compartment="10:YF"), {"part": 1}),
    }
    mine = house.file_of(here).read_bytes()
    for name, (other, facts) in others.items():
        theirs = house.file_of(other).read_bytes()
        assert (house.readable(here, part=1), house.readable(other, **facts)) == (True, True), name
        house.file_of(here).write_bytes(theirs)
        house.file_of(other).write_bytes(mine)
        assert (house.readable(here, part=1), house.readable(other, **facts)) == (False, False), name
        house.file_of(here).write_bytes(mine)
        house.file_of(other).write_bytes(theirs)


def test_a_row_that_says_something_else_opens_nothing(house: House) -> None:
    made = house.put(b"text", part=3, version=2)
    assert house.take(made, part=3, version=2) == b"text"
    for other in (
        {"part": 4, "version": 2},
        {"part": 3, "version": 1},
        {"part": 3, "version": 2, "doc": OTHER_PAPER},
        {"part": 3, "version": 2, "kind": Kind.PAGE},
        {"part": 3, "version": 2, "compartment": "30:YF"},
    ):
        assert not house.readable(made, **other), other
    assert house.take(made, part=3, version=2, compartment="20:YF") == b"text"


def test_every_failure_says_the_object_and_nothing_more(house: House, caplog: pytest.LogCaptureFixture) -> None:
    made = house.put(b"text")
    for harm, cause in [
        (lambda: None, "another object than the row says"),
        (lambda: house.file_of(made).write_bytes(house.file_of(made).read_bytes() + b"\0"), "wrong size"),
        (lambda: house.file_of(made).unlink(), "BlobAbsent"),
    ]:
        harm()
        caplog.clear()
        with caplog.at_level(logging.WARNING, "mifeng.vault"), pytest.raises(Unreadable) as refusal:
            house.take(made, version=2 if cause.startswith("another") else 1)
        assert str(refusal.value) == f"object {made.object_id.hex()} cannot be opened"
        assert (refusal.value.__cause__, refusal.value.__context__) == (None, None)
        assert caplog.messages == [f"unreadable {made.object_id.hex()}: {cause}"]


def test_no_two_objects_share_anything(house: House) -> None:
    first, second = house.put(b"the same text"), house.put(b"the same text")
    one, two = house.file_of(first).read_bytes(), house.file_of(second).read_bytes()
    assert first.object_id != second.object_id
    assert one[56:63] != two[56:63]
    assert one[64:] != two[64:]


@pytest.mark.parametrize(
    "facts",
    [
        {"kind": Kind.SPOOL},
        {"kind": 0},
        {"kind": 99},
        {"version": -1},
        {"part": 1 << 32},
        {"doc": b"short"},
        {"compartment": ""},
        {"compartment": "two words"},
        {"compartment": "x" * 65},
    ],
)
def test_a_malformed_fact_is_refused_before_anything_is_stored(house: House, facts: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        house.put(b"text", **facts)
    assert (house.keys.slot_ids(), list(house.blobs.names())) == ([], [])


def test_keys_never_lie_among_the_blobs(house: House) -> None:
    inside = KeyStore(house.blobs.path / "keys.db")
    with pytest.raises(KeysBesideBlobs):
        Vault(RootKey.fresh(), inside, house.blobs)
    inside.close()


def test_after_closing_nothing_opens(house: House) -> None:
    made = house.put(b"text")
    house.vault.close()
    assert not house.readable(made)
