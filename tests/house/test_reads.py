"""One door to the pixels, one to the log: whoever else opens renditions, rasterises or records is found here."""

import ast
from pathlib import Path

SRC = Path(__file__).parents[2] / "src"

# Who may call it -> why. Everything else that does is a way round the deeds.
RASTERISES = {"rooms/viewing/pages.py": "page_image, called after the deed is committed"}
OPENS_RENDITIONS = {
    "rooms/viewing/pages.py": "for the rasteriser, in memory",
    "rooms/documents/files.py": "for the recogniser, in a job; what it reads is sealed again",
}
WITHDRAWS = {
    "rooms/documents/files.py": "converting an original, and the rendition for the rasteriser",
    "site/verification.py": "verify opens every object and shows none",
}  # fmt: skip
RECORDS = {
    "base/deeds.py": "the wrapper",
    "base/codes.py": "reads the states that entries carry",
    "base/snapshots.py": "asks which objects an entry has named since, appends nothing",
    "rooms/people/working_calendar.py": "forgets the years of another database's house",
    "rooms/people/queries.py": "counts guesses at an account for its lock-out",
    "rooms/viewing/actions.py": "counts pages for the pace of reading",
    "rooms/oversight/actions/proving.py": "reads and proves the log, appends nothing",
    "rooms/oversight/actions/clock_words.py": "the name of a count",
    "rooms/oversight/signing.py": "reads the head for a checkpoint",
    "rooms/oversight/views.py": "shows the head",
    "site/answers.py": "knows the error of a log that cannot be written",
    "site/capability.py": "reads the head: is the log there",
    "site/health.py": "the same",
    "site/ticker.py": "verifies the log once a day",
    "site/anchor.py": "reads the head, compares it with the note outside",
    "site/start.py": "forgets what another database's log said",
    "site/unseal.py": "the same, after unsealing",
    "site/simulation/ending.py": "counts the entries once the simulated years are over",
    "site/simulation/office.py": "compares each simulated deed with its entry",
    "site/verification.py": "re-hashes the log",
}  # fmt: skip


def modules() -> dict[str, ast.Module]:
    folder = SRC / "mifeng"
    return {
        str(file.relative_to(folder)): ast.parse(file.read_text("utf-8"))
        for file in sorted(folder.rglob("*.py"))
        if "engines" not in file.relative_to(folder).parts and "migrations" not in file.parts
    }


def calling(*names: str) -> set[str]:
    """Modules that call something of one of these last names."""
    return {
        name
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in names
    }


def importing_record() -> set[str]:
    found = set()
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                froms = {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
                if "mifeng.base.record" in froms:
                    found.add(name)
    return found


def test_only_one_module_rasterises():
    asking = {"rooms/viewing/views.py", "rooms/copies/sheets.py"}
    assert calling("RasterPool", "mark_page", "page_image", "sheet_image") == set(RASTERISES) | asking
    assert calling("RasterPool", "mark_page") == set(RASTERISES)


def test_only_one_module_opens_renditions():
    assert calling("rendition") == set(OPENS_RENDITIONS)


def test_nobody_else_takes_anything_out_of_the_vault():
    assert calling("withdraw") - {"rooms/approvals/views.py"} == set(WITHDRAWS)  # there one withdraws a request


def test_only_the_deed_writes_the_log():
    assert importing_record() == set(RECORDS)
    appends = {
        name
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("record.append", "auditlog.append")
    }
    assert appends == {"base/deeds.py", "base/record.py"}
