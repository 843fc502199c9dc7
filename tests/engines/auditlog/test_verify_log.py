"""The outsider's verifier: a good export passes, and every kind of tampering is found and named."""

import ast
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from mifeng.engines import auditlog

from .samples import (
    KEY,
    ORIGIN,
    SIGNER,
    STRANGER,
    VERIFIER,
    Files,
    as_folder,
    as_zip,
    entry,
    export,
    export_of,
    note,
    sample,
    verdict,
    verify_log,
)
from .test_notes import WITNESS_KEY, cosignature

BUNDLE = "tile/entries/000.p/20"


def lines(found: str) -> list[str]:
    """The Chinese halves of the findings, in order."""
    return [line.partition(" / ")[0] for line in found.splitlines()]


@pytest.fixture(params=[as_zip, as_folder], ids=["zip", "folder"])
def put(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Files], Path]:
    return lambda files: request.param(files, tmp_path / "export")


def test_a_good_export_is_good(put: Callable[[Files], Path]) -> None:
    assert verdict(put(export_of(600, 1, 256, 300, 590))) == (
        0,
        f"相符 GOOD  {ORIGIN}:600 条,检查点 4 个,最后一个在 590 条,其后未签名 10 条 / "
        f"{ORIGIN}: 600 entries, 4 checkpoints, the last at 590, unsigned after it 10\n",
    )


@pytest.mark.parametrize("count", [1, 255, 256, 257, 512])
def test_sizes_around_a_bundle_are_good(count: int, tmp_path: Path) -> None:
    assert verdict(as_zip(export_of(count, count), tmp_path / "e.zip"))[0] == 0


def test_an_empty_log_with_its_checkpoint_is_good(tmp_path: Path) -> None:
    assert verdict(as_zip(export_of(0, 0), tmp_path / "e.zip"))[0] == 0


def test_it_runs_alone_as_a_stranger_would_run_it(tmp_path: Path) -> None:
    good = as_zip(export_of(20, 20), tmp_path / "good.zip")
    files = export_of(20, 20)
    files[BUNDLE] = files[BUNDLE].replace(b'"a:b"', b'"a:c"', 1)
    bad = as_zip(files, tmp_path / "bad.zip")
    codes = {}
    for path in (good, bad, tmp_path / "absent.zip"):
        # -I -S: neither our paths nor any installed package can be reached.
        command = [sys.executable, "-I", "-S", str(VERIFIER), str(path), "--key", KEY]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", env={"PYTHONUTF8": "1"}, check=False)
        assert done.stderr == "" and done.stdout.count(" / ") == done.stdout.count("\n") > 0
        codes[path.name] = done.returncode
    assert codes == {"good.zip": 0, "bad.zip": 1, "absent.zip": 2}


def test_it_is_one_short_file_of_the_standard_library_for_python_3_8() -> None:
    source = VERIFIER.read_text(encoding="utf-8")
    assert len(source.splitlines()) < 400
    tree = ast.parse(source, feature_version=(3, 8))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name.partition(".")[0] for node in imports for alias in node.names}
    assert names and names <= sys.stdlib_module_names and not any(isinstance(one, ast.ImportFrom) for one in imports)


def changed(files: Files, entries: list[bytes]) -> Files:
    """The same export with other entries under the old checkpoints."""
    kept = {name: data for name, data in files.items() if not name.startswith("tile/")}
    return {name: data for name, data in export(entries, []).items() if name.startswith("tile/")} | kept


def test_every_flipped_byte_of_a_bundle_is_found(tmp_path: Path) -> None:
    files = export_of(8, 8)
    name = "tile/entries/000.p/8"
    folder = as_folder(files, tmp_path)
    assert verdict(folder)[0] == 0
    for at in range(len(files[name])):
        data = bytearray(files[name])
        data[at] ^= 1 << at % 8
        (folder / name).write_bytes(data)
        assert verdict(folder)[0] == 1, at


def test_every_dropped_doubled_and_swapped_entry_is_found(tmp_path: Path) -> None:
    files, entries = export_of(20, 20), sample(20)
    attempts = [entries[:at] + entries[at + 1 :] for at in range(20)]
    # Doubling the very last one would be an honest entry after the checkpoint.
    attempts += [entries[:at] + [entries[at]] + entries[at:] for at in range(19)]
    attempts += [[*entries[:at], entries[at + 1], entries[at], *entries[at + 2 :]] for at in range(19)]
    for attempt in attempts:
        assert verdict(as_zip(changed(files, attempt), tmp_path / "e.zip"))[0] == 1


def test_every_prefix_shorter_than_a_checkpoint_is_found(tmp_path: Path) -> None:
    files, entries = export_of(20, 15), sample(20)
    codes = [verdict(as_zip(changed(files, entries[:count]), tmp_path / "e.zip"))[0] for count in range(21)]
    assert codes == [1] * 15 + [0] * 6


