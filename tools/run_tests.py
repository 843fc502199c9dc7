"""The test run behind `./mifeng test [--all] [paths, pytest options]`.

Runs pytest over tests/, counts from its own report, and closes with the line "N passed, N failed, N skipped". The exit
code is 0 only when something ran and nothing failed; a file that cannot be collected counts as failed. `--all` first
adds the parts of the system that a Debian machine lacks (as root), and fails when a test of a part listed in .ci/parts
was skipped: on the machine that decides, absent is not the same as passed.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree  # reads only the report that our own pytest has just written

ROOT = Path(__file__).resolve().parents[1]

# The browser of the journeys, the converter and its sandbox, the scanner, fonts for the converter, tools of the tests.
SYSTEM_PACKAGES = (
    "chromium", "chromium-driver", "libreoffice-writer-nogui", "bubblewrap", "clamav-daemon", "fonts-noto-cjk",
    "gettext", "poppler-utils", "postgresql",
)  # fmt: skip


# Those of these tests that stand in a house run a second time with the house in PostgreSQL (tests/conftest.py chooses).
ON_BOTH = (
    "tests/clauses", "tests/rooms", "tests/security/test_attacks.py", "tests/security/test_tampering.py",
    "tests/security/test_canary.py", "tests/security/test_kill.py", "tests/security/test_kill_uses.py",
    "tests/security/test_canary.py", "tests/security/test_probes.py", "tests/security/test_probe_walk.py",
    "tests/house/test_base.py", "tests/house/test_deeds.py", "tests/house/test_guard.py",
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What a test run came to. `skipped_parts`: parts of the machine with at least one skipped test."""

    passed: int
    failed: int
    skipped: int
    skipped_parts: frozenset[str]
    tested_parts: frozenset[str]


def read_report(report: Path, code: int) -> Outcome:
    """Count the cases of a JUnit report.

    `code` is pytest's exit code: a run that ended badly without a failed case (no test found, a wrong option, a crash)
    has failed once.
    """
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    parts: dict[str, set[str]] = {"passed": set(), "failed": set(), "skipped": set()}
    for case in cases(report):
        faulty = case.find("failure") is not None or case.find("error") is not None
        result = "failed" if faulty else "skipped" if case.find("skipped") is not None else "passed"
        counts[result] += 1
        parts[result] |= {p.get("value", "") for p in case.iter("property") if p.get("name") == "part"}
    if code and not counts["failed"]:
        counts["failed"] = 1
    tested = frozenset(parts["passed"] | parts["failed"] | parts["skipped"])
    return Outcome(**counts, skipped_parts=frozenset(parts["skipped"]), tested_parts=tested)


def cases(report: Path) -> list[ElementTree.Element]:
    """The test cases of a report; none when the run never came to write it."""
    try:
        return list(ElementTree.parse(report).iter("testcase"))  # noqa: S314 - see the import
    except (OSError, ElementTree.ParseError):
        return []


