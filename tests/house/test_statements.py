"""A question noted down and asked by a kept statement has the answer that Django's own has, whatever its values (0018)."""

import os
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models
from django.db.models import Count, F, OuterRef, Q, QuerySet
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mifeng.base import clock, shapes
from mifeng.base.models import Notice
from mifeng.base.rows import Rows
from mifeng.base.shapes import Exists
from mifeng.engines.access import Level
from mifeng.rooms.documents.models import Document, DocumentFile, Handler
from mifeng.rooms.people.models import Appointment, Department, Person, PostHolding
from tests import factories

KEYS = st.integers(-3, 60) | st.integers(-(2**62), 2**62)
TEXTS = st.sampled_from(["gm", "clerk", "", "100%", "_", "%s", "'", "\x020\x03", "机要员"])
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]))
LISTS = st.lists(KEYS, max_size=9)

# Each: how a question is put, given a table's first question and some values.
QUESTIONS = {
    "by key": lambda all_of, key, **_: all_of(Person).filter(pk=key),
    "by text": lambda all_of, text, **_: all_of(PostHolding).filter(post=text).order_by("pk"),
    "within": lambda all_of, keys, **_: all_of(Person).filter(pk__in=keys).order_by("-pk"),
    "outside": lambda all_of, keys, text, **_: all_of(Person).exclude(pk__in=keys).exclude(login=text),
    "on a day": lambda all_of, day, **_: all_of(PostHolding).filter(since__lte=day).exclude(until__lt=day).order_by("person", "post"),
    "at an instant": lambda all_of, at, key, **_: all_of(Document).filter(registered_at__gte=at, level__lt=key).order_by("pk"),
    "either": lambda all_of, key, text, **_: all_of(Person).filter(Q(pk=key) | ~Q(login=text) & Q(active=True)).order_by("pk"),
    "of a relative": lambda all_of, key, **_: all_of(Document).filter(owner__department=key).select_related("owner__department"),
    "of those": lambda all_of, text, **_: all_of(Person).filter(pk__in=all_of(PostHolding).filter(post=text).values("person")),
    "there is one": lambda all_of, key, **_: all_of(Document).filter(
        Exists(all_of(Handler).filter(document=OuterRef("pk"), person=key)) | Q(level__gte=key)).order_by("pk"),
    "there is none": lambda all_of, text, **_: all_of(Document).filter(
        ~Exists(all_of(DocumentFile).filter(document=OuterRef("pk"), state=text))).order_by("pk"),
    "beside another column": lambda all_of, **_: all_of(Document).exclude(owner=F("drafter")).order_by("pk"),
    "reckoned": lambda all_of, key, **_: all_of(Document).annotate(of=F("owner_id") + 0).filter(of=key).order_by("pk"),
    "as values": lambda all_of, key, **_: all_of(Person).filter(pk__gt=key).order_by("login").values_list("login", "department__code"),
    "as one value": lambda all_of, keys, **_: all_of(Person).filter(pk__in=keys).values_list("login", flat=True)
                                              .order_by("login").distinct(),
    "as words": lambda all_of, key, **_: all_of(Person).filter(pk=key).values("login", "clearance"),
    "as written": lambda all_of, key, **_: all_of(Person).extra(where=["people_person.clearance >= %s"], params=[key]).order_by("pk"),
    "a piece": lambda all_of, key, **_: all_of(Person).filter(pk__gt=key).order_by("pk")[1:4],
    "with two that hang on it": lambda all_of, key, **_: all_of(Person).filter(pk__lte=key).order_by("pk")
                                                         .prefetch_related("holdings", "sessions"),
    "with whom it names": lambda all_of, key, **_: all_of(Department).filter(pk__lte=key).order_by("pk")
                                                   .prefetch_related("people__department"),
    "values of what much hangs on": lambda all_of, key, **_: all_of(Person).filter(pk__lte=key).order_by("pk")
                                                             .prefetch_related("holdings").values_list("pk", flat=True),
    "with what hangs on it": lambda all_of, key, **_: all_of(Person).filter(pk__lte=key).order_by("pk").prefetch_related("holdings"),
}  # fmt: skip
# Told by Django itself each time: their values change the statement, or do not stand in it as they are.
LEFT = {
    "a pattern": lambda all_of, text, **_: all_of(Person).filter(login__icontains=text),
    "a year": lambda all_of, **_: all_of(PostHolding).filter(since__year=2026),
    "a sum": lambda all_of, **_: all_of(Person).values_list("department").annotate(n=Count("pk")),
    "each once, in an order of its own": lambda all_of, **_: all_of(Person).values_list("login", flat=True).distinct(),
    "another text": lambda all_of, text, **_: all_of(Person).filter(login__iexact=text),
    "both": lambda all_of, key, **_: all_of(Person).filter(pk=key) | all_of(Person).filter(pk=1),
    "none": lambda all_of, **_: all_of(Person).none(),
    "the other way round": lambda all_of, **_: all_of(Person).order_by("pk").reverse(),
}  # fmt: skip


@pytest.fixture
def papers(house, cast):
    """A few items in the house, one of them in force."""
    factories.registered(cast)
    factories.classified(cast)


def noted(table):
    return Rows(table)


def told(found):
    """Rows as what can be compared, what hangs on them too."""
    return [
        (row.__dict__ | {"_state": None}, [h.pk for h in row.holdings.all()]) if isinstance(row, Person)
        else row.__dict__ | {"_state": None} if isinstance(row, models.Model) else row
        for row in found
    ]  # fmt: skip


def keys(rows):
    return [row[0]["id"] if isinstance(row, tuple) and isinstance(row[0], dict) else row.get("id", row) if isinstance(row, dict) else row
            for row in rows]  # fmt: skip


