"""A demonstration house in which several requests wait for the general manager, founded in a child process.

    python -m tests.journeys.asking FOLDER

As tests.journeys.found leaves it, and besides: a wider scope at 机密, marked urgent, and two terms at 秘密 that are
to be extended. Adds "asked" to FOLDER/house.json: {"widen" | "extend-1" | "extend-2": uid of the request}.
"""

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.journeys import found

PAPERS = ("DOC-012", "DOC-013", "DOC-022")
WIDEN, EXTEND = "DOC-022", ("DOC-012", "DOC-013")


def asked(folder: Path) -> None:
    """Found the house and ask, by the deeds that people use."""
    found.found(folder, set(PAPERS))
    from mifeng.rooms.documents.models import Document  # app loading: found has loaded the rooms

    told = json.loads((folder / "house.json").read_text())
    papers = {name: Document.objects.select_related("owner", "department").get(uid=told["papers"][name]) for name in PAPERS}
    told["asked"] = {"widen": _widen(papers[WIDEN])} | {
        f"extend-{n}": _extend(papers[name]) for n, name in enumerate(EXTEND, 1)
    }  # fmt: skip
    (folder / "house.json").write_text(json.dumps(told))


def _widen(document: Any) -> str:
    from mifeng.base import clock, deeds  # app loading
    from mifeng.rooms.approvals import requests
    from mifeng.rooms.people.models import Person

    until = (clock.today() + timedelta(days=30)).isoformat()
    lines = [["person", Person.objects.get(login=login).uid, "样机联合评审", until] for login in ("tanj", "yujs")]

    def ask() -> Any:
        return requests.ask(
            matter="documents:widen_scope", item_key=document.item_key, level=document.level, applicant=document.owner,
            department=document.department, purpose="样机联合评审须请营销、信息两个部门的负责人看试验结论，评审后即收回",
            payload={"lines": lines}, number="扩密〔2026〕0001", urgent=True,
            wanted=requests.Wanted(until=clock.end_of(clock.today() + timedelta(days=30))),
        )  # fmt: skip

    return str(deeds._do("documents:widen_scope", document.owner, None, ask).uid)


def _extend(document: Any) -> str:
    from mifeng.rooms.documents import actions  # app loading
    from mifeng.rooms.documents.facts import TermFacts

    term = TermFacts("years", 9)
    return str(actions.ask_change(document.owner, document, "extend", level=document.level, term=term, reason="合同续签三年").uid)


if __name__ == "__main__":
    asked(Path(sys.argv[1]))