def listed_parts() -> list[str]:
    """The parts that --all may not do without: one a line in .ci/parts. The list may only grow."""
    lines = (ROOT / ".ci" / "parts").read_text("utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def processes(arguments: list[str], everything: bool) -> str:
    """How many test processes: what the environment says; else two for the whole suite, and this one for a part."""
    whole = everything or not any((ROOT / argument.split("::")[0]).exists() for argument in arguments)
    return os.environ.get("MIFENG_TEST_PROCESSES") or ("2" if whole else "0")


def pytest(arguments: list[str], everything: bool, database: str = "") -> tuple[Outcome, int]:
    """Run pytest from the root; files stay whole in one process, so a module may own a port or a folder."""
    spread = processes(arguments, everything)
    env = {**os.environ, **({"MIFENG_TEST_ALL": "1"} if everything else {})}
    env |= {"MIFENG_TEST_DATABASE": database} if database else {}
    with tempfile.TemporaryDirectory(prefix="mifeng-test-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junit-xml={report}"]
        # Files in the order of the collection, the long ones first (tests/conftest.py): else one process waits for the last.
        command += ["-n", spread, "--dist", "loadfile", "--no-loadscope-reorder"] if spread not in ("0", "1") else []
        code = subprocess.run([*command, *arguments], cwd=ROOT, env=env, check=False).returncode
        return read_report(report, code), code


def lacking_packages() -> list[str]:
    """Which of SYSTEM_PACKAGES this Debian lacks."""

    def installed(package: str) -> bool:
        question = ["dpkg-query", "-W", "-f", "${Status}", package]
        return subprocess.run(question, capture_output=True, text=True, check=False).stdout == "install ok installed"

    return [package for package in SYSTEM_PACKAGES if not installed(package)]


def install_system_packages() -> bool:
    """Add what the machine lacks, when it is a Debian and we are root; whether nothing went wrong.

    Elsewhere the tests of an absent part are skipped under its name, and the list in .ci/parts decides.
    """
    if not shutil.which("apt-get"):
        say("没有 apt-get,系统部件须自行安装。 No apt-get here: the parts of the system are yours to install.")
        return True
    lacking = lacking_packages()
    if lacking and os.geteuid() != 0:
        say(f"须由 root 安装。 Only root can do this: apt-get install {' '.join(lacking)}")
        return True
    return not lacking or (apt(["update"]) and apt(["install", "-y", "--no-install-recommends", *lacking]))


def apt(step: list[str]) -> bool:
    """One apt-get step; its words are shown only when it fails."""
    say(f"apt-get {' '.join(step)}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["apt-get", "-qq", *step], env=env, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        say(done.stdout[-2000:] + done.stderr[-2000:])
    return done.returncode == 0


def say(text: str) -> None:
    """A line to the person at the terminal, apart from the result."""
    print(text, file=sys.stderr, flush=True)


def has_paths(arguments: list[str]) -> bool:
    """Whether some tests were named, and so not the whole suite is asked for."""
    return any((ROOT / argument.split("::")[0]).exists() for argument in arguments)


def has_server() -> bool:
    """PostgreSQL's server programs and the tests' way to start them."""
    programs = shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return bool(programs) and (ROOT / "tests" / "cluster.py").exists()


def both(first: Outcome, second: Outcome) -> Outcome:
    """Two runs as one."""
    return Outcome(
        first.passed + second.passed, first.failed + second.failed, first.skipped + second.skipped,
        first.skipped_parts | second.skipped_parts, first.tested_parts | second.tested_parts,
    )  # fmt: skip


def missing_parts(outcome: Outcome) -> list[str]:
    """The listed parts that were skipped; names those too that no test of this run knows."""
    for part in listed_parts():
        if part in outcome.skipped_parts:
            print(f"缺少部件 {part},它的测试被跳过。 Part {part} of .ci/parts was skipped.")
        elif part not in outcome.tested_parts:
            print(f"本次没有部件 {part} 的测试。 No test of this run names the part {part}.")
    return [part for part in listed_parts() if part in outcome.skipped_parts]


def main(arguments: list[str]) -> int:
    """Exit code 0 when all is well, 1 when a test or a part failed, 3 when a part could not be installed."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # so that the folder is removed, too
    everything = "--all" in arguments
    arguments = [argument for argument in arguments if argument != "--all"]
    if everything and not install_system_packages():
        print("0 passed, 1 failed, 0 skipped")
        return 3
    outcome, code = pytest(arguments, everything)
    if everything and not has_paths(arguments) and has_server():
        say("第二遍:数据放在 PostgreSQL。 The second pass: with the houses in PostgreSQL.")
        again, code_again = pytest([*arguments, *ON_BOTH], everything, "postgresql")
        outcome, code = both(outcome, again), code or code_again
    missing = missing_parts(outcome) if everything else []
    failed = outcome.failed + len(missing)
    print(f"{outcome.passed} passed, {failed} failed, {outcome.skipped} skipped", flush=True)
    return 1 if failed or code else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
