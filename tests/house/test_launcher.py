"""The launcher on a bare machine: refuses in words, installs wholly or anew, and leaves no process behind.

Each test stands in an empty folder with the launcher, the pip wheel, empty locks and a small package `mifeng`: so
nothing is fetched, and everything else is real.
"""

import ast
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAUNCHER = ROOT / "mifeng"
INSTALLING = "Installing the dependencies"

# The fake `mifeng up`: a server that will not hear TERM when told so, and a helper that left the process group.
VERBS = """
import signal, subprocess, sys, time
verb, *rest = sys.argv[1:]
if verb == "up":
    if "deaf" in rest:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    print("ready", helper.pid, flush=True)
    time.sleep(60)
print(verb, *rest, sys.prefix != sys.base_prefix, __file__)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty house: launcher, installer, locks without a line, a package with one file."""
    house = tmp_path / "house"
    (house / "vendor").mkdir(parents=True)
    (house / "src" / "mifeng").mkdir(parents=True)
    (house / "src" / "mifeng" / "__main__.py").write_text(VERBS, "utf-8")
    shutil.copy(LAUNCHER, house)
    for wheel in (ROOT / "vendor").glob("pip-*.whl"):
        shutil.copy(wheel, house / "vendor")
    for lock in ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock", "requirements-ocr.lock"):
        (house / lock).write_text("# nothing\n", "utf-8")
    return house


def start(house: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(house / "mifeng"), *words], capture_output=True, text=True, timeout=60, check=False
    )