@pytest.mark.parametrize("name", [*QUESTIONS, *LEFT])
def test_answers_are_djangos_own_whatever_the_values(papers, name):
    ask = QUESTIONS.get(name) or LEFT[name]

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(key=KEYS, text=TEXTS, day=DAYS, at=INSTANTS, keys=LISTS)
    def same(**values):
        ours, djangos = ask(noted, **values), ask(QuerySet, **values)
        assert keys(told(ours)) == keys(told(djangos))
        assert ask(noted, **values).count() == ask(QuerySet, **values).count()
        assert ask(noted, **values).exists() == ask(QuerySet, **values).exists()

    same()


@pytest.mark.skipif("MIFENG_TEST_STATEMENTS" in os.environ, reason="there each is composed anew")
@pytest.mark.parametrize("name", QUESTIONS)
def test_the_second_time_nothing_is_composed(papers, name, monkeypatch):
    values = {"key": 3, "text": "clerk", "day": date(2026, 1, 5), "at": datetime(2026, 1, 5, tzinfo=UTC), "keys": [1, 2, 5]}
    list(QUESTIONS[name](noted, **values))
    composed = []
    known = shapes.composed
    monkeypatch.setattr(shapes, "composed", lambda *told: composed.append(told) or known(*told))
    other = {"key": 4, "text": "gm", "day": date(2026, 2, 5), "at": datetime(2026, 2, 5, tzinfo=UTC), "keys": [4, 7, 8]}
    list(QUESTIONS[name](noted, **other))
    assert composed == []


def test_a_list_of_any_length_is_asked_by_few_statements(papers):
    with CaptureQueriesContext(connection) as caught:
        for length in range(1, 65):
            list(noted(Person).filter(pk__in=range_of(length)))
    assert len({query["sql"].count(",") for query in caught}) == 7  # 1, 2, 4 … 64


def range_of(length):
    return list(range(1, length + 1))


@pytest.mark.parametrize("nothing", [[], set(), {}.keys()], ids=["list", "set", "keys"])
def test_among_none_there_is_none(papers, nothing):
    assert (list(noted(Person).filter(pk__in=nothing)), noted(Person).exclude(pk__in=nothing).exists()) == ([], True)


def test_none_true_and_false_are_not_values_of_a_statement(papers):
    for value in (None, False, True):
        asked = noted(Appointment).filter(revoked_on=value) if value is None else noted(Person).filter(active=value)
        djangos = QuerySet(Appointment).filter(revoked_on=None) if value is None else QuerySet(Person).filter(active=value)
        assert set(asked) == set(djangos)


def test_a_level_and_a_plain_number_are_the_same_question(papers):
    level, number = (noted(Document).filter(level__gte=value).count() for value in (Level.CONFIDENTIAL, int(Level.CONFIDENTIAL)))
    assert level == number > 0


def test_a_row_of_another_table_is_refused_as_django_refuses_it(papers):
    department = Department.objects.order_by("pk").first()
    list(noted(PostHolding).filter(person=Person.objects.order_by("pk").first()))  # the shape is known
    with pytest.raises(ValueError, match="Person"):
        list(noted(PostHolding).filter(person=department))


@pytest.mark.parametrize("wrong", [{"nothing": 1}, {"login__nothing": 1}, {"department__nothing": 1}], ids=str)
def test_a_column_that_is_not_there_is_refused(papers, wrong):
    with pytest.raises(FieldError):
        list(noted(Person).filter(**wrong))


def test_a_piece_cannot_be_narrowed(papers):
    with pytest.raises(TypeError, match="slice"):
        noted(Person).order_by("pk")[:3].filter(pk=1)


def test_sealed_text_is_no_filter(papers):
    with pytest.raises(TypeError, match="ciphertext"):
        list(noted(Document).filter(title="某件"))


def test_first_get_and_one_by_number(papers):
    ordered = noted(Person).order_by("pk")
    assert ordered.first() == ordered[0] == ordered.get(pk=ordered[0].pk) == QuerySet(Person).order_by("pk").first()
    assert noted(Person).first() == QuerySet(Person).first()  # by the table's own order
    assert noted(Person).filter(pk=-1).first() is None
    with pytest.raises(Person.DoesNotExist):
        noted(Person).get(pk=-1)
    with pytest.raises(Person.MultipleObjectsReturned):
        noted(Person).get(active=True)
    with pytest.raises(IndexError):
        noted(Person).filter(pk=-1)[0]


def test_what_was_asked_is_not_changed_by_asking_more(papers):
    everybody = noted(Person).order_by("pk")
    one = everybody.filter(pk=everybody[0].pk)
    assert (len(one), len(everybody) > 1, len(one.order_by("-pk"))) == (1, True, 1)


def test_a_list_that_is_changed_afterwards_changes_no_question(papers):
    wanted = [1]
    asked = noted(Person).filter(pk__in=wanted)
    wanted.append(2)
    assert [row.pk for row in asked] == [1]


def test_rows_are_written_through_the_same_questions(house, cast):
    noted_at = clock.now()
    assert Notice.objects.filter(person_key=cast.gm.pk, seen_at=None).update(seen_at=noted_at) == Notice.objects.filter(
        person_key=cast.gm.pk, seen_at=noted_at).count()  # fmt: skip


def test_every_table_of_the_house_notes_down(papers):
    from django.apps import apps  # the rooms are there now

    own = [model for model in apps.get_models() if model.__module__.startswith("mifeng.")]
    assert own
    assert [model for model in own if not isinstance(model._default_manager.all(), Rows)] == []
    assert [model for model in own if not isinstance(model._base_manager.all(), Rows)] == []
