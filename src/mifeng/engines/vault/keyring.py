"""Keys under keys: root key over compartment keys (KEK) over object and document keys (DEK). See docs/spec/vault.md."""

import hmac
import os
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass

from mifeng.engines.vault.errors import Broken, KeyWornOut, Unreadable, WrongRootKey
from mifeng.engines.vault.fields import FieldKey
from mifeng.engines.vault.keystore import KekRow, KeyStore, SlotRow
from mifeng.engines.vault.opening import opened
from mifeng.engines.vault.rootkey import RootKey
from mifeng.engines.vault.suites import Aead, Suite, unwrap, wrap
from mifeng.engines.vault.suites.chosen import suite_of

DOCUMENT_KEY = 0  # kind of the slot that holds a document's own key
WRAPS_DUE, WRAPS_MOST = 1 << 31, 1 << 32
REGISTERS_KEPT = 256  # derived keys of registers that stay in memory until ``forget``
_COMPARTMENT = re.compile(r"[^\x00-\x20\x7f]{1,64}")


@dataclass(frozen=True)
class Rotation:
    """What a rotation did: the key now current, how many slots moved to it, which keys were destroyed."""

    kek_id: str
    moved: int
    destroyed: tuple[str, ...]


@dataclass(frozen=True)
class KekState:
    """A living compartment key: its age in wraps, the slots under it, and whether it is time to rotate it."""

    kek_id: str
    compartment: str
    gen: int
    wraps: int
    slots: int
    due: bool


def slot_aad(binding: bytes, compartment: str, gen: int) -> bytes:
    """What a wrapped DEK is tied to; both ends have a fixed length, so the text between cannot be shifted."""
    return b"MFV1 slot" + binding + compartment.encode() + struct.pack(">I", gen)


def kek_aad(compartment: str, gen: int, suite: int) -> bytes:
    """What a wrapped compartment key is tied to."""
    return b"MFV1 kek" + bytes([suite]) + compartment.encode() + struct.pack(">I", gen)


def document_binding(suite: Suite, object_id: bytes, doc_id: bytes) -> bytes:
    """The binding of a document's own key, which has no container and so no header."""
    return suite.hash(b"MFV1 document key" + object_id + doc_id)


