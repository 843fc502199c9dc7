"""What every test stands on: a house of its own in a temporary folder, named before Django can be loaded.

Django itself is set up only by the fixtures of tests/house_fixtures.py, so the tests of the engines need none.
"""

import importlib.util
import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

# Of several test processes each has a house inside the folder of the one that started them, which removes them all.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
HOUSE = Path(os.environ["MIFENG_HOME"]).parent / WORKER if WORKER else Path(tempfile.mkdtemp(prefix="mifeng-house-"))

# Whatever the person at the terminal has set for his own house must not reach a test: papers and keys lie elsewhere.
KEPT = {
    "MIFENG_TEST_ALL", "MIFENG_TEST_WHOLE", "MIFENG_TEST_STATEMENTS", "MIFENG_TEST_PROCESSES", "MIFENG_TEST_DATABASE",
    "MIFENG_TEST_CLUSTER",
}  # fmt: skip
for name in [name for name in os.environ if name.startswith("MIFENG_") and name not in KEPT]:
    del os.environ[name]
os.environ.update(
    DJANGO_SETTINGS_MODULE="mifeng.site.settings",
    MIFENG_HOME=str(HOUSE / "var"),
    MIFENG_KEYSTORE=str(HOUSE / "var-keys"),
    MIFENG_FAST_DISK="1",  # no test outlives a power cut
)

from tests import cluster  # noqa: E402  # after the settings of the terminal are gone

CLUSTER = None
if cluster.POSTGRESQL:
    if "MIFENG_TEST_CLUSTER" not in os.environ:
        CLUSTER = cluster.Cluster()
        os.environ["MIFENG_TEST_CLUSTER"] = str(CLUSTER.folder)
    os.environ["MIFENG_DATABASE_URL"] = cluster.url("postgres")

pytest_plugins = ["tests.parts_plugin", "tests.scenarios_plugin"]
if importlib.util.find_spec("tests.house_fixtures"):
    pytest_plugins.extend(["tests.house_fixtures", "tests.antivirus"])


# Files whose few tests take minutes. Several processes begin with them: a long file begun last keeps one of them waiting.
LONG = (
    "tests/site/test_simulation.py", "tests/house/test_switch_off.py", "tests/security/test_probe_walk.py",
    "tests/security/test_kill_uses.py", "tests/security/test_kill.py", "tests/security/test_job_deaths.py",
    "tests/rooms/copies/test_invariants.py", "tests/security/test_canary.py", "tests/security/test_cut.py",
    "tests/security/test_probes.py", "tests/site/test_up.py", "tests/journeys/",
)  # fmt: skip


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    """The long files first. The pass on PostgreSQL is for tests that stand in a house: the others would do the same again."""
    sizes = Counter(item.nodeid.split("::")[0] for item in items)
    items.sort(key=lambda item: _turn(item.nodeid.split("::")[0], sizes))
    if not cluster.POSTGRESQL:
        return
    kept = [item for item in items if {"house", "worlds"} & set(item.fixturenames)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def _turn(file: str, sizes: Counter[str]) -> tuple[int, int, str]:
    """When the tests of this file have their turn: the long ones, then the file with the most tests."""
    long = next((place for place, name in enumerate(LONG) if file.startswith(name)), len(LONG))
    return long, -sizes[file], file


def pytest_runtest_setup(item: Any) -> None:
    mark = item.get_closest_marker("sqlite_only")
    if mark and cluster.POSTGRESQL:
        pytest.skip(f"sqlite only: {mark.args[0]}")


def pytest_unconfigure() -> None:
    if CLUSTER:
        CLUSTER.stop()
    if not WORKER:
        shutil.rmtree(HOUSE, ignore_errors=True)
