"""Uploads of unknown length: on disk only as ciphertext, in a file without a name, under a key nobody else has."""

import hashlib
import os
from pathlib import Path

import pytest

from mifeng.engines.vault import Spool, SpoolClosed, Unreadable

from .conftest import House

CANARY = b"CANARY-OF-THE-SPOOL-" * 10


def behind(spool: Spool) -> int:
    """The open file of a spool, reached only because this test lives in the same process."""
    return spool._sealed.file.fileno()


def on_disk(handle: int) -> bytes:
    return os.pread(handle, 1 << 24, 0)


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 65537, 131072, 200000])
@pytest.mark.parametrize("step", [777, 65536, 10**9])
def test_what_was_written_is_read_as_often_as_wanted(house: House, size: int, step: int) -> None:
    text, spool = os.urandom(size), house.vault.spool()
    for at in range(0, size, step):
        assert spool.write(text[at : at + step]) == len(text[at : at + step])
    with spool.finish() as file:
        assert (file.size, file.sha256) == (size, hashlib.sha256(text).digest())
        assert b"".join(file.read()) == b"".join(file.read()) == text
        assert all(len(piece) <= 65536 for piece in file.read())


def test_a_finished_spool_is_sealed_again_as_an_object(house: House) -> None:
    text, spool = os.urandom(150000), house.vault.spool()
    spool.write(text)
    with spool.finish() as file:
        made = house.put(file)
    assert (made.size, made.sha256, house.take(made)) == (150000, file.sha256, text)


def test_the_file_has_no_name_and_no_plain_byte(house: House) -> None:
    before = set(house.files())
    spool = house.vault.spool()
    spool.write(CANARY * 500)
    handle = behind(spool)
    target = Path(os.readlink(f"/proc/self/fd/{handle}"))
    file = spool.finish()
    written = on_disk(handle)
    assert len(written) == len(CANARY) * 500 + 16 * 2
    assert CANARY[:12] not in written
    assert set(house.files()) == before
    assert str(target).startswith(str(house.blobs.path))
    assert not target.exists()
    assert b"".join(file.read()) == CANARY * 500  # there was something to hide
    file.drop()


def test_at_most_one_chunk_waits_in_memory(house: House) -> None:
    with house.vault.spool() as spool:
        spool.write(bytes(65536))
        assert on_disk(behind(spool)) == b""
        spool.write(b"x")
        assert len(on_disk(behind(spool))) == 65536 + 16


def test_a_dropped_spool_is_gone(house: House) -> None:
    spool = house.vault.spool()
    spool.write(CANARY)
    key, room = spool._sealed.key, spool._room
    spool.drop()
    spool.drop()
    assert (bytes(key), bytes(room)) == (bytes(32), bytes(65536))
    for act in (lambda: spool.write(b"x"), spool.finish):
        with pytest.raises(SpoolClosed):
            act()


def test_a_finished_spool_takes_nothing_more_and_ends_when_dropped(house: House) -> None:
    spool = house.vault.spool()
    spool.write(CANARY)
    file = spool.finish()
    for act in (lambda: spool.write(b"x"), spool.finish):
        with pytest.raises(SpoolClosed):
            act()
    spool.drop()
    assert b"".join(file.read()) == CANARY
    file.drop()
    file.drop()
    with pytest.raises(SpoolClosed):
        list(file.read())


def test_an_altered_spool_is_unreadable(house: House) -> None:
    spool = house.vault.spool()
    spool.write(bytes(200000))
    handle = os.dup(behind(spool))
    file = spool.finish()
    whole = on_disk(handle)
    assert b"".join(file.read()) == bytes(200000)
    first, second = whole[:65552], whole[65552:131104]
    for damaged in (
        whole[:5] + bytes([whole[5] ^ 1]) + whole[6:],
        second + first + whole[131104:],
        whole[:-1] + bytes([whole[-1] ^ 1]),
    ):
        os.pwrite(handle, damaged, 0)
        with pytest.raises(Unreadable):
            list(file.read())
    os.pwrite(handle, whole, 0)
    os.ftruncate(handle, 131104)
    with pytest.raises(Unreadable):
        list(file.read())
    os.close(handle)
    file.drop()


def test_two_spools_have_nothing_in_common(house: House) -> None:
    one, two = house.vault.spool(), house.vault.spool()
    handles = [behind(one), behind(two)]
    for spool in (one, two):
        spool.write(bytes(1000))
    files = [one.finish(), two.finish()]
    assert on_disk(handles[0]) != on_disk(handles[1])
    for file in files:
        file.drop()
