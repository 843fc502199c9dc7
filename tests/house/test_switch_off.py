"""No rule is decoration: set to allow, then to deny, each makes a scenario of its clause fail.

The work is done by tests/house/switching.py in one process of its own; it takes more than a minute, so it belongs to
`./mifeng test --all`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

# Switches that nothing notices yet, each with the reason; a line that is no longer true must go.
UNNOTICED = {
    "deny-stale": "no sentence of I6.2 speaks of the second factor; test_i6_2_a_stale_second_factor shows the row",
    "deny-wall": "no sentence of P1.1 speaks of two sides; test_p1_1_whoever_read_one_bidder_s_paper shows the row",
    "permit-grant-read": "no approval grants a single showing yet: D2 is kept by a scope with a last day",
}  # fmt: skip
# Rows of clauses whose rooms are still to be built: no sentence of theirs has a test. Shrinks with every room.
WITHOUT_SCENARIO = {
    "deny-left", "deny-dead", "deny-frozen", "deny-custody", "deny-training", "deny-custody-facts", "permit-opening",
    "permit-custody", "permit-out",
}  # fmt: skip


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What the other process found, switch by switch."""
    told = tmp_path_factory.mktemp("switching") / "findings.json"
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "tests.house.switching",
        "--switching-to", str(told), "tests/clauses",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1200, check=False)
    assert told.exists(), done.stdout[-2000:] + done.stderr[-2000:]
    return json.loads(told.read_text())


ALL = pytest.mark.skipif(os.environ.get("MIFENG_TEST_ALL") != "1", reason="takes more than a minute: ./mifeng test --all")


@ALL
def test_every_rule_switched_to_every_answer_makes_a_scenario_of_its_clause_fail(findings):
    unnoticed = {found["rule"] for found in findings if found["noticed"] == ""}
    unshown = {found["rule"] for found in findings if found["noticed"] is None}
    assert unnoticed | unshown == set(UNNOTICED) | WITHOUT_SCENARIO, sorted(
        (found["rule"], found["to"]) for found in findings if not found["noticed"] and found["rule"] not in UNNOTICED
    )
    assert {name for name in unshown if name.startswith("mifeng.")} == set()


@ALL
def test_every_rule_and_every_row_was_switched(findings, django_house):
    from mifeng.base import room
    from mifeng.clauses import enforcing
    from mifeng.engines import access

    room.rooms()  # every room's rules are loaded
    rows = {row.id for row in access.explain() if row.effect != "default"}
    assert {found["rule"] for found in findings} == set(enforcing.RULES) | rows
    assert len(findings) > 2 * len(rows)
