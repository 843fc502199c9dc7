"""Suite 1: AES-256-GCM, SHA-256, HMAC-SHA256, HKDF-SHA256, all from pyca/cryptography and hashlib."""

import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mifeng.engines.vault.suites import Suite


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _hmac_sha256(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, "sha256")


def _hkdf_sha256(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt or None, info=info).derive(secret)


INTERNATIONAL = Suite(
    number=1,
    key_length=32,
    aead=AESGCM,
    hash=_sha256,
    mac=_hmac_sha256,
    extract_expand=_hkdf_sha256,
)
