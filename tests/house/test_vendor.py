"""What comes from elsewhere is named, counted and unchanged: vendor/MANIFEST against the files themselves."""

import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "src/mifeng/site/static"
LINE = re.compile(r"^([0-9a-f]{64})  (\S+)  (\S+@\S+)  (\S+)$")
FREE = {"MIT", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "OFL-1.1"}


def manifest() -> list[tuple[str, str, str, str]]:
    """Lines of the manifest: sha256, path, package@version, licence."""
    lines = (ROOT / "vendor/MANIFEST").read_text().splitlines()
    found = [LINE.match(line) for line in lines]
    assert all(found), [line for line, match in zip(lines, found, strict=True) if not match]
    return [match.groups() for match in found if match]


def check(lines: list[tuple[str, str, str, str]], root: Path) -> list[str]:
    """Paths whose bytes are not those of the manifest, or that are not there."""
    changed = []
    for digest, path, _package, _licence in lines:
        file = root / path
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            changed.append(path)
    return changed


def strays(lines: list[tuple[str, str, str, str]], root: Path) -> list[str]:
    """Files in the vendored folder that no line names."""
    named = {path for _digest, path, _package, _licence in lines}
    folder = root / "src/mifeng/site/static/vendor"
    there = {str(file.relative_to(root)) for file in folder.rglob("*") if file.is_file()}
    return sorted(there - named)


def test_every_vendored_file_is_the_one_of_the_manifest() -> None:
    assert check(manifest(), ROOT) == []


def test_no_file_lies_in_the_vendored_folder_unnamed() -> None:
    assert strays(manifest(), ROOT) == []


def test_a_changed_and_a_stray_file_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "src/mifeng/site/static/vendor"
    folder.mkdir(parents=True)
    (folder / "a.css").write_text("changed")
    (folder / "b.css").write_text("stray")
    lines = [("0" * 64, "src/mifeng/site/static/vendor/a.css", "a@1", "MIT")]
    assert check(lines, tmp_path) == ["src/mifeng/site/static/vendor/a.css"]
    assert strays(lines, tmp_path) == ["src/mifeng/site/static/vendor/b.css"]


def test_every_vendored_package_is_under_a_free_licence_whose_text_is_beside_it() -> None:
    lines = [line for line in manifest() if line[1].startswith("src/mifeng/site/static/")]
    assert {licence for _digest, _path, _package, licence in lines} <= FREE
    packages = {package for _digest, path, package, _licence in lines if "/licences/" not in path}
    assert packages == {package for _digest, path, package, _licence in lines if "/licences/" in path}


def test_no_source_map_and_no_address_is_left_in_the_vendored_front_end() -> None:
    for file in STATIC.rglob("*"):
        if file.suffix in {".css", ".js"}:
            text = file.read_text()
            assert "sourceMappingURL" not in text, file.name
            assert not re.search(r"url\(\s*[\"']?https?:", text), file.name
