"""Pages of the site itself: desk, regulation, own page, search, system, start."""

from django.urls import path

from mifeng.site import (
    clock_page,
    demo_pages,
    handbook,
    health,
    home,
    job_pages,
    own_page,
    registers,
    regulation_pages,
    system,
    unseal,
)

urlpatterns = [
    path("", home.desk, name="desk"),
    path("search/", home.search, name="search"),
    path("notices/", home.notices, name="notices"),
    path("notices/seen/", home.seen, name="seen"),
    path("me/", own_page.me, name="me"),
    path("me/preferences/", own_page.preferences, name="preferences"),
    path("jobs/<str:uid>/", home.job, name="job"),
    path("clauses/", regulation_pages.clauses_list, name="clauses"),
    path("clauses/<str:clause>/", regulation_pages.clause, name="clause"),
    path("registers/", registers.index, name="registers"),
    path("registers/<str:form>/", registers.register, name="register"),
    path("labels/", registers.labels, name="labels"),
    path("papers/<str:uid>/", registers.paper, name="paper"),
    path("system/", system.doctor, name="system"),
    path("system/accounts/", system.accounts, name="accounts"),
    path("system/devices/", system.devices, name="devices"),
    path("system/clock/", clock_page.page, name="clock"),
    path("system/jobs/", job_pages.page, name="jobs"),
    path("system/jobs/<str:uid>/", job_pages.one, name="job_decide"),
    path("demo/", demo_pages.choose, name="demo"),
    path("unseal/", unseal.page, name="unseal"),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("help/", handbook.index, name="help"),
    path("help/emergency/", handbook.emergency, name="emergency"),
    path("help/<str:name>/", handbook.book, name="book"),
]
