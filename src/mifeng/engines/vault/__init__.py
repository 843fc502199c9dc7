"""Vault: keep texts unreadable to whoever holds the disk, open exactly one part for one decided deed, shred provably.

Three things on disk, in three places: the root key wrapped under a passphrase (``FileProvider``), one wrapped key
for each object (``KeyStore``, keys.db), and the sealed objects (``Folder``). Without the passphrase all are noise.

>>> import os, tempfile
>>> from mifeng.engines.vault import FileProvider, Folder, KeyStore, Kind, Unreadable, Vault
>>> home = tempfile.TemporaryDirectory()
>>> root = FileProvider(home.name + "/keys/root.key").create("correct horse 密封")
>>> vault = Vault(root, KeyStore(home.name + "/keys/keys.db"), Folder(home.name + "/blobs"))

An object is sealed before the business transaction, and withdrawn by naming what the caller's row says it is:

>>> paper = os.urandom(16)
>>> made = vault.prepare(b"the third draft", kind=Kind.ORIGINAL, doc_id=paper, version=1, part=0, compartment="20:YF")
>>> vault.withdraw(made.object_id, doc_id=paper, version=1, part=0, kind=Kind.ORIGINAL, start=4, length=5)
b'third'

Titles and other fields of a document are sealed for one place in one table:

>>> fields = vault.document_key(paper, "20:YF")
>>> sealed = fields.seal("document.title|7f3a", "青鹭三型")
>>> fields.open("document.title|7f3a", sealed)
'青鹭三型'

Shredding the keys ends everything of the document at once, whoever still has copies of the blobs:

>>> receipt = vault.shred(holding.object_id for holding in vault.holdings(paper))
>>> len(receipt.shredded)
2
>>> vault.withdraw(made.object_id, doc_id=paper, version=1, part=0, kind=Kind.ORIGINAL)
Traceback (most recent call last):
mifeng.engines.vault.errors.Unreadable: object ... cannot be opened
>>> vault.close(); home.cleanup()

Rules for callers. Seal first, commit the row after: a crash then leaves an orphan (``orphans``, ``sweep``), never a
row without its object. Destroy in two deeds: intent (``holdings``), then ``shred`` until it returns a receipt. Ask
``self_test`` at every start. The compartment is a plain string such as ``"20:YF"``; the engine gives it no meaning.
What this cannot do: hide anything from somebody who controls the running process. Formats: docs/spec/vault.md.
"""

from mifeng.engines.vault.envelope import Kind
from mifeng.engines.vault.errors import (
    BlobAbsent,
    BlobExists,
    KeyFileAbsent,
    KeyFileDamaged,
    KeyFileExists,
    KeyFileExposed,
    KeysBesideBlobs,
    KeyStoreForeign,
    KeyWornOut,
    LengthDiffers,
    LengthUnknown,
    ResidueRemains,
    RootKeyForgotten,
    SelfTestFailed,
    ShareRefused,
    SpoolClosed,
    UnknownSuite,
    Unreadable,
    VaultError,
    WrongPassphrase,
    WrongRootKey,
)
from mifeng.engines.vault.fields import FieldKey
from mifeng.engines.vault.keyring import KekState, Rotation
from mifeng.engines.vault.keystore import KeyStore, ShreddedRow
from mifeng.engines.vault.providers.file import Cost, FileProvider
from mifeng.engines.vault.rootkey import RootKey
from mifeng.engines.vault.selftest import self_test
from mifeng.engines.vault.spool import Spool, SpoolFile
from mifeng.engines.vault.stores import BlobStore
from mifeng.engines.vault.stores.folder import Folder
from mifeng.engines.vault.vault import Holding, Orphans, Prepared, Receipt, Swept, Vault

__all__ = [
    "BlobAbsent",
    "BlobExists",
    "BlobStore",
    "Cost",
    "FieldKey",
    "FileProvider",
    "Folder",
    "Holding",
    "KekState",
    "KeyFileAbsent",
    "KeyFileDamaged",
    "KeyFileExists",
    "KeyFileExposed",
    "KeyStore",
    "KeyStoreForeign",
    "KeyWornOut",
    "KeysBesideBlobs",
    "Kind",
    "LengthDiffers",
    "LengthUnknown",
    "Orphans",
    "Prepared",
    "Receipt",
    "ResidueRemains",
    "RootKey",
    "RootKeyForgotten",
    "Rotation",
    "SelfTestFailed",
    "ShareRefused",
    "ShreddedRow",
    "Spool",
    "SpoolClosed",
    "SpoolFile",
    "Swept",
    "UnknownSuite",
    "Unreadable",
    "Vault",
    "VaultError",
    "WrongPassphrase",
    "WrongRootKey",
    "self_test",
]
