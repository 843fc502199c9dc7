"""One house founded a session; a copy of it, a server and a browser for each module."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.browser import Browser
from tests.journeys.desk import Office
from tests.journeys.server import ROOT, Server, child_environment

# The plan, a contract, the accounts, a report, the embargoed appointments, an internal notice: enough to be hidden.
PAPERS = ("DOC-006", "DOC-012", "DOC-018", "DOC-022", "DOC-029", "DOC-040")


@pytest.fixture(scope="session")
def founded_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The house every journey starts from."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "tests.journeys.found", str(folder), *PAPERS]
    subprocess.run(command, cwd=ROOT, env=child_environment({}), check=True)
    return folder


@pytest.fixture(scope="module")
def server(founded_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of this module's own."""
    folder = tmp_path_factory.mktemp("served") / "house"
    shutil.copytree(founded_demo, folder)
    made = Server(folder)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser of this module's own, with an empty profile."""
    made = Browser(tmp_path_factory.mktemp("browser"))
    yield made
    made.close()


@pytest.fixture
def office(server: Server, browser: Browser) -> Iterator[Office]:
    """The house as people see it; whatever a journey does, no page may be blocked by its own policy."""
    browser.be_desktop()
    browser.complaints()
    yield Office(server, browser)
