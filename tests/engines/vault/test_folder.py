"""The folder of blobs: whole blobs under random names, or none."""

from collections.abc import Iterator

import pytest

from mifeng.engines.vault import BlobAbsent, BlobExists

from .conftest import House

NAME, OTHER = "ab" * 16, "cd" * 16


def test_what_was_put_is_got(house: House) -> None:
    assert house.blobs.put(NAME, b"0123456789") == 10
    assert house.blobs.put(OTHER, iter([b"01", memoryview(b"234"), b""])) == 5
    assert (house.blobs.get(NAME), house.blobs.get(OTHER)) == (b"0123456789", b"01234")
    assert (house.blobs.size(NAME), set(house.blobs.names())) == (10, {NAME, OTHER})
    assert (house.blobs.path / "ab" / NAME).read_bytes() == b"0123456789"


def test_ranges_of_a_blob(house: House) -> None:
    house.blobs.put(NAME, b"0123456789")
    ranges = [(0, 3), (7, 3), (7, 99), (10, 1), (99, 1), (4, None), (4, 0)]
    assert [house.blobs.get(NAME, start, length) for start, length in ranges] == [
        b"012", b"789", b"789", b"", b"", b"456789", b"",
    ]  # fmt: skip


def test_an_absent_blob_is_called_absent(house: House) -> None:
    for act in (house.blobs.get, house.blobs.size):
        with pytest.raises(BlobAbsent):
            act(NAME)
    assert house.blobs.delete(NAME) is False
    house.blobs.put(NAME, b"x")
    assert (house.blobs.delete(NAME), list(house.blobs.names())) == (True, [])


def test_a_blob_is_never_overwritten(house: House) -> None:
    house.blobs.put(NAME, b"first")
    with pytest.raises(BlobExists):
        house.blobs.put(NAME, b"second")
    assert (house.blobs.get(NAME), [path.name for path in (house.blobs.path / "ab").iterdir()]) == (b"first", [NAME])


def test_a_writer_that_breaks_off_leaves_nothing(house: House) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        house.blobs.put(NAME, broken())
    assert list((house.blobs.path / "ab").iterdir()) == []


def test_folders_and_files_are_private(house: House) -> None:
    house.blobs.put(NAME, b"x")
    paths = [house.blobs.path, house.blobs.path / "ab", house.blobs.path / "ab" / NAME]
    assert [path.stat().st_mode & 0o777 for path in paths] == [0o700, 0o700, 0o600]


@pytest.mark.parametrize("name", ["", "ab", "../" + "a" * 29, "AB" * 16, "ab" * 16 + "\n", "/etc/passwd", "ab" * 17])
def test_a_name_cannot_reach_another_folder(house: House, name: str) -> None:
    for act in (house.blobs.get, house.blobs.size, house.blobs.delete, lambda name: house.blobs.put(name, b"x")):
        with pytest.raises(ValueError, match="32 lower-case hex"):
            act(name)


def test_foreign_files_are_neither_names_nor_swept(house: House) -> None:
    house.blobs.put(NAME, b"x")
    stray = house.blobs.path / "ab" / "README"
    stray.write_text("not ours")
    assert (list(house.blobs.names()), house.blobs.clear_partial(float("inf")), stray.exists()) == ([NAME], 0, True)
