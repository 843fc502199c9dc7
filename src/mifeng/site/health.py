"""Liveness without database; readiness with everything a request needs."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from mifeng.base import jobs, record, vault


def live(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"live": True})


def ready(request: HttpRequest) -> JsonResponse:
    """Migrations applied, vault open, log head readable; 503 with what is missing."""
    found = {"database": _database(), "vault": vault.is_open(), "log": False}
    if found["database"]:
        found["log"] = record.TABLES.head().size > 0
    # Jobs that stand still take no request away: told, not counted. In one word, the fault stands in the process's log.
    return JsonResponse(
        {"ready": all(found.values()), **found, "jobs": not jobs.pulse.fault}, status=200 if all(found.values()) else 503
    )


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM people_company")
            return cursor.fetchone()[0] == 1
    except DatabaseError:
        return False
