"""Peers over the same table in the same database: Django's admin and a bare list view. They decide, verify, open, record nothing.

The admin runs in a process of its own, for it has settings of its own: `peers.py` with the house's environment prints JSON.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

REPEATED = 15
LIST = """<!doctype html><html><body><table>
{% for copy in copies %}<tr><td>{{ copy.code }}</td><td>{{ copy.n }}</td><td>{{ copy.state }}</td>
<td>{{ copy.custodian.name }}</td><td>{{ copy.holder.name }}</td><td>{{ copy.place.code }}</td><td>{{ copy.pages }}</td>
<td>{{ copy.due_at }}</td><td>{{ copy.document.level }}</td></tr>{% endfor %}</table></body></html>"""


def rows(ours: float) -> list[Any]:
    """What the peers take for 50 rows of copies, beside `ours` (ms CPU of /copies/)."""
    from lines import Row

    said = subprocess.run([sys.executable, __file__], capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": _paths()})
    told = json.loads(said.stdout.splitlines()[-1])
    note = "50 rows of the same table; ours opens, decides, verifies, records"
    return [
        Row(f"/copies/ beside {name}", round(ours, 1), "ms CPU", None, None, f"{peer:.1f} ms, ours {ours / peer:.1f}x; {note}", peer=name,
            peer_value=round(peer, 2), ratio=round(ours / peer, 2))
        for name, peer in told.items()
    ]  # fmt: skip


def _paths() -> str:
    here = Path(__file__).resolve().parents[1]
    return os.pathsep.join(map(str, (here, here.parent, here.parent / "src")))


def measured() -> dict[str, float]:
    """Median CPU milliseconds of the two, in turn."""
    from django.conf import settings
    from django.template import engines
    from django.test import RequestFactory

    from mifeng.rooms.copies.models import Copy
    from tests.cast import LOGINS

    request, page = RequestFactory().get("/copies/"), _changelist(Copy)
    template = engines["django"].from_string(LIST)

    def bare() -> None:
        kept = Copy.objects.filter(custodian__login=LOGINS["clerk"])
        found = kept.select_related("document", "custodian", "holder", "place").order_by("pk")
        template.render({"copies": list(found[:50]), "total": found.count()}, request)

    assert settings.USE_TZ
    return {"a bare list view": _median(bare), "the change list of Django's admin": _median(page)}


def _changelist(model: Any) -> Callable[[], None]:
    from django.contrib import admin
    from django.contrib.auth.models import User
    from django.test import RequestFactory

    shown = ("code", "n", "state", "custodian_id", "holder_id", "place_id", "pages", "due_at", "document_id")
    made = type("Copies", (admin.ModelAdmin,), {"list_display": shown, "list_select_related": True, "list_per_page": 50})
    admin.site.register(model, made)
    site = admin.site.get_model_admin(model)

    def page() -> None:
        request = RequestFactory().get("/admin/")
        request.user = User(is_superuser=True, is_staff=True, is_active=True, username="bench")
        site.changelist_view(request).render()

    return page


def _median(act: Callable[[], None]) -> float:
    act()
    taken = []
    for _ in range(REPEATED):
        start = time.process_time()
        act()
        taken.append((time.process_time() - start) * 1e3)
    return statistics.median(taken)


def main() -> None:
    """With the admin's own applications added; nothing of theirs is asked of the database."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "filled.peer_settings"
    import django

    django.setup()
    print(json.dumps(measured()))


if __name__ == "__main__":
    main()