def up(house: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, str(house / "mifeng"), "up", *words], stdout=subprocess.PIPE, text=True)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_help_needs_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    shutil.copy(LAUNCHER, tmp_path)
    done = start(tmp_path, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "./mifeng up" in done.stdout
    assert "./mifeng test" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["mifeng"]


def test_the_launcher_may_be_executed() -> None:
    assert os.access(LAUNCHER, os.X_OK)
    assert LAUNCHER.read_text("utf-8").splitlines()[0] == "#!/usr/bin/env python3"


def test_an_older_python_is_refused_in_one_line() -> None:
    pretend = "import runpy, sys; sys.version_info = (3, 10, 9); runpy.run_path(sys.argv[1], run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", pretend, str(LAUNCHER)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.splitlines() == [
        "密封需要 Python 3.11 或更新的版本,现在是 3.10.9。 Mifeng needs Python 3.11 or newer; this is 3.10.9."
    ]


def test_an_older_python_can_read_the_launcher_as_far_as_the_refusal() -> None:
    ast.parse(LAUNCHER.read_text("utf-8"), feature_version=(3, 7))


@pytest.mark.parametrize("change", ["another file", "absent"])
def test_an_installer_with_another_hash_stops_before_anything_is_made(folder: Path, change: str) -> None:
    [wheel] = (folder / "vendor").iterdir()
    if change == "absent":
        wheel.unlink()
    else:
        wheel.write_bytes(wheel.read_bytes() + b"\0")
    done = start(folder, "doctor")
    assert (done.returncode, done.stdout) == (3, "")
    assert "is not the file this launcher knows" in done.stderr
    assert not (folder / ".venv").exists()


def test_the_committed_installer_is_the_one_the_launcher_knows() -> None:
    [wheel] = (ROOT / "vendor").glob("pip-*.whl")
    text = LAUNCHER.read_text("utf-8")
    assert f'PIP = "{wheel.name}"' in text
    assert f'PIP_SHA256 = "{hashlib.sha256(wheel.read_bytes()).hexdigest()}"' in text


def test_any_other_verb_reaches_the_package_with_its_words(folder: Path) -> None:
    done = start(folder, "clauses", "M2.1", "--json")
    assert done.stdout.split() == ["clauses", "M2.1", "--json", "True", str(folder / "src" / "mifeng" / "__main__.py")]
    assert INSTALLING in done.stderr


def test_the_second_start_installs_nothing(folder: Path) -> None:
    start(folder, "doctor")
    assert INSTALLING not in start(folder, "doctor").stderr


def test_an_installation_that_was_killed_is_made_anew(folder: Path) -> None:
    start(folder, "doctor")
    (folder / ".venv" / "mifeng.stamp").unlink()
    (folder / ".venv" / "half a package").touch()
    done = start(folder, "doctor")
    assert INSTALLING in done.stderr
    assert done.stdout.startswith("doctor")
    assert not (folder / ".venv" / "half a package").exists()


def test_a_failing_installation_leaves_no_stamp_and_says_so(folder: Path) -> None:
    (folder / "wheels").mkdir()
    (folder / "requirements.lock").write_text("mifeng-absent==1.0 --hash=sha256:" + "0" * 64 + "\n", "utf-8")
    done = start(folder, "doctor")
    assert (done.returncode, done.stdout) == (3, "")
    assert "run the same command again" in done.stderr
    assert not (folder / ".venv" / "mifeng.stamp").exists()


def test_a_changed_lock_is_installed_over_what_stands(folder: Path) -> None:
    start(folder, "doctor")
    (folder / ".venv" / "kept").touch()
    (folder / "requirements.lock").write_text("# still nothing\n", "utf-8")
    assert INSTALLING in start(folder, "doctor").stderr
    assert (folder / ".venv" / "kept").exists()
    assert INSTALLING not in start(folder, "doctor").stderr


def test_what_was_added_is_kept_up_to_date_by_every_verb_and_nobody_gets_it_unasked(folder: Path) -> None:
    extra = folder / "requirements-ocr.lock"
    start(folder, "doctor")
    extra.write_text("# another nothing\n", "utf-8")
    assert INSTALLING not in start(folder, "doctor").stderr
    assert INSTALLING in start(folder, "add", "ocr").stderr
    assert INSTALLING not in start(folder, "add", "ocr").stderr
    extra.write_text("# a third nothing\n", "utf-8")
    assert INSTALLING in start(folder, "doctor").stderr
    assert INSTALLING not in start(folder, "doctor").stderr


@pytest.mark.parametrize("words", [(), ("ocr", "ocr"), ("requirements",)])
def test_only_what_there_is_can_be_added(folder: Path, words: tuple[str, ...]) -> None:
    done = start(folder, "add", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "(ocr)" in done.stderr
    assert not (folder / ".venv").exists()


def test_a_house_that_was_moved_does_not_run_the_code_of_its_old_place(folder: Path) -> None:
    start(folder, "doctor")
    moved = folder.with_name("moved")
    shutil.copytree(folder, moved, symlinks=True)
    done = start(moved, "doctor")
    assert INSTALLING in done.stderr
    assert done.stdout.split()[-1] == str(moved / "src" / "mifeng" / "__main__.py")


@pytest.mark.parametrize(
    ("way", "number"),
    [("polite", signal.SIGTERM), ("polite", signal.SIGINT), ("polite", signal.SIGHUP), ("deaf", signal.SIGTERM)],
)
def test_up_ends_within_five_seconds_and_leaves_nothing_running(folder: Path, way: str, number: int) -> None:
    start(folder, "doctor")
    with up(folder, way) as launcher:
        word, helper = launcher.stdout.readline().split()
        assert (word, alive(int(helper))) == ("ready", True)
        asked = time.monotonic()
        launcher.send_signal(number)
        launcher.wait(10)
    assert time.monotonic() - asked < 5
    assert not alive(int(helper))


def test_a_killed_launcher_takes_the_house_with_it(folder: Path) -> None:
    start(folder, "doctor")
    package = folder / "src" / "mifeng" / "__main__.py"
    package.write_text("import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)\n", "utf-8")
    with up(folder) as launcher:
        house = int(launcher.stdout.readline())
        launcher.kill()
    patience = time.monotonic() + 5
    while alive(house) and time.monotonic() < patience:
        time.sleep(0.02)
    assert not alive(house)
