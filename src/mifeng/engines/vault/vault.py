"""The opened vault: objects in and out, keys shredded. Two stores cannot commit together, hence the order of steps."""

import os
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from mifeng.engines.vault.envelope import CHUNK_LOG2, HEADER, Header, Kind, Reader, Writer
from mifeng.engines.vault.errors import Broken, KeysBesideBlobs
from mifeng.engines.vault.fields import FieldKey
from mifeng.engines.vault.keyring import DOCUMENT_KEY, KekState, Keyring, Rotation
from mifeng.engines.vault.keystore import KeyStore, ShreddedRow
from mifeng.engines.vault.opening import opened
from mifeng.engines.vault.rootkey import RootKey
from mifeng.engines.vault.source import Data, Source
from mifeng.engines.vault.spool import Spool
from mifeng.engines.vault.stores import BlobStore
from mifeng.engines.vault.suites.chosen import suite_of


@dataclass(frozen=True)
class Prepared:
    """An object that is durable but belongs to nobody yet. ``size`` and ``sha256`` (32 bytes) are of the plain text."""

    object_id: bytes
    size: int
    sha256: bytes


@dataclass(frozen=True)
class Holding:
    """One key slot of a document, as an intent to destroy must name it. ``kind`` 0 is the document's own key."""

    object_id: bytes
    kind: int
    kek_id: str
    compartment: str
    binding: bytes  # hash of the container's header


@dataclass(frozen=True)
class Receipt:
    """What a shred did: the notes of all slots that are gone (also of an earlier try), ids that were never known."""

    shredded: tuple[ShreddedRow, ...]
    unknown: tuple[bytes, ...]
    blobs_deleted: int
    finished: int  # seconds since 1970


@dataclass(frozen=True)
class Orphans:
    """What the two stores hold beyond the rows that are known, and what known rows lack.

    ``slots``: keys nobody knows; ``blobs``: names without a key; ``missing``: known objects without key or blob.
    """

    slots: tuple[bytes, ...]
    blobs: tuple[str, ...]
    missing: tuple[bytes, ...]


@dataclass(frozen=True)
class Swept:
    """How much a sweep removed."""

    slots: int
    blobs: int
    partial: int