def test_the_unsigned_tail_can_be_cut_and_a_kept_note_shows_it(tmp_path: Path) -> None:
    entries = sample(20)
    cut = as_zip(export(entries[:15], [note(entries, 15)]), tmp_path / "e.zip")
    kept = tmp_path / "kept.txt"
    kept.write_text(note(entries, 18), encoding="utf-8")
    assert verdict(cut)[0] == 0
    code, found = verdict(cut, kept=[kept])
    assert (code, lines(found)) == (1, ["不符 TAMPERED  1 个检查点(至 18 条)超出现有 15 条:截短或缺漏"])


def test_a_log_rewritten_and_signed_anew_is_good_alone_and_not_beside_a_kept_note(tmp_path: Path) -> None:
    entries = sample(20)
    other = [*entries[:5], entry(5, forged=True), *entries[6:]]
    rewritten = as_zip(export(other, [note(other, 4), note(other, 20)]), tmp_path / "e.zip")
    kept = tmp_path / "kept.txt"
    kept.write_text(note(entries, 4) + "\n" + note(entries, 20), encoding="utf-8")
    assert verdict(rewritten)[0] == 0
    code, found = verdict(rewritten, kept=[kept])
    assert code == 1
    assert lines(found) == [
        "不符 TAMPERED  分叉:20 条处有两个不同的根",
        f"不符 TAMPERED  检查点 20 的根不符({kept}):第 4 至 19 条之间有改动",
    ]
    assert verdict(as_zip(export_of(20, 20), tmp_path / "honest.zip"), kept=[kept])[0] == 0


def test_a_change_is_placed_between_two_checkpoints(tmp_path: Path) -> None:
    files, entries = export_of(600, 100, 300, 500, 600), sample(600)
    entries[350] = entry(350, forged=True)
    code, found = verdict(as_zip(changed(files, entries), tmp_path / "e.zip"))
    assert (code, lines(found)) == (
        1, ["不符 TAMPERED  检查点 500 的根不符(checkpoints.txt):第 300 至 499 条之间有改动"],
    )  # fmt: skip


def without(files: Files, name: str) -> Files:
    assert name in files
    return {other: data for other, data in files.items() if other != name}


def test_gaps_are_listed(put: Callable[[Files], Path]) -> None:
    code, found = verdict(put(without(export_of(700, 256, 700), "tile/entries/001")))
    assert (code, lines(found)) == (
        1,
        [
            "不符 TAMPERED  第 256 至 511 条缺失或损坏",
            "不符 TAMPERED  1 个检查点(至 700 条)超出现有 256 条:截短或缺漏",
        ],
    )


def test_a_damaged_zip_member_is_a_gap(tmp_path: Path) -> None:
    path = as_zip(export_of(300, 300), tmp_path / "e.zip")
    data = bytearray(path.read_bytes())
    data[2000] ^= 1
    path.write_bytes(data)
    code, found = verdict(path)
    assert (code, lines(found)[0]) == (1, "不符 TAMPERED  第 0 至 255 条缺失或损坏")


@pytest.mark.parametrize(
    ("data", "finding"),
    [
        (lambda good: good[:-1], "第 0 条起的一卷残缺"),
        (lambda good: good + b"\0", "第 0 条起的一卷残缺"),
        (lambda good: good[: -len(entry(19)) - 2], "第 0 条起的一卷应有 20 条,实有 19 条"),
        (lambda good: b"", "第 0 条起的一卷应有 20 条,实有 0 条"),
        (lambda good: good + b"\0\2{}", "第 0 条起的一卷应有 20 条,实有 21 条"),
    ],
)
def test_a_bundle_of_another_length_is_named(
    data: Callable[[bytes], bytes], finding: str, put: Callable[[Files], Path]
) -> None:
    files = export_of(20, 20)
    files[BUNDLE] = data(files[BUNDLE])
    code, found = verdict(put(files))
    assert code == 1 and f"不符 TAMPERED  {finding}" in lines(found)


