"""The bundle: C2SP tile names, lengths before entries, the same bytes each time."""

import io
import zipfile

import pytest

from mifeng.engines import auditlog

from .samples import KEY, entry, export, note, sample


def test_bundles_have_256_entries_and_the_last_says_how_many() -> None:
    entries = sample(600)
    files = export(entries, [])
    assert [name for name in files if name.startswith("tile/")] == [
        "tile/entries/000", "tile/entries/001", "tile/entries/002.p/88",
    ]  # fmt: skip
    joined = b"".join(data for name, data in files.items() if name.startswith("tile/"))
    assert joined == b"".join(len(one).to_bytes(2, "big") + one for one in entries)


def test_beside_the_entries_lie_notes_keys_and_a_page_in_two_languages() -> None:
    entries = sample(3)
    notes = [note(entries, 1), note(entries, 3)]
    files = export(entries, notes)
    assert set(files) == {"tile/entries/000.p/3", "checkpoints.txt", "keys.txt", "README.txt"}
    assert files["checkpoints.txt"].decode() == notes[0] + "\n" + notes[1]
    assert files["keys.txt"].decode() == KEY + "\n"
    readme = files["README.txt"].decode()
    assert "审计记录导出" in readme and "AUDIT LOG EXPORT" in readme


def test_equal_logs_make_equal_bytes() -> None:
    def made() -> bytes:
        out = io.BytesIO()
        assert auditlog.export_bundle(iter(sample(300)), [], KEY, out) == 300
        return out.getvalue()

    assert made() == made()


def test_an_empty_log_makes_a_bundle_without_entries() -> None:
    assert set(export([], [], "")) == {"checkpoints.txt", "keys.txt", "README.txt"}


def test_an_entry_that_does_not_fit_its_length_is_refused() -> None:
    longest = b"x" * 60_000
    assert export([longest], [])["tile/entries/000.p/1"] == b"\xea\x60" + longest
    with pytest.raises(auditlog.EntryTooLong):
        export([longest + b"x"], [])


def test_entries_are_read_one_bundle_at_a_time() -> None:
    waiting: list[int] = []
    written: list[int] = []

    class Out(io.BytesIO):
        def write(self, data: bytes) -> int:  # type: ignore[override]
            written.append(len(waiting))
            return super().write(data)

    def entries() -> list[bytes]:
        for number in range(600):
            waiting.append(number)
            yield entry(number)  # type: ignore[misc]

    auditlog.export_bundle(entries(), [], KEY, Out())
    assert written[0] == 256


@pytest.mark.parametrize(
    ("number", "width", "path"),
    [
        (0, 256, "tile/entries/000"), (67, 256, "tile/entries/067"), (999, 256, "tile/entries/999"),
        (1000, 256, "tile/entries/x001/000"), (1234067, 256, "tile/entries/x001/x234/067"),
        (273, 112, "tile/entries/273.p/112"), (1067, 1, "tile/entries/x001/067.p/1"),
    ],
)  # fmt: skip
def test_paths_are_those_of_tlog_tiles(number: int, width: int, path: str) -> None:
    assert auditlog.entry_path(number, width) == path


def test_the_zip_is_an_ordinary_one() -> None:
    out = io.BytesIO()
    auditlog.export_bundle(sample(3), [], KEY, out)
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
