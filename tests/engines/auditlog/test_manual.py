"""The examples in the package docstring and in the specification are true."""

import doctest

from mifeng.engines import auditlog

from .samples import KEY, ROOT, note


def test_the_example_of_the_manual_runs() -> None:
    failed, attempted = doctest.testmod(auditlog)
    assert failed == 0 and attempted > 0


def test_the_example_of_the_specification_is_what_the_engine_makes() -> None:
    spec = (ROOT / "docs" / "spec" / "auditlog.md").read_text(encoding="utf-8")
    entries = [
        auditlog.canonical({"v": 1, "t": 1767225600000, "act": "copies:print", "n": {"page": 1}}),
        auditlog.canonical({"v": 1, "t": 1767225600005, "act": "viewing:open_page"}),
    ]
    for number, entry in enumerate(entries):
        assert f"entry {number}   {entry.decode()}\n" in spec
        assert f"leaf {number}    {auditlog.leaf(entry).hex()}\n" in spec
        assert f"`{len(entry):04x}`, entry {number}" in spec
    assert f"root      {auditlog.root_of(map(auditlog.leaf, entries)).hex()}\n" in spec
    assert f"```\n{note(entries, 2)}```\n" in spec
    assert spec.count(KEY) == 2