@pytest.mark.parametrize(
    ("bad", "finding"),
    [
        (b'{"v":1, "t":1767225607000}', "第 7 条不是规范记录"),
        (b'{"v":1,"t":1767225607000}', "第 7 条不是规范记录"),
        (b'{"t":1767225607000,"t":1767225607000,"v":1}', "第 7 条不是规范记录"),
        (b'{"t":1767225607000,"v":1,"x":0.5}', "第 7 条不是规范记录"),
        (b'{"t":1767225607000,"v":1,"x":9007199254740992}', "第 7 条不是规范记录"),
        ('{"t":1767225607000,"v":1,"x":"e\u0301"}'.encode(), "第 7 条不是规范记录"),
        (b'{"t":1767225607000,"v":1,"x":"\\u0041"}', "第 7 条不是规范记录"),
        (b'{"t":1767225607000,"v":1,"x":"\xff"}', "第 7 条不是规范记录"),
        (b'{"t":1767225607000,"v":2}', "第 7 条不是规范记录"),
        (b'{"t":"1767225607000","v":1}', "第 7 条不是规范记录"),
        (b'{"t":1767225605999,"v":1}', "第 7 条早于前一条"),
    ],
)
def test_what_honest_software_never_writes_is_named_even_when_signed(bad: bytes, finding: str, tmp_path: Path) -> None:
    entries = [*sample(7), bad, *sample(20)[8:]]
    code, found = verdict(as_zip(export(entries, [note(entries, 20)]), tmp_path / "e.zip"))
    assert (code, lines(found)) == (1, [f"不符 TAMPERED  {finding}"])


def test_time_runs_forward_from_bundle_to_bundle(tmp_path: Path) -> None:
    entries = [*[entry(1)] * 256, entry(0)]
    code, found = verdict(as_zip(export(entries, [note(entries, 257)]), tmp_path / "e.zip"))
    assert (code, lines(found)) == (1, ["不符 TAMPERED  第 256 条起早于前一卷"])


def test_a_note_by_a_foreign_key_does_not_count(tmp_path: Path) -> None:
    entries = sample(20)
    path = as_zip(export(entries, [note(entries, 20, STRANGER)], str(STRANGER.key)), tmp_path / "e.zip")
    code, found = verdict(path)
    assert (code, lines(found)) == (
        1,
        [
            "不符 TAMPERED  检查点 20 没有所给公钥的签名(checkpoints.txt)",
            "不可用 UNUSABLE  没有可依据的检查点",
        ],
    )
    # Its own keys.txt names that key; only the key on the command line is believed.
    assert verdict(path, keys=[str(STRANGER.key)])[0] == 0
    assert verdict(path, keys=[KEY, str(STRANGER.key)])[0] == 0


def test_every_flipped_sign_of_a_note_is_found(tmp_path: Path) -> None:
    files = export_of(5, 5)
    folder = as_folder(files, tmp_path)
    for at in range(len(files["checkpoints.txt"]) - 1):
        data = bytearray(files["checkpoints.txt"])
        data[at] ^= 1
        (folder / "checkpoints.txt").write_bytes(data)
        assert verdict(folder)[0] == 1, at


@pytest.mark.parametrize("old, new", [("\n20\n", "\n19\n"), (ORIGIN + "\n", "other\n"), ("\n20\n", "\n020\n")])
def test_a_forged_note_is_found(old: str, new: str, tmp_path: Path) -> None:
    files = export_of(20, 10, 20)
    forged = files["checkpoints.txt"].decode()
    assert old in forged
    files["checkpoints.txt"] = forged.replace(old, new).encode()
    assert verdict(as_zip(files, tmp_path / "e.zip"))[0] == 1


def test_two_roots_for_one_size_are_a_fork(tmp_path: Path) -> None:
    entries = sample(20)
    other = [*entries[:19], entry(19, x=1)]
    code, found = verdict(as_zip(export(entries, [note(entries, 20), note(other, 20)]), tmp_path / "e.zip"))
    assert code == 1 and lines(found)[0] == "不符 TAMPERED  分叉:20 条处有两个不同的根"


def test_notes_of_two_logs_do_not_go_together(tmp_path: Path) -> None:
    entries = sample(20)
    notes = [note(entries, 10), note(entries, 20, origin="mifeng.example/log/2")]
    code, found = verdict(as_zip(export(entries, notes), tmp_path / "e.zip"))
    assert (code, lines(found)) == (1, ["不符 TAMPERED  检查点出自不同的记录"])


def test_the_log_may_be_asked_for_by_name(tmp_path: Path) -> None:
    path = as_zip(export_of(20, 20), tmp_path / "e.zip")
    assert verdict(path, origin=ORIGIN)[0] == 0
    assert verdict(path, origin="mifeng.example/log/2")[0] == 1


def test_a_cosigner_counts_like_any_key_given(tmp_path: Path) -> None:
    entries = sample(20)
    signed = note(entries, 20)
    path = as_zip(export(entries, [signed + cosignature(signed, 1_700_000_000)]), tmp_path / "e.zip")
    for keys in ([KEY], [str(WITNESS_KEY)], [KEY, str(WITNESS_KEY)]):
        assert verdict(path, keys=keys)[0] == 0
    forged = as_zip(export(entries, [signed + cosignature(signed, 1, written=2)]), tmp_path / "f.zip")
    assert [verdict(forged, keys=keys)[0] for keys in ([KEY], [KEY, str(WITNESS_KEY)])] == [0, 1]


