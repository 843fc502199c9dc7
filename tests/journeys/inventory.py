"""Every address of the house: where a page of it can be opened, or why it is none."""

from typing import Any

# Pattern of the address table -> an address to open; {doc}, {embargoed}, {person} and {request} are put in.
PLACES = {
    "": "/", "search/": "/search/", "notices/": "/notices/", "me/": "/me/", "clauses/": "/clauses/",
    "clauses/<str:clause>/": "/clauses/P1.1/", "registers/": "/registers/", "registers/<str:form>/": "/registers/F08/",
    "system/": "/system/", "system/accounts/": "/system/accounts/", "system/devices/": "/system/devices/",
    "system/clock/": "/system/clock/", "system/jobs/": "/system/jobs/", "help/": "/help/", "help/<str:name>/": "/help/clerk/",
    "help/emergency/": "/help/emergency/", "demo/": "/demo/", "account/login/": "/account/login/?form=1",
    "account/password/": "/account/password/", "account/second-factor/": "/account/second-factor/",
    "account/invitation/": "/account/invitation/", "people/": "/people/",
    "people/appointments/": "/people/appointments/", "people/calendar/": "/people/calendar/",
    "people/findings/": "/people/findings/",
    "approvals/delegations/": "/approvals/delegations/", "people/<str:uid>/": "/people/{person}/",
    "approvals/": "/approvals/",
    "approvals/table/": "/approvals/table/", "approvals/table/versions/": "/approvals/table/versions/",
    "approvals/<str:uid>/": "/approvals/{request}/", "training/": "/training/",
    "training/pledges/": "/training/pledges/", "training/self-check/": "/training/self-check/",
    "training/self-checks/": "/training/self-checks/", "documents/": "/documents/", "documents/new/": "/documents/new/",
    "documents/batch/": "/documents/batch/", "documents/terms/": "/documents/terms/",
    "documents/standing/": "/documents/standing/", "documents/scheme/": "/documents/scheme/",
    "documents/catalogue/": "/documents/catalogue/", "documents/<str:uid>/": "/documents/{doc}/",
    "documents/<str:uid>/classify/": "/documents/{doc}/classify/",
    "documents/<str:uid>/change/": "/documents/{doc}/change/",
    "documents/<str:uid>/scope/": "/documents/{doc}/scope/", "documents/<str:uid>/who/": "/documents/{doc}/who/",
    "documents/<str:uid>/guard/": "/documents/{doc}/guard/", "documents/custody/": "/documents/custody/",
    "documents/openings/of/<str:uid>/": "/documents/openings/of/{person}/",
    "documents/knowledge/<str:uid>/": "/documents/knowledge/{person}/",
    "documents/<str:uid>/correct/": "/documents/{doc}/correct/", "documents/<str:uid>/told/": "/documents/{doc}/told/",
    "copies/": "/copies/", "copies/incidents/": "/copies/incidents/", "copies/import/": "/copies/import/",
    "copies/counts/": "/copies/counts/", "copies/destructions/": "/copies/destructions/",
    "copies/scan/": "/copies/scan/", "copies/places/": "/copies/places/", "copies/desks/": "/copies/desks/",
    "circulation/receipts/": "/circulation/receipts/",
    "circulation/receipts/new/": "/circulation/receipts/new/",
    "circulation/slips/": "/circulation/slips/", "circulation/loans/": "/circulation/loans/",
    "circulation/dispatches/": "/circulation/dispatches/", "circulation/filings/": "/circulation/filings/",
    "circulation/slips/new/<str:uid>/": "/circulation/slips/new/{doc}/",
    "circulation/loans/new/<str:uid>/": "/circulation/loans/new/{doc}/",
    "copies/jobs/": "/copies/jobs/",
    "copies/reproduce/<str:uid>/": "/copies/reproduce/{doc}/", "copies/carry-out/<str:uid>/": "/copies/carry-out/{doc}/",
    "copies/excerpt/<str:uid>/": "/copies/excerpt/{doc}/",
    "read/<str:uid>/": "/read/{doc}/", "oversight/": "/oversight/", "oversight/log/<int:seq>/": "/oversight/log/3/",
    "oversight/proofs/": "/oversight/proofs/",
}  # fmt: skip

NO_PAGES = {
    "answers to scripts": {"documents/new/proposal/", "documents/uploads/", "people/find/",
    "read/<str:uid>/ticket/<int:page>/"},
    "a picture": {"read/<str:uid>/page/<str:token>/"},
    "a file": {"oversight/proofs/bundle/", "papers/<str:uid>/", "labels/"},
    "deeds, by POST only": {
        "account/sign-out/", "account/lock/", "account/language/", "me/preferences/", "notices/seen/", "people/new/",
        "people/<str:uid>/deed/", "documents/custody/<str:uid>/", "read/<str:uid>/acknowledge/", "training/tests/",
        "copies/counts/<str:uid>/scan/",
        "copies/<str:uid>/deed/", "copies/jobs/<str:uid>/deed/", "copies/trips/<str:uid>/deed/",
        "training/issue/", "approvals/<str:uid>/withdraw/", "approvals/<str:uid>/revoke/",
        "approvals/several/", "approvals/delegations/<str:uid>/end/", "approvals/table/versions/<str:uid>/",
        "documents/scheme/<str:uid>/",
    },
    "probes": {"health/live", "health/ready"},
    "only there at a certain moment, seen by other journeys": {
        "copies/<str:uid>/", "copies/sign/<str:uid>/", "copies/import/<str:uid>/",
        "copies/places/<str:uid>/",
        "copies/counts/<str:uid>/",
        "circulation/receipts/<str:uid>/", "circulation/dispatches/<str:uid>/", "circulation/dispatches/new/<str:uid>/",
        "circulation/parcels/<str:uid>/",
        "circulation/slips/<str:uid>/", "circulation/loans/<str:uid>/", "circulation/filings/<str:uid>/",
        "copies/destructions/<str:uid>/",
        "copies/jobs/<str:uid>/", "copies/trips/<str:uid>/", "copies/excerpts/<str:uid>/",
        "jobs/<str:uid>/", "system/jobs/<str:uid>/", "unseal/", "account/locked/", "documents/openings/<str:uid>/",
    },
}  # fmt: skip


def patterns() -> list[str]:
    """Every address of the table, as Django writes it."""
    from django.urls import get_resolver  # app loading

    def below(resolver: Any, prefix: str) -> list[str]:
        found = []
        for entry in resolver.url_patterns:
            here = prefix + str(entry.pattern)
            found += below(entry, here) if hasattr(entry, "url_patterns") else [here]
        return found

    return below(get_resolver(), "")
