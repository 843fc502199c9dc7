"""No file of the repository names a folder of somebody's machine or the host of a registry."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Put together from halves, so that this file does not hold what it looks for.
FOLDERS = r"(?<![\w.~-])/(?:wo" + r"rk/(?:main|sha" + r"red|steer" + r"ing)|ro" + r"ot/|ho" + r"me/\w|Us" + r"ers/\w)"
HOSTS = (
    "py" + "pi.org", "files.python" + "hosted", "registry.np" + "mjs", "npm" + "mirror", "deb.de" + "bian.org",
    "security.de" + "bian.org", "archive.ub" + "untu.com", "pkg.go" + ".dev", "proxy.golang" + ".org", "crates" + ".io",
    "mirrors.ali" + "yun", "tuna.tsing" + "hua",
)  # fmt: skip
OPTION = "--(?:extra-)?" + "index-url"
FORBIDDEN = re.compile("|".join([FOLDERS, OPTION, *map(re.escape, HOSTS)]))
BINARY = {".whl", ".ttf", ".png", ".jpg", ".pdf", ".docx", ".xlsx", ".npz", ".mo"}


def files() -> list[Path]:
    """The files of the repository; without git, everything that git would not ignore by the names below."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        left_out = {".venv", ".git", "build", "var", "var-keys", "wheels", "__pycache__", ".hypothesis", ".ruff_cache"}
        found = [path for path in ROOT.rglob("*") if not left_out & set(path.relative_to(ROOT).parts)]
    return [path for path in found if path.is_file() and path.suffix not in BINARY]


def hits(text: str) -> list[str]:
    return [match[0] for match in FORBIDDEN.finditer(text)]


def test_no_file_names_a_machine_or_a_registry() -> None:
    read = files()
    assert len(read) > 50
    found = {str(path.relative_to(ROOT)): hits(path.read_text("utf-8", "replace")) for path in read}
    assert {path: words for path, words in found.items() if words} == {}


@pytest.mark.parametrize(
    "text",
    [
        "cd /wo" + "rk/main",
        'open("/ro' + 'ot/x")',
        "see /ho" + "me/anna/notes",
        "https://py" + "pi.org/simple",
        "pip --" + "index-url x",
        '"resolved": ' + '"https://registry.np' + 'mjs.org/a.tgz"',
    ],
)
def test_such_a_word_would_be_seen(text: str) -> None:
    assert hits(text) != []


@pytest.mark.parametrize("text", ["homework/main", "/var/lib", "/people/ro" + "ot/", "~/work/x", "--no-emit-index-url"])
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert hits(text) == []
