"""What can go wrong in the vault, each error named by the fact. No message carries a key, a text or a share."""


class VaultError(Exception):
    """Root of all errors of this engine."""


class Unreadable(VaultError):
    """An object or field could not be opened: shredded, absent, forged, moved, cut, or sealed under another key.

    ``object_id`` (bytes) is all that the caller learns. Why it failed stands in the log ``mifeng.vault``, because an
    answer that tells a missing key from a wrong tag is an oracle.
    """

    def __init__(self, object_id: bytes) -> None:
        super().__init__(f"object {object_id.hex()} cannot be opened")
        self.object_id = object_id


class Broken(VaultError):
    """Why an object is unreadable, one short word group. Never leaves the engine except into the log."""


class WrongPassphrase(VaultError):
    """The passphrase does not open the key file, or the file was altered; the two cannot be told apart."""


class WrongRootKey(VaultError):
    """The key store was made under another root key, e.g. after a restore of mixed backups."""


class RootKeyForgotten(VaultError):
    """The vault is sealed again: the root key was wiped from memory."""


class KeyFileAbsent(VaultError):
    """There is no key file at this path."""


class KeyFileExists(VaultError):
    """A key file is already there; making another would orphan everything sealed under it."""


class KeyFileExposed(VaultError):
    """The key file or its folder can be read or entered by other accounts."""


class KeyFileDamaged(VaultError):
    """The key file is no well-formed MFK1 text."""


class KeyStoreForeign(VaultError):
    """The file is no key store of this engine, or of a version it does not know."""


class KeysBesideBlobs(VaultError):
    """The key store lies inside the blob folder: one copied folder would hold both lock and key."""


class KeyWornOut(VaultError):
    """A compartment key has made 2^32 wraps with random nonces; it must be rotated before it wraps again."""


class UnknownSuite(VaultError):
    """No cipher suite has this number."""


class LengthUnknown(VaultError):
    """A stream without a length: hand the length in, or write to a spool first."""


class LengthDiffers(VaultError):
    """A stream had fewer or more bytes than announced."""

    def __init__(self, expected: int, got: str) -> None:
        super().__init__(f"expected {expected} bytes, got {got}")


class BlobAbsent(VaultError):
    """The blob store has no blob of this name."""


class BlobExists(VaultError):
    """A blob of this name is already there. Blobs are written once and never changed."""


class ResidueRemains(VaultError):
    """The slots are deleted, but another process keeps the key store's journal open, so old pages may still lie in it.

    Not yet a destruction: call ``shred`` with the same ids again.
    """


class SpoolClosed(VaultError):
    """The spool was dropped or already finished; its key is gone."""


class ShareRefused(VaultError):
    """A share, or a set of shares, is not acceptable. The message never repeats a word of it."""


class SelfTestFailed(VaultError):
    """A known answer came out differently; nothing may be sealed or opened by this installation."""
