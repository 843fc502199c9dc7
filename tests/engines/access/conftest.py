"""A PostgreSQL of the tests' own, where the machine has one."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.cluster import running


@pytest.fixture(scope="session")
def server() -> Iterator[Any]:
    """A connection to a cluster that lives as long as the run."""
    with running() as connection:
        yield connection
