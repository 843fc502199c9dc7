"""Every table of the house notes down how it is asked, and composes its SQL once for all questions of one shape (shapes.py, statements.py).

What is noted: filter, exclude, extra conditions, order_by, select_related, values, distinct, a piece cut out; whatever else is
asked of a table goes to Django, which has the notes played to it first.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, TypeVar

from django.db import connections, models
from django.db.models import Manager, QuerySet
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor, ReverseManyToOneDescriptor
from django.db.models.query import MAX_GET_RESULTS
from django.db.models.signals import class_prepared

from mifeng.base import shapes, statements

Found = TypeVar("Found", bound=models.Model)

_NOTHING = object()  # stands where Django's query would be, until it is composed


class Rows(QuerySet[Found]):
    """A question to a table: `_asked` its shape, None once Django has composed it; `_told` the values in it."""

    _asked: shapes.Steps | None
    _told: tuple[Any, ...]

    def __init__(self, model: Any = None, query: Any = None, using: Any = None, hints: Any = None) -> None:
        super().__init__(model, query or _NOTHING, using, hints)
        self._asked, self._told = (() if query is None else None), ()

    @property
    def noted(self) -> bool:
        """Django has not composed it yet."""
        return self._asked is not None

    @property
    def told(self) -> tuple[Any, ...]:
        """The values in what was noted."""
        return self._told

    @property
    def query(self) -> Any:
        """Django's own query; the notes are played and gone."""
        if self._asked is not None:
            self._query = shapes.composed(self.model, self._asked, iter(self._told)).query
            self._asked = None
        return QuerySet.query.fget(self)  # type: ignore[attr-defined]

    @query.setter
    def query(self, value: Any) -> None:
        self._asked = None
        QuerySet.query.fset(self, value)  # type: ignore[attr-defined]

    def _clone(self) -> Any:
        if self._asked is None:
            return super()._clone()  # type: ignore[misc]
        clone = self.__class__.__new__(self.__class__)
        clone.__dict__ = self.__dict__ | {"_result_cache": None, "_prefetch_done": False, "_defer_next_filter": False}
        return clone

    def _noted(self, step: shapes.Shape, values: Iterable[Any] = (), **changed: Any) -> Any:
        clone = self._chain()  # type: ignore[attr-defined]
        clone.__dict__ |= {"_asked": (*self._asked, step), "_told": (*self._told, *values), **changed}  # type: ignore[misc]
        return clone

    def _takes(self, *names: Any) -> bool:
        """More may be noted: it is not composed, no piece was cut out of it, and these are names and nothing else."""
        if self._asked is None or self._sticky_filter or (self._asked and self._asked[-1][0] == "cut"):  # type: ignore[attr-defined]
            return False
        return all(type(name) is str for name in names)

    def filter(self, *args: Any, **kwargs: Any) -> Any:
        """As Django's."""
        found = self._narrowed(False, args, kwargs)
        return super().filter(*args, **kwargs) if found is None else found

    def exclude(self, *args: Any, **kwargs: Any) -> Any:
        """As Django's."""
        found = self._narrowed(True, args, kwargs)
        return super().exclude(*args, **kwargs) if found is None else found

    def _narrowed(self, negated: bool, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        values: list[Any] = []
        try:
            return self._noted(shapes.narrowing(self.model, negated, args, kwargs, values), values) if self._takes() else None
        except shapes.Unlike:
            return None

    def extra(self, **told: Any) -> Any:
        """As Django's."""
        values: list[Any] = []
        try:
            if self._takes() and told.keys() <= {"where", "params"}:
                return self._noted(shapes.extra(told.get("where") or (), told.get("params") or (), values), values)
        except shapes.Unlike:
            pass
        return super().extra(**told)

    def annotate(self, *args: Any, **named: Any) -> Any:
        """As Django's."""
        try:
            if self._takes() and not args and self._fields is None:  # type: ignore[attr-defined]
                return self._noted(shapes.annotating(named))
        except shapes.Unlike:
            pass
        return super().annotate(*args, **named)

    def order_by(self, *names: Any) -> Any:
        """As Django's."""
        return self._noted(("order_by", *names)) if self._takes(*names) else super().order_by(*names)

    def select_related(self, *names: Any) -> Any:
        """As Django's."""
        noted = names and self._fields is None and self._takes(*names)  # type: ignore[attr-defined]
        return self._noted(("select_related", *names)) if noted else super().select_related(*names)

    def prefetch_related(self, *names: Any) -> Any:
        """As Django's."""
        if not names or not self._takes(*names):
            return super().prefetch_related(*names)
        clone = self._chain()  # type: ignore[attr-defined]
        clone._prefetch_related_lookups += names
        return clone

    def distinct(self, *names: Any) -> Any:
        """As Django's."""
        return self._noted(("distinct",)) if self._takes() and not names else super().distinct(*names)

    def _values(self, *names: Any, **expressions: Any) -> Any:
        """What Django's values() and values_list() come down to."""
        if expressions or not self._takes(*names):
            return super()._values(*names, **expressions)  # type: ignore[misc]
        return self._noted(("_values", *names), _fields=names)

    @property
    def ordered(self) -> bool:
        """As Django's."""
        if self._asked is None:
            return super().ordered
        orders = [step[1:] for step in self._asked if step[0] == "order_by"]
        return bool(orders[-1] if orders else self.model._meta.ordering)

    def __getitem__(self, which: Any) -> Any:
        if self._result_cache is not None or not self._takes():  # type: ignore[attr-defined]
            return super().__getitem__(which)
        if type(which) is int and which >= 0:
            found = list(self[which : which + 1])
            return found[0]
        if type(which) is slice and which.step is None and (which.start or 0) >= 0 and (which.stop or 0) >= 0:
            return self._noted(("cut", which.start, which.stop))
        return super().__getitem__(which)

    def first(self) -> Any:
        """As Django's."""
        if self._result_cache is not None or not self._takes():  # type: ignore[attr-defined]
            return super().first()
        return next(iter((self if self.ordered else self.order_by("pk"))[:1]), None)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        """As Django's."""
        found = self.filter(*args, **kwargs) if self._takes() else self
        if not found._takes():
            return super().get(*args, **kwargs)
        rows = list(found.order_by()[:MAX_GET_RESULTS])
        return rows[0] if len(rows) == 1 else super().get(*args, **kwargs)  # which says what is wrong

    def count(self) -> int:
        """As Django's."""
        told = self._one("count")
        return super().count() if told is None else int(told[0])

    def exists(self) -> bool:
        """As Django's."""
        told = self._one("exists")
        return super().exists() if told is None else bool(told)

    def _one(self, use: str) -> tuple[Any, ...] | None:
        """The first row of the answer, () if there is none; None: not by a statement that is kept."""
        if self._asked is None or self._result_cache is not None:  # type: ignore[attr-defined]
            return None
        connection = connections[self.db]
        known = statements.statement(self, use, connection)
        if known is None:
            return None
        with connection.cursor() as cursor:
            cursor.execute(known.sql, known.bound(self._told, connection))
            return cursor.fetchone() or ()

    def _fetch_all(self) -> None:
        if self._asked is not None and self._result_cache is None:  # type: ignore[has-type]
            connection = connections[self.db]
            known = statements.statement(self, "rows", connection)
            if known is not None:
                self._result_cache = list(self._iterable_class(_Answer(self, known, connection)))  # type: ignore[attr-defined]
        super()._fetch_all()  # type: ignore[misc]

    def _prefetch_related_objects(self) -> None:
        """As Django's; what points at these rows is gathered by a question noted down, the rest by Django."""
        every = self._prefetch_related_lookups
        self._prefetch_related_lookups = tuple(name for name in every if not self._gathered(name))
        super()._prefetch_related_objects()  # type: ignore[misc]
        self._prefetch_related_lookups = every

    def _gathered(self, name: Any) -> bool:
        """The rows that point at each of these (`holders`, with whom they name: `holders__person`) are with it now, as Django leaves
        them; False: it is no such name.
        """
        if type(name) is not str or self._fields is not None:  # type: ignore[attr-defined]
            return False
        name, _, beside = name.partition("__")
        end = getattr(self.model, name, None)
        if type(end) is not ReverseManyToOneDescriptor or end.field.target_field is not self.model._meta.pk:
            return False
        if beside and type(getattr(end.field.model, beside, None)) is not ForwardManyToOneDescriptor:
            return False
        field, own = end.field, {row.pk: row for row in self._result_cache}  # type: ignore[attr-defined]
        found: dict[Any, list[Any]] = {key: [] for key in own}
        pointing = field.model._default_manager.filter(**{f"{field.name}__in": list(own)})
        for one in pointing.select_related(beside) if beside else pointing:
            found[getattr(one, field.attname)].append(one)
            field.set_cached_value(one, own[getattr(one, field.attname)])
        for row in self._result_cache:  # type: ignore[attr-defined]
            theirs = getattr(row, name).get_queryset()
            theirs._result_cache, theirs._prefetch_done = found[row.pk], True
            row.__dict__.setdefault("_prefetched_objects_cache", {})[field.remote_field.cache_name] = theirs
        return True


class _Answer:
    """The question as Django's readers of rows want it: they ask it for its query, that for its compiler, that for the rows."""

    def __init__(self, asked: Any, known: statements.Statement, connection: Any) -> None:
        self.model, self.db, self._fields = asked.model, connection.alias, asked._fields
        self._known_related_objects = asked._known_related_objects
        self.query, self._statement, self._told, self._connection = self, known, asked._told, connection
        compiler = self._compiler = known.compiler
        self.select, self.klass_info, self.annotation_col_map = compiler.select, compiler.klass_info, compiler.annotation_col_map

    def __getattr__(self, name: str) -> Any:
        return getattr(self._compiler.query, name)  # the names of values()

    def get_compiler(self, using: Any) -> "_Answer":
        """As Django's queries."""
        return self

    def execute_sql(self, **_how: Any) -> list[list[tuple[Any, ...]]]:
        """All rows, as Django's compilers give them, but in one piece."""
        with self._connection.cursor() as cursor:
            cursor.execute(self._statement.sql, self._statement.bound(self._told, self._connection))
            return [cursor.fetchall()]

    def results_iter(self, results: Any = None, tuple_expected: bool = False, **_how: Any) -> Iterator[Any]:
        """Row by row, as values of Python."""
        rows = chain.from_iterable(self.execute_sql() if results is None else results)
        if converters := self._statement.converters:
            rows = self._compiler.apply_converters(rows, converters)
        return map(tuple, rows) if tuple_expected else rows


HouseManager = Manager.from_queryset(Rows)


def _notes_down(sender: type[models.Model], **_told: Any) -> None:
    """A table of the house gets its manager. Django's own place for it: a base class would have to be named by every table, and
    the manager by which rows find their relatives would stand in a migration of each.
    """
    meta = sender._meta
    if not sender.__module__.startswith("mifeng.") or any(not manager.auto_created for manager in meta.local_managers):
        return
    meta.local_managers.clear()
    manager = HouseManager()
    manager.auto_created = True
    sender.add_to_class("objects", manager)  # type: ignore[attr-defined]
    meta.base_manager_name = "objects"
    meta._expire_cache()  # type: ignore[attr-defined]


class_prepared.connect(_notes_down, dispatch_uid="mifeng.base.rows")
