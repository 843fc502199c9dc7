"""SealedText: a text column that holds only ciphertext, opened when the attribute is read.

The row says under which key its texts lie (`vault_field_key`): a document's texts under the document's own key, so that
one deletion covers them all; everything else under the register key of its compartment. Column and row are bound in.
"""

import uuid
from typing import Any

from django.db import models

from mifeng.base import vault


def new_uid() -> str:
    """128 random bits as 32 lower-case hex characters: what stands in addresses and in the log."""
    return uuid.uuid4().hex


class _Opened:
    """Descriptor: bytes from the database are opened at the first reading; a str stays as it is until it is saved."""

    def __init__(self, field: "SealedText") -> None:
        self.field = field

    def __get__(self, row: Any, owner: type | None = None) -> Any:
        if row is None:
            return self
        value = row.__dict__.get(self.field.attname)
        if value is None and self.field.attname not in row.__dict__:
            row.refresh_from_db(fields=[self.field.attname])
            value = row.__dict__[self.field.attname]
        if isinstance(value, (bytes, memoryview)):
            row.__dict__[self.field.stored] = bytes(value)
            value = row.__dict__[self.field.attname] = self.field.opened(row, bytes(value))
        return value

    def __set__(self, row: Any, value: Any) -> None:
        row.__dict__[self.field.attname] = value
        row.__dict__.pop(self.field.stored, None)


class SealedText(models.BinaryField):
    """`row.title` gives and takes text; the database sees suite, nonce, ciphertext and tag. Empty text is empty bytes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", "")
        kwargs.setdefault("blank", True)
        kwargs["editable"] = True
        super().__init__(*args, **kwargs)

    def contribute_to_class(self, cls: type[models.Model], name: str, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, **kwargs)
        self.stored = f"_{name}_stored"  # beside an opened text: the ciphertext it was opened from
        setattr(cls, self.attname, _Opened(self))

    def context(self, row: Any) -> str:
        """What the ciphertext is bound to: table.column|uid of the row."""
        return f"{row._meta.db_table}.{self.column}|{row.uid}"

    def opened(self, row: Any, sealed: bytes) -> str:
        return row.vault_field_key().open(self.context(row), sealed) if sealed else ""

    def seal(self, row: models.Model) -> None:
        """Let the row hold the ciphertext that will be stored: a code over the row can be made before it is."""
        if isinstance(row.__dict__.get(self.attname), str):
            row.__dict__[self.attname] = self.pre_save(row, False)

    def pre_save(self, row: models.Model, add: bool) -> bytes:
        value = row.__dict__.get(self.attname) or ""
        if isinstance(value, (bytes, memoryview)):
            return bytes(value)
        return row.vault_field_key().seal(self.context(row), value) if value else b""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value == "":
            value = b""  # the default of a column that is added later: empty text is empty bytes
        if isinstance(value, str):
            raise TypeError(f"{self.model.__name__}.{self.name} holds ciphertext: filter and update never see its text")
        return super().get_db_prep_value(value, connection, prepared)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, kwargs


class SealedRow(models.Model):
    """A row with sealed texts outside any document: register key of its compartment, by default the house's own."""

    uid = models.CharField(max_length=32, unique=True, default=new_uid, editable=False)
    COMPARTMENT = "house"

    class Meta:
        abstract = True

    def vault_field_key(self) -> Any:
        """The key of this row's sealed texts."""
        return vault.opened().register_key(self.COMPARTMENT)
