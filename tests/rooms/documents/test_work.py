"""The room's jobs beside other deeds: what changed while a job prepared its effect is not overwritten by it."""

from datetime import date, timedelta
from typing import Any

import pytest

from mifeng.base import jobs, vault
from mifeng.base.models import Job
from mifeng.engines import intake
from mifeng.engines.intake import limits
from mifeng.engines.vault import Kind
from mifeng.rooms.documents import actions, files, work
from mifeng.rooms.documents.facts import TermFacts
from mifeng.rooms.documents.models import Document, DocumentFile, Freeze
from tests import factories


def changed(cast: Any, document: Document, kind: str = "upgrade", **told: Any) -> None:
    """A change that was asked for and approved."""
    actions.ask_change(cast.drafter, document, kind, reason="涉及核心参数", **told)
    factories.approve_all(document.item_key)


def compartments(document: Document) -> set[str]:
    """Where the keys of the item and of its files lie."""
    ids = {document.uid, *document.files.values_list("vault_doc", flat=True)}
    return {holding.compartment for one in ids for holding in vault.opened().holdings(bytes.fromhex(one))}


@pytest.fixture
def waiting(cast):
    """The main paper in force, its file still to be converted."""
    return factories.classified(cast, uploads=(factories.uploaded(cast.drafter),))


@pytest.fixture
def during(monkeypatch):
    """What happens while the next file is being rendered: the work itself takes no time and gives two pages."""

    def happens(act: Any) -> None:
        def convert(original: str, vault_doc: str, version: int, kind: str, scan: str, compartment: str) -> Any:
            sealed = vault.opened().prepare(
                b"%PDF", kind=Kind.RENDITION, doc_id=bytes.fromhex(vault_doc), version=version, part=0, compartment=compartment
            )
            monkeypatch.undo()
            act()
            return files.Converted(sealed.object_id.hex(), pages=2)

        monkeypatch.setattr(files, "convert", convert)

    return happens


def test_a_level_that_rises_while_its_file_is_rendered_stays_and_the_keys_go_along(cast, waiting, during):
    during(lambda: (changed(cast, waiting, level=30), jobs.run_one()))
    jobs.run_all()
    document = Document.objects.get(pk=waiting.pk)
    assert (document.level, document.compartment, document.files.get().state) == (30, "30:YF", "ready")
    assert compartments(document) == {"30:YF"}
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


def test_a_file_that_was_replaced_while_it_was_rendered_stays_replaced(cast, during):
    """G4.4: the wrong file is not shown again because its pages came late."""
    document = factories.registered(cast, uploads=(factories.uploaded(cast.drafter),))
    wrong = document.files.get()
    during(lambda: actions.attach_version(cast.drafter, document, factories.uploaded(cast.drafter, factories.pdf("right")), "传错"))
    jobs.run_all()
    wrong.refresh_from_db()
    assert (wrong.state, wrong.rendition) == ("replaced", "")
    assert document.files.get(version=2).state == "ready"


def test_the_keys_of_a_converted_file_lie_where_its_item_lies(cast, waiting):
    assert compartments(waiting) == {"20:YF", "uploads"}
    jobs.run_all()
    assert compartments(waiting) == {"20:YF"}


def test_a_late_move_of_keys_moves_nothing(house, cast, waiting):
    """Its lease ran out before it began to move; meanwhile the level changed again and the keys were moved."""
    jobs.run_all()
    changed(cast, waiting, level=30)
    late = jobs.claim()
    effect = work.rewrap(late)
    with house.at(timedelta(hours=1)):
        jobs.run_all()
        waiting.refresh_from_db()
        changed(cast, waiting, "downgrade", level=10)
        jobs.run_all()
    assert compartments(waiting) == {"10:YF"}
    with pytest.raises(jobs.LeaseLost):
        jobs.finish(late)
    effect()  # even without its fence it moves them where they belong now
    assert compartments(waiting) == {"10:YF"}
    assert Document.objects.get(pk=waiting.pk).compartment == "10:YF"


def test_a_term_extended_while_the_round_was_on_its_way_stays(house, cast):
    """P4.1: the round read the item before it was extended; the deed decides on what stands there then."""
    document = factories.classified(cast)
    stale = Document.objects.get(pk=document.pk)
    with house.at(date(2031, 2, 20)):
        changed(cast, document, "extend", term=TermFacts("years", 8))
    with house.at(date(2031, 3, 20)):
        assert stale.days_left() < 0
        assert not actions.expire(stale.owner, stale)
        document.refresh_from_db()
        assert (document.state, document.term_value, document.days_left() > 0) == ("valid", 8, True)


def test_m7_1_a_freeze_lifted_while_its_end_was_on_its_way_is_ended_once(house, cast):
    document = factories.classified(cast)
    actions.freeze(cast.office_head, document, (), "疑似外泄")
    with house.at(timedelta(hours=73)):
        job = jobs.claim()
        effect = work.thaw(job)
        document.refresh_from_db()
        actions.unfreeze(cast.office_head, document, "已查清")
        ended = Freeze.objects.get().ended_at
        document.refresh_from_db()
        actions.freeze(cast.office_head, document, (), "又疑似外泄")
        assert effect() is False
    document.refresh_from_db()
    assert document.frozen and Freeze.objects.order_by("pk").first().ended_at == ended


def test_m7_1_the_end_of_a_freeze_sets_back_nothing_that_was_corrected_meanwhile(house, cast):
    document = factories.classified(cast)
    actions.freeze(cast.office_head, document, (), "疑似外泄")
    with house.at(timedelta(hours=73)):
        effect = work.thaw(jobs.claim())
        actions.correct(cast.drafter, Document.objects.get(), title="更正后的题名", reason="题名有误")
        assert effect() is True
    assert (Document.objects.get().title, Document.objects.get().frozen) == ("更正后的题名", False)


def test_a_conversion_keeps_its_lease_longer_than_the_sandbox_may_take():
    longest = limits.CONVERTER.wall + limits.READER.wall + limits.PAINTER.wall
    assert work.CONVERTING.total_seconds() > longest
    assert intake.KINDS


def test_i9_3_an_upload_that_cannot_be_dropped_keeps_no_other(house, cast, monkeypatch):
    """One of three raises: the two others go, and the round says that one did not."""
    uploads = [factories.uploaded(cast.drafter) for _n in range(3)]
    before = actions.drop_upload

    def drop(person: Any, upload: Any) -> None:
        if upload.pk == uploads[1].pk:
            raise OSError("name of the file")
        before(person, upload)

    monkeypatch.setattr(actions, "drop_upload", drop)
    with house.at(timedelta(days=2)):
        with pytest.raises(jobs.SomeFailed) as fault:
            work.drop_uploads()
    assert fault.value.classes == "OSError"
    assert [type(u).objects.filter(pk=u.pk).exists() for u in uploads] == [False, True, False]
    assert not DocumentFile.objects.exists()
