"""/system/jobs/: jobs that were given up, decided by the system administrator; a page of the machine that tells of no item."""

from datetime import timedelta
from typing import Any

import pytest

from mifeng.base import clock, jobs, room
from mifeng.base.models import Job
from mifeng.base.refusals import NotThere
from mifeng.rooms.documents import actions
from mifeng.site import capability, job_pages
from tests import factories

State = Job.State


def dead_job(kind: str = "documents:convert", **told: Any) -> Job:
    row: dict[str, Any] = {
        "kind": kind, "subject": "a" * 32, "dedupe": f"{kind}{Job.objects.count()}", "run_at": clock.now(), "state": State.DEAD,
        "attempts": 5, "last_error_class": "Unreadable", "ended_at": clock.now(),
    }  # fmt: skip
    return Job.objects.create(**(row | told))


def of(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def test_m1_2_a_job_that_failed_is_tried_again_by_the_system_administrator_with_a_reason(house, cast):
    job = dead_job()
    client = house.open_page_as(cast.sysadmin)
    assert "Unreadable" in client.get("/system/jobs/").content.decode()
    address = f"/system/jobs/{job.uid}/"
    assert client.post(address, {"do": "again", "reason": ""}).context["form"].errors
    assert of(job).state == State.DEAD
    assert client.post(address, {"do": "again", "reason": "部件已装好"}).status_code == 302
    assert (of(job).state, of(job).attempts, of(job).ended_at) == (State.DUE, 0, None)
    entry = house.last()
    assert (entry["act"], entry["out"], entry["actor"]) == ("site:retry_job", "allowed", cast.sysadmin.uid)
    assert "部件已装好" not in str(entry)  # sealed with the entry
    assert jobs.run_all() == 1 and of(job).state == State.DONE


def test_m1_2_giving_up_is_confirmed_and_ends_the_job(house, cast):
    job = dead_job()
    client, address = house.open_page_as(cast.sysadmin), f"/system/jobs/{job.uid}/"
    assert client.post(address, {"do": "drop", "reason": "文件已换"}).context["form"].errors["sure"]
    assert of(job).state == State.DEAD
    assert client.post(address, {"do": "drop", "reason": "文件已换", "sure": "on"}).status_code == 302
    assert of(job).state == State.DROPPED and house.last()["act"] == "site:drop_job"
    assert client.get(address).status_code == 404
    with house.at(timedelta(days=1)):
        assert jobs.run_all() == 0


@pytest.mark.parametrize("kind", ["documents:rewrap", "documents:thaw", "round"])
def test_m1_2_what_protects_an_item_is_not_given_up(house, cast, refused, kind):
    job = dead_job(kind)
    with refused("M1.2"):
        job_pages.drop_job(cast.sysadmin, job.uid, "不想再看见")
    assert of(job).state == State.DEAD
    client, address = house.open_page_as(cast.sysadmin), f"/system/jobs/{job.uid}/"
    assert set(client.get(address).context["form"].fields) == {"reason"}
    assert client.post(address, {"do": "drop", "sure": "on", "reason": "原因已排除"}).status_code == 302
    assert (of(job).state, house.last()["act"]) == (State.DUE, "site:retry_job")


@pytest.mark.parametrize("decide", [job_pages.retry_job, job_pages.drop_job], ids=["retry", "drop"])
def test_m1_2_nobody_else_decides_not_even_the_head_of_it_nor_without_a_reason(house, cast, refused, decide):
    job = dead_job()
    for person in (cast.it_head, cast.secadmin, cast.auditor, cast.gm, cast.drafter):
        with refused("M1.2"):
            decide(person, job.uid, "原因已排除")
    with refused("M1.2"):
        decide(cast.sysadmin, job.uid, " ")
    with pytest.raises(NotThere):
        decide(cast.sysadmin, "0" * 32, "原因已排除")
    Job.objects.update(state=State.DUE)
    with pytest.raises(NotThere):
        decide(cast.sysadmin, job.uid, "原因已排除")


def test_the_head_of_it_looks_and_nobody_else_finds_the_page(house, cast):
    job = dead_job()
    client = house.open_page_as(cast.it_head)
    assert client.get("/system/jobs/").status_code == 200
    shown = client.get(f"/system/jobs/{job.uid}/")
    assert shown.status_code == 200 and shown.context["form"] is None
    assert client.post(f"/system/jobs/{job.uid}/", {"do": "again", "reason": "x"}).status_code == 200
    assert of(job).state == State.DEAD
    for person in (cast.auditor, cast.drafter):
        other = house.open_page_as(person)
        assert {other.get(a).status_code for a in ("/system/jobs/", f"/system/jobs/{job.uid}/")} == {404}


def test_a_dead_job_stands_on_the_desk_of_the_system_administrator_only(house, cast):
    job = dead_job()
    lines = {person.login: [line.url for line in room.duties(person)] for person in (cast.sysadmin, cast.it_head, cast.gm)}
    assert {login for login, urls in lines.items() if "/system/jobs/" in urls} == {cast.sysadmin.login}
    assert f"/system/jobs/{job.uid}/" in house.open_page_as(cast.sysadmin).get("/").content.decode()
    Job.objects.update(state=State.DONE)
    assert "/system/jobs/" not in [line.url for line in room.duties(cast.sysadmin)]


def test_doctor_says_whether_the_work_goes_on(house, cast):
    def said() -> tuple[str, str]:
        return capability._jobs().state, capability._jobs().words

    assert said() == ("ok", "没有积压")
    assert capability._jobs() in capability.lines()
    jobs.enqueue("documents:rewrap", "nobody")
    with house.at(timedelta(minutes=9)):
        assert said()[0] == "ok"
    with house.at(timedelta(minutes=12)):
        assert said() == ("bad", "积压：最早的一项已等 12 分钟，没有进程在做")
        jobs.run_all()
        assert said()[0] == "ok"
    dead_job()
    assert said() == ("bad", "有做不成的作业，须决定再做或放弃")


def test_p0_3_no_page_of_the_machine_tells_that_an_item_was_frozen_changed_or_brought_in(house, cast):
    """What whoever looks after the machine and the officers see is the same before, meanwhile and after."""
    asked = [(house.open_page_as(person), address) for person, address in (
        (cast.sysadmin, "/system/jobs/"), (cast.it_head, "/system/jobs/"), (cast.auditor, "/system/"),
    )]  # fmt: skip

    def seen() -> list[Any]:
        pages = [client.get(address) for client, address in asked]
        return [(page.status_code, page.context.get("rows"), page.context.get("jobs"), page.context.get("standing")) for page in pages]

    before = seen()
    document = factories.classified(cast, uploads=(factories.uploaded(cast.drafter),))
    actions.freeze(cast.office_head, document, (), "疑似外泄")
    assert Job.objects.filter(state=State.DUE).count() == 2
    assert seen() == before
    jobs.run_all()
    assert seen() == before


def test_p0_3_a_dead_thaw_and_a_dead_move_of_keys_look_alike(house, cast):
    for kind in ("documents:thaw", "documents:rewrap"):
        dead_job(kind)
    page = house.open_page_as(cast.sysadmin).get("/system/jobs/")
    assert len({row["kind"] for row in page.context["rows"]}) == 1
    assert "a" * 32 not in page.content.decode()  # the subject


def test_a_kind_whose_room_is_gone_is_shown_and_can_be_given_up(house, cast):
    job = dead_job("copies:gone")
    client = house.open_page_as(cast.sysadmin)
    assert client.get("/system/jobs/").context["rows"][0]["kind"] == "其他作业"
    assert client.get("/").status_code == 200
    job_pages.drop_job(cast.sysadmin, job.uid, "已不用")
    assert of(job).state == State.DROPPED


def test_the_page_of_whoever_waits_says_that_it_will_not_be_done(house, cast):
    document = factories.classified(cast, uploads=(factories.uploaded(cast.drafter),))
    job = Job.objects.get()
    Job.objects.update(state=State.DEAD, ended_at=clock.now())
    job_pages.drop_job(cast.sysadmin, job.uid, "文件已换")
    page = house.open_page_as(cast.drafter).get(f"/jobs/{job.uid}/").content.decode()
    assert "不再做" in page and document.title not in page


def test_readiness_tells_of_jobs_that_stand_still_and_takes_nothing_away(house, monkeypatch):
    from django.test import Client

    assert Client().get("/health/ready").json()["jobs"] is True
    monkeypatch.setattr(jobs, "pulse", jobs.Pulse("OperationalError", 3))
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()["jobs"]) == (200, False)
    assert "OperationalError" not in answer.content.decode()