class Keyring:
    """Wraps, opens, moves and rotates slots. Opened compartment and register keys stay in memory until ``forget``, DEKs never."""

    def __init__(
        self,
        root: RootKey,
        store: KeyStore,
        suite: Suite,
        clock: Callable[[], float],
        passed: Callable[[str], None],
    ) -> None:
        """``passed`` is told after each durable step of a rotation; crash tests listen to it."""
        self._root, self._store, self._suite, self._clock, self._passed = root, store, suite, clock, passed
        # Keyed by the whole row but its count: a row altered on disk is noticed although its key was opened before.
        self._keks: dict[tuple[str, str, int, int, bytes], Aead] = {}
        self._registers: dict[str, FieldKey] = {}
        self._check_anchor()

    def admit(self, object_id: bytes, doc_id: bytes, kind: int, compartment: str, binding: bytes, dek: bytes) -> None:
        """Store a new key durably. Raises ``ValueError`` for a malformed compartment, ``KeyWornOut``."""
        with self._store.writing():
            self._add(object_id, doc_id, kind, compartment, binding, dek)

    def dek(self, object_id: bytes, binding: bytes) -> tuple[Suite, bytes, str]:
        """Suite, key, compartment of the object whose header has this hash. Raises ``Broken``, ``InvalidTag``."""
        slot = self._store.slot(object_id)
        if slot is None:
            raise Broken("no key slot")
        if slot.binding != binding or slot.object_id != object_id:
            raise Broken("the slot belongs to another header")
        return suite_of(slot.suite), self._unwrapped(slot, binding), slot.kek.compartment

    def forget_unknown(self, object_id: bytes) -> None:
        """Take back what ``admit`` stored for an object that never came to be."""
        with self._store.writing():
            self._store.drop_slot(object_id)

    def document_key(self, doc_id: bytes, compartment: str) -> FieldKey:
        """The field key of a document, made on first use under ``compartment``. Raises ``Unreadable``."""
        if len(doc_id) != 16:
            raise ValueError("doc_id has 16 bytes")
        slot = self._store.document_slot(doc_id) or self._new_document_slot(doc_id, compartment)
        return opened(slot.object_id, lambda: self._field_key(slot))

    def register_key(self, compartment: str) -> FieldKey:
        """The key for register facts of a compartment that outlive their document; derived, so never shredded."""
        found = self._registers.get(compartment)
        if found is None:
            label = f"MFV1 register|{_checked(compartment)}"
            key_id = self._suite.hash(label.encode())[:16]
            found = FieldKey(self._root.derive(label, self._suite.key_length), key_id, self._suite)
            if len(self._registers) < REGISTERS_KEPT:
                self._registers[compartment] = found
        return found

    def move(self, doc_id: bytes, compartment: str) -> int:
        """Rewrap every key of a document for another compartment, all or none; returns how many moved."""
        with self._store.writing():
            slots = [slot for slot in self._store.slots_of(doc_id) if slot.kek.compartment != _checked(compartment)]
            for slot in slots:
                self._rewrap(slot, self._current(compartment))
        self._store.truncate_journal()
        return len(slots)

    def rotate(self, compartment: str, batch: int) -> Rotation:
        """A new compartment key for all slots, then the end of the old ones. Continues a rotation that was cut off."""
        with self._store.writing():
            old, kek = self._superseded(_checked(compartment))
        self._passed("new key")
        moved = sum(self._emptied(kek_id, compartment, batch) for kek_id in old)
        with self._store.writing():
            gone = tuple(kek_id for kek_id in old if self._store.destroy_kek(kek_id, self.now()))
        self._passed("old key destroyed")
        self._store.truncate_journal()
        self._keks = {row: key for row, key in self._keks.items() if row[0] not in gone}
        return Rotation(kek.kek_id, moved, gone)

    def states(self) -> tuple[KekState, ...]:
        """All living compartment keys, by compartment and generation."""
        return tuple(
            KekState(kek.kek_id, kek.compartment, kek.gen, kek.wraps, slots, kek.wraps >= WRAPS_DUE)
            for kek, slots in self._store.keks()
        )

    def forget(self) -> None:
        """Let go of every opened key."""
        self._keks.clear()
        self._registers.clear()
        self._root.forget()

    def now(self) -> int:
        """Seconds since 1970 by the vault's clock; only the age of orphans and the dates of notes depend on it."""
        return int(self._clock())

    # -- slots ------------------------------------------------------------------------------------------------------

    def _add(self, object_id: bytes, doc_id: bytes, kind: int, compartment: str, binding: bytes, dek: bytes) -> None:
        # The current key is looked up inside the transaction: a rotation beside us cannot destroy it in between.
        kek = self._current(compartment)
        wrapped = wrap(self._opened_kek(kek), dek, slot_aad(binding, compartment, kek.gen))
        self._store.add_slot(
            SlotRow(object_id, doc_id, kind, self._suite.number, kek.gen, binding, wrapped, self.now(), kek)
        )

    def _unwrapped(self, slot: SlotRow, binding: bytes) -> bytes:
        aad = slot_aad(binding, slot.kek.compartment, slot.gen)
        return unwrap(self._opened_kek(slot.kek), slot.wrapped, aad)

    def _rewrap(self, slot: SlotRow, kek: KekRow) -> None:
        dek = opened(slot.object_id, lambda: self._unwrapped(slot, slot.binding))
        aad = slot_aad(slot.binding, kek.compartment, kek.gen)
        self._store.move_slot(slot.object_id, kek, wrap(self._opened_kek(kek), dek, aad))

    def _new_document_slot(self, doc_id: bytes, compartment: str) -> SlotRow:
        with self._store.writing():
            if self._store.is_shredded_document(doc_id):
                # Otherwise merely looking at a destroyed document would give it a new, empty key.
                raise Unreadable(doc_id)
            if self._store.document_slot(doc_id) is None:
                object_id = os.urandom(16)
                binding = document_binding(self._suite, object_id, doc_id)
                self._add(object_id, doc_id, DOCUMENT_KEY, compartment, binding, self._suite.fresh_key())
            slot = self._store.document_slot(doc_id)
        if slot is None:
            raise Unreadable(doc_id)
        return slot

    def _field_key(self, slot: SlotRow) -> FieldKey:
        suite = suite_of(slot.suite)
        # Computed, not read: a slot relabelled for another document must not open there.
        secret = self._unwrapped(slot, document_binding(suite, slot.object_id, slot.doc_id))
        return FieldKey(suite.kdf(secret, b"MFV1 fields", suite.key_length), slot.object_id, suite)

    # -- compartment keys -------------------------------------------------------------------------------------------

    def _current(self, compartment: str) -> KekRow:
        kek = self._store.current_kek(_checked(compartment)) or self._new_kek(compartment)
        if kek.wraps >= WRAPS_MOST:
            raise KeyWornOut(f"{kek.kek_id} has made {kek.wraps} wraps")
        return kek

    def _new_kek(self, compartment: str) -> KekRow:
        gen, suite = self._store.highest_gen(compartment) + 1, self._suite
        wrapped = wrap(self._over_keks(suite), suite.fresh_key(), kek_aad(compartment, gen, suite.number))
        kek = KekRow(f"{compartment}#{gen}", compartment, gen, suite.number, wrapped, 0)
        self._store.add_kek(kek, self.now())
        return kek

    def _opened_kek(self, kek: KekRow) -> Aead:
        row, suite = (kek.kek_id, kek.compartment, kek.gen, kek.suite, kek.wrapped), suite_of(kek.suite)
        if row not in self._keks:
            aad = kek_aad(kek.compartment, kek.gen, kek.suite)
            self._keks[row] = suite.aead(unwrap(self._over_keks(suite), kek.wrapped, aad))
        return self._keks[row]

    def _over_keks(self, suite: Suite) -> Aead:
        return suite.aead(self._root.derive(f"MFV1 kek|{suite.number}", suite.key_length))

    def _superseded(self, compartment: str) -> tuple[list[str], KekRow]:
        """Ids of the keys to be emptied, and the key that takes over."""
        living = [kek for kek, _ in self._store.keks() if kek.compartment == compartment]
        if not living:
            raise ValueError("nothing was ever sealed for this compartment")
        # Two living keys mean that an earlier rotation was cut off: it is finished before another one begins.
        heir = living.pop() if len(living) > 1 else self._new_kek(compartment)
        return [kek.kek_id for kek in living], heir

    def _emptied(self, kek_id: str, compartment: str, batch: int) -> int:
        moved = 0
        while True:
            with self._store.writing():
                slots, kek = self._store.slots_under(kek_id, batch), self._current(compartment)
                for slot in slots:
                    self._rewrap(slot, kek)
            if not slots:
                return moved
            moved += len(slots)
            self._passed("batch moved")

    def _check_anchor(self) -> None:
        proof = self._root.derive("MFV1 anchor")
        with self._store.writing():
            if self._store.anchor() is None:
                self._store.set_anchor(proof)
        if not hmac.compare_digest(self._store.anchor() or b"", proof):
            raise WrongRootKey("the key store was made under another root key")


def _checked(compartment: str) -> str:
    if not _COMPARTMENT.fullmatch(compartment):
        raise ValueError("a compartment is 1 to 64 printable characters without blanks")
    return compartment
