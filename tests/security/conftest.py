"""The worlds of the probes, built once a module and renewed before each probe."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mifeng.base import clock
from tests.house_fixtures import START
from tests.security import probing


@pytest.fixture(scope="module")
def parted(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[probing.Worlds]:
    """The worlds, as they were built."""
    with clock.played(START):
        found = probing.built(founded, tmp_path_factory.mktemp)
        yield found
        found.drop()


@pytest.fixture
def worlds(parted: probing.Worlds) -> probing.Worlds:
    """The worlds as they were built, whatever the probe before did; in the one in which everything is hidden."""
    parted.renew()
    parted.enter("hidden")
    return parted
