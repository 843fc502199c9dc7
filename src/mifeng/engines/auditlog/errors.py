"""What can go wrong in the log, each error named by the fact. No message carries the text of an entry."""


class AuditLogError(Exception):
    """Root of all errors of this engine."""


class NotCanonical(AuditLogError):
    """A value has no canonical form, or bytes that should be an entry are not in it."""


class EntryTooLong(NotCanonical):
    """An entry has more than 60 000 bytes: bundles carry a 16-bit length."""


class HeadInconsistent(AuditLogError):
    """The stored frontier does not belong to the stored size: the head was damaged, nothing may be appended to it."""


class NoteMalformed(AuditLogError):
    """A text is not a signed note, or not a checkpoint."""


class SignatureWrong(AuditLogError):
    """A known key stands under the note, but its signature does not verify."""


class SignedByNoKnownKey(AuditLogError):
    """None of the keys handed in signed the note."""


class KeyUnusable(AuditLogError):
    """A key is malformed, of an unknown type, not in canonical form, or of small order."""


class ProofWrong(AuditLogError):
    """A proof does not lead to the root it claims, or has the wrong length."""