def test_two_files_of_one_name_are_found(tmp_path: Path) -> None:
    path = as_zip(export_of(20, 20), tmp_path / "e.zip")
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr("keys.txt", "other")
    assert verdict(path)[0] == 1


def test_a_file_larger_than_a_bundle_can_be_is_not_read(tmp_path: Path) -> None:
    files = export_of(20, 20)
    files[BUNDLE] = bytes(256 * 60_002 + 1)
    code, found = verdict(as_zip(files, tmp_path / "e.zip"))
    assert code == 1 and lines(found)[0] == "不符 TAMPERED  第 0 至 19 条缺失或损坏"


def test_other_files_in_the_folder_do_not_disturb(tmp_path: Path) -> None:
    files = export_of(20, 20) | {".DS_Store": b"x", "tile/entries/readme": b"x", "tile/entries/001.p/300": b"x"}
    assert verdict(as_folder(files, tmp_path))[0] == 0


@pytest.mark.parametrize("key", ["", "name", KEY[:-1], KEY.replace("example", "other"), "a+b+c"])
def test_without_a_usable_key_nothing_is_checked(key: str, tmp_path: Path) -> None:
    code, found = verdict(as_zip(export_of(20, 20), tmp_path / "e.zip"), keys=[key])
    assert (code, lines(found)) == (2, [f"不可用 UNUSABLE  公钥不可用:{key}"])


def test_a_key_of_small_order_is_not_usable(tmp_path: Path) -> None:
    typed = b"\1" + (1).to_bytes(32, "little")
    key_id = verify_log.hashlib.sha256(b"name\n" + typed).digest()[:4].hex()
    key = f"name+{key_id}+{verify_log.base64.b64encode(typed).decode()}"
    assert verdict(as_zip(export_of(20, 20), tmp_path / "e.zip"), keys=[key])[0] == 2


def test_input_that_is_no_export_is_unusable(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a zip")
    (tmp_path / "empty").mkdir()
    for name in ("text", "empty", "absent"):
        assert verdict(tmp_path / name)[0] == 2
    assert verdict(as_zip(export_of(20), tmp_path / "e.zip"))[0] == 2  # no checkpoint: nothing to go by


def test_a_kept_file_that_cannot_be_read_is_unusable(tmp_path: Path) -> None:
    path, entries = as_zip(export_of(20, 20), tmp_path / "e.zip"), sample(20)
    for name, content in (("junk", "junk"), ("foreign", note(entries, 10, STRANGER))):
        (tmp_path / name).write_text(content, encoding="utf-8")
    for name in ("junk", "foreign", "absent"):
        assert verdict(path, kept=[tmp_path / name])[0] == 2
    # An editor may have given the file a byte order mark and other line ends.
    (tmp_path / "edited").write_bytes(("\ufeff" + note(entries, 10)).replace("\n", "\r\n").encode())
    assert verdict(path, kept=[tmp_path / "edited"])[0] == 0


def test_a_kept_note_replaces_checkpoints_that_were_taken_out(tmp_path: Path) -> None:
    entries = sample(20)
    kept = tmp_path / "kept.txt"
    kept.write_text(note(entries, 10), encoding="utf-8")
    path = as_zip(without(export_of(20, 20), "checkpoints.txt"), tmp_path / "e.zip")
    code, found = verdict(path, kept=[kept])
    assert code == 0 and "最后一个在 10 条,其后未签名 10 条" in found


def test_sampled_flips_in_ten_thousand_entries_are_found(tmp_path: Path) -> None:
    chance = random.Random(6962)
    files = export_of(10_000, *range(1000, 10_001, 1000))
    folder = as_folder(files, tmp_path)
    assert verdict(folder)[0] == 0
    bundles = sorted(name for name in files if name.startswith("tile/"))
    for _ in range(25):
        name = chance.choice(bundles)
        data = bytearray(files[name])
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        (folder / name).write_bytes(data)
        assert verdict(folder)[0] == 1
        (folder / name).write_bytes(files[name])
    assert verdict(folder)[0] == 0


def test_many_bundles_are_judged_by_several_processes_alike(tmp_path: Path) -> None:
    files = export_of(70_000, 70_000)
    path = as_zip(files, tmp_path / "good.zip")
    command = [sys.executable, str(VERIFIER), str(path), "--key", KEY]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    name = "tile/entries/200"
    files[name] = files[name].replace(b'"a:b"', b'"a:c"', 1)
    as_zip(files, path)
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


def test_the_signer_of_the_samples_is_the_key_given() -> None:
    assert auditlog.PublicKey.parse(KEY) == SIGNER.key != STRANGER.key
