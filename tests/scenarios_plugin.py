"""build/scenarios.json: which numbered sentences of the regulation the last whole run has shown.

    @pytest.mark.scenario("M2.1/2")

Written only by a complete run (no path, no selection, nothing interrupted), so that a clause is never called kept on
the strength of a part. Shape:
    {"tree": "<hash of the sources>", "scenarios": {"M2.1/2": {"outcome": "passed", "tests": ["tests/…::test_…"]}}}
`tree` is null as long as the evidence module is absent; the outcome is the worst of the tests: failed, skipped, passed.
"""

import json
from pathlib import Path

import pytest

WORST_FIRST = ("failed", "skipped", "passed")
SELECTING = ("keyword", "markexpr", "deselect", "lf", "last_failed", "ignore", "ignore_glob", "stepwise", "collectonly")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        marks = item.iter_markers("scenario")
        item.user_properties.extend(("scenario", str(number)) for mark in marks for number in mark.args)


class Scenarios:
    """Gathers the reports of a run; with several processes this is the one that hears them all."""

    def __init__(self, config: pytest.Config) -> None:
        self.file = config.rootpath / "build" / "scenarios.json"
        self.complete = is_complete(config)
        self.seen: dict[str, dict[str, str]] = {}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self.complete = self.complete and not report.failed

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name, number in report.user_properties:
            if name == "scenario":
                tests = self.seen.setdefault(str(number), {})
                tests[report.nodeid] = worst(tests.get(report.nodeid, "passed"), report.outcome)

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        if self.complete and exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            write(self.file, self.seen)


def worst(*outcomes: str) -> str:
    return min(outcomes, key=WORST_FIRST.index)


def is_complete(config: pytest.Config) -> bool:
    """Whether this run was asked to do everything."""
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return whole and not config.option.maxfail and not any(getattr(config.option, name, None) for name in SELECTING)


def write(file: Path, seen: dict[str, dict[str, str]]) -> None:
    """Written aside and renamed: whoever reads meanwhile finds the old one or the new one."""
    scenarios = {
        number: {"outcome": worst(*tests.values()), "tests": sorted(tests)} for number, tests in sorted(seen.items())
    }
    file.parent.mkdir(exist_ok=True)
    aside = file.with_suffix(".new")
    aside.write_text(json.dumps({"tree": tree_hash(), "scenarios": scenarios}, ensure_ascii=False, indent=1), "utf-8")
    aside.replace(file)


def tree_hash() -> str | None:
    """The hash by which `mifeng clauses` recognises the tree that was tested."""
    try:
        from mifeng.clauses import evidence  # optional dependency: engines are tested before the clauses stand
    except ImportError:
        return None
    return str(evidence.tree_hash())


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # the processes of pytest-xdist report to the one that started them
        config.pluginmanager.register(Scenarios(config), "scenarios")