class Vault:
    """All acts on secret content, for one root key, one key store and one blob store. Safe from several threads.

    ``clock`` gives seconds since 1970 and serves only ages and dates. ``chunk_log2`` (12 to 20) is the chunk size of
    new containers; leave it. Raises ``WrongRootKey``, ``KeysBesideBlobs``, ``UnknownSuite``.
    """

    def __init__(
        self,
        root: RootKey,
        keys: KeyStore,
        blobs: BlobStore,
        suite: int = 1,
        *,
        clock: Callable[[], float] = time.time,
        chunk_log2: int = CHUNK_LOG2,
    ) -> None:
        if keys.path.resolve().is_relative_to(Path(blobs.scratch).resolve()):
            raise KeysBesideBlobs("the key store lies inside the folder of the blobs")
        self._suite = suite_of(suite)
        self._keys, self._blobs, self._clock, self._chunk_log2 = keys, blobs, clock, chunk_log2
        self._ring = Keyring(root, keys, self._suite, clock, self._passed)

    # -- objects ----------------------------------------------------------------------------------------------------

    def prepare(
        self,
        data: Data,
        *,
        kind: int,
        doc_id: bytes,
        version: int,
        part: int,
        compartment: str,
        length: int | None = None,
    ) -> Prepared:
        """Seal an object under a fresh key, slot first, then blob, both durable. Call it before the transaction.

        ``data``: bytes, a binary stream, a finished spool, or an iterable of bytes with ``length``. A crash, here or
        before the row is committed, leaves an orphan, which ``sweep`` removes. Raises ``LengthUnknown``,
        ``LengthDiffers``, ``KeyWornOut``, ``ValueError`` for a field out of range; then nothing is left behind.
        """
        if kind == Kind.SPOOL:
            raise ValueError("a spool lives in memory only, see spool()")
        source = Source(data, length)
        object_id, dek = os.urandom(16), self._suite.fresh_key()
        header = Header(
            self._suite.number, kind, doc_id, version, part, source.length, object_id, os.urandom(7), self._chunk_log2
        )
        writer = Writer(self._suite, dek, header)
        self._ring.admit(object_id, doc_id, kind, compartment, writer.binding, dek)
        self._passed("slot durable")
        try:
            self._blobs.put(object_id.hex(), writer.pieces(source.blocks(header.chunk)))
        except BaseException:
            self._ring.forget_unknown(object_id)
            raise
        self._passed("blob durable")
        return Prepared(object_id, source.length, source.sha256())

    def withdraw(
        self,
        object_id: bytes,
        *,
        doc_id: bytes,
        version: int,
        part: int,
        kind: int,
        start: int = 0,
        length: int | None = None,
        compartment: str | None = None,
    ) -> bytes:
        """The plain text, or ``[start : start + length]`` of it, of exactly this part of this version.

        The four facts come from the caller's row and must be those of the header: a row that points at another
        object opens nothing. With ``compartment`` the key must lie there, too. Raises ``Unreadable``, ``ValueError``.
        """
        asked = (doc_id, version, part, kind)
        return opened(object_id, lambda: self._reader(object_id, asked, compartment).read(start, length))

    def _reader(self, object_id: bytes, asked: tuple[bytes, int, int, int], compartment: str | None) -> Reader:
        name = object_id.hex()
        head = self._blobs.get(name, 0, HEADER)
        suite, dek, lies_in = self._ring.dek(object_id, self._suite.hash(head))
        if compartment not in (None, lies_in):
            raise Broken("another compartment")
        size = self._blobs.size(name)
        reader = Reader(suite, dek, head, size, lambda start, length: self._blobs.get(name, start, length))
        found = reader.header
        if (found.doc_id, found.version, found.part, found.kind) != asked or found.object_id != object_id:
            raise Broken("another object than the row says")
        return reader

    def spool(self) -> Spool:
        """A place for an upload of unknown length: on disk only as ciphertext, its key only in this process."""
        return Spool(self._suite, Path(self._blobs.scratch))

    # -- fields -----------------------------------------------------------------------------------------------------

    def document_key(self, doc_id: bytes, compartment: str) -> FieldKey:
        """The key for the fields of a document; made under ``compartment`` on first use, later found wherever it lies.

        Raises ``Unreadable`` once the document's key is shredded; it never gets another one.
        """
        return self._ring.document_key(doc_id, compartment)

    def register_key(self, compartment: str) -> FieldKey:
        """The key for register facts that outlive their documents; derived from the root key, never shredded."""
        return self._ring.register_key(compartment)

    # -- destruction ------------------------------------------------------------------------------------------------

    def holdings(self, doc_id: bytes) -> tuple[Holding, ...]:
        """Every key slot of a document, its own key included: what a destruction must name and then shred."""
        return tuple(
            Holding(slot.object_id, slot.kind, slot.kek.kek_id, slot.kek.compartment, slot.binding)
            for slot in self._keys.slots_of(doc_id)
        )

    def shred(self, object_ids: Iterable[bytes]) -> Receipt:
        """Delete the slots, cut the journal, delete the blobs, in this order; calling it again completes a crash.

        From the first step on nothing opens them, not even with an old copy of the blobs. A document's own key is
        one of the ids (see ``holdings``). Raises ``ResidueRemains``: then call it again before saying "destroyed".
        """
        wanted, now = tuple(dict.fromkeys(object_ids)), self._ring.now()
        with self._keys.writing():
            notes = {object_id: self._keys.shred_slot(object_id, now) for object_id in wanted}
        self._passed("slots deleted")
        self._keys.truncate_journal()
        self._passed("journal cut")
        deleted = sum(self._blobs.delete(object_id.hex()) for object_id in wanted)
        self._passed("blobs deleted")
        return Receipt(
            tuple(note for note in notes.values() if note),
            tuple(object_id for object_id, note in notes.items() if not note),
            deleted,
            self._ring.now(),
        )

    # -- keys -------------------------------------------------------------------------------------------------------

    def rewrap_document(self, doc_id: bytes, new_compartment: str) -> int:
        """Move all keys of a document to another compartment (its level or owner changed); blobs stay as they are.

        All or none; returns how many moved, 0 if they were there already. Raises ``Unreadable`` for a damaged slot;
        ``ResidueRemains`` when all have moved, but the old wraps may still lie in the journal: call it again.
        """
        return self._ring.move(doc_id, new_compartment)

    def rotate(self, compartment: str, batch: int = 1000) -> Rotation:
        """Give a compartment a new key, rewrap every slot in transactions of ``batch``, destroy the former key.

        Readers go on meanwhile. After a crash call it again: it finishes the interrupted rotation first. Raises
        ``Unreadable`` for a damaged slot (the former key then stays), ``ValueError`` for an unknown compartment,
        ``ResidueRemains`` as ``rewrap_document`` does.
        """
        return self._ring.rotate(compartment, batch)

    def key_states(self) -> tuple[KekState, ...]:
        """The living compartment keys; ``due`` is set at 2^31 wraps, at 2^32 a key refuses to wrap."""
        return self._ring.states()

    # -- order in the stores ----------------------------------------------------------------------------------------

    def orphans(
        self,
        known_object_ids: Collection[bytes],
        older_than: float,
        *,
        known_documents: Collection[bytes] | None = None,
    ) -> Orphans:
        """What lies in the stores for more than ``older_than`` seconds and belongs to no known row.

        Read the known ids in one transaction, right before. Documents' own keys are judged only if
        ``known_documents`` (doc ids) is given. ``older_than`` must exceed the longest time between ``prepare`` and
        the commit of its row: a day.
        """
        before, known = self._clock() - older_than, frozenset(known_object_ids)
        documents = None if known_documents is None else frozenset(known_documents)
        slots = self._keys.slot_ids()
        with_key = {object_id for object_id, _, kind, _ in slots if kind != DOCUMENT_KEY}
        with_blob = {bytes.fromhex(name) for name in self._blobs.names()}
        return Orphans(
            tuple(
                object_id
                for object_id, doc_id, kind, created in slots
                if created < before and _unknown(object_id, doc_id, kind, known, documents)
            ),
            tuple(name for name in self._blobs.names(before) if bytes.fromhex(name) not in with_key),
            tuple(sorted(known - (with_key & with_blob) - {slot[0] for slot in slots if slot[2] == DOCUMENT_KEY})),
        )

    def sweep(self, orphans: Orphans, older_than: float) -> Swept:
        """Remove what ``orphans`` found, and half-written files older than ``older_than`` seconds."""
        receipt = self.shred(orphans.slots)
        blobs = receipt.blobs_deleted + sum(self._blobs.delete(name) for name in orphans.blobs)
        return Swept(len(receipt.shredded), blobs, self._blobs.clear_partial(self._clock() - older_than))

    def close(self) -> None:
        """Seal again: root key and opened keys are wiped as far as Python can, connections closed."""
        self._ring.forget()
        self._keys.close()

    def _passed(self, step: str) -> None:
        """Called after each step of an act over two stores; crash tests override it."""


def _unknown(
    object_id: bytes, doc_id: bytes, kind: int, known: frozenset[bytes], documents: frozenset[bytes] | None
) -> bool:
    if kind == DOCUMENT_KEY:
        return documents is not None and doc_id not in documents
    return object_id not in known
