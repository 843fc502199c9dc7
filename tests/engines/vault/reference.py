"""The formats of docs/spec/vault.md once more, slowly and without the engine: what a second implementation would write.

Everything in one piece, no streams, no stores; ``open_*`` returns ``None`` for what must not open.
"""

import hashlib
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


def gcm_seal(key: bytes, nonce: bytes, text: bytes, aad: bytes) -> bytes:
    cipher = Cipher(algorithms.AES(key), modes.GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(aad)
    return cipher.update(text) + cipher.finalize() + cipher.tag


def gcm_open(key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes | None:
    if len(sealed) < 16:
        return None
    cipher = Cipher(algorithms.AES(key), modes.GCM(nonce, sealed[-16:])).decryptor()
    cipher.authenticate_additional_data(aad)
    try:
        return cipher.update(sealed[:-16]) + cipher.finalize()
    except InvalidTag:
        return None


def hkdf(secret: bytes, info: bytes, length: int = 32) -> bytes:
    prk, block, out = hmac.digest(bytes(32), secret, "sha256"), b"", b""
    while len(out) < length:
        block = hmac.digest(prk, block + info + bytes([len(out) // 32 + 1]), "sha256")
        out += block
    return out[:length]


def header(
    dek: bytes, doc_id: bytes, version: int, part: int, kind: int, length: int, object_id: bytes, prefix: bytes,
    log2: int = 16, suite: int = 1,
) -> bytes:  # fmt: skip
    fields = (
        b"MFV1" + bytes([suite, log2, kind, 0]) + doc_id + version.to_bytes(4) + part.to_bytes(4)
        + length.to_bytes(8) + object_id + prefix + b"\0"
    )  # fmt: skip
    return fields + hmac.digest(dek, b"MFV1 commit" + fields, "sha256")


def container(dek: bytes, head: bytes, text: bytes, *, mark_last: bool = True) -> bytes:
    chunk, prefix, aad = 1 << head[5], head[56:63], hashlib.sha256(head).digest()
    blocks = [text[at : at + chunk] for at in range(0, len(text), chunk)] or [b""]
    out = head
    for number, block in enumerate(blocks):
        last = mark_last and number == len(blocks) - 1
        out += gcm_seal(dek, prefix + number.to_bytes(4) + bytes([last]), block, aad)
    return out


def open_container(dek: bytes, sealed: bytes) -> bytes | None:
    head = sealed[:96]
    if len(head) < 96 or head[:5] != b"MFV1\1" or head[7] or head[63] or not 12 <= head[5] <= 20:
        return None
    if not 1 <= head[6] <= 8 or hmac.digest(dek, b"MFV1 commit" + head[:64], "sha256") != head[64:]:
        return None
    chunk, length, aad, text = 1 << head[5], int.from_bytes(head[32:40]), hashlib.sha256(head).digest(), b""
    count = max(1, -(-length // chunk))
    if len(sealed) != 96 + length + 16 * count:
        return None
    for number in range(count):
        at = 96 + number * (chunk + 16)
        nonce = head[56:63] + number.to_bytes(4) + bytes([number == count - 1])
        block = gcm_open(dek, nonce, sealed[at : at + chunk + 16], aad)
        if block is None:
            return None
        text += block
    return text


def wrap_kek(root: bytes, kek: bytes, compartment: str, gen: int, nonce: bytes) -> bytes:
    aad = b"MFV1 kek\1" + compartment.encode() + gen.to_bytes(4)
    return nonce + gcm_seal(hkdf(root, b"MFV1 kek|1"), nonce, kek, aad)


def wrap_dek(kek: bytes, dek: bytes, binding: bytes, compartment: str, gen: int, nonce: bytes) -> bytes:
    aad = b"MFV1 slot" + binding + compartment.encode() + gen.to_bytes(4)
    return nonce + gcm_seal(kek, nonce, dek, aad)


def document_binding(object_id: bytes, doc_id: bytes) -> bytes:
    return hashlib.sha256(b"MFV1 document key" + object_id + doc_id).digest()


def field(document_key: bytes, context: str, text: str, nonce: bytes) -> bytes:
    return b"\1" + nonce + gcm_seal(hkdf(document_key, b"MFV1 fields"), nonce, text.encode(), context.encode())


def register_field(root: bytes, compartment: str, context: str, text: str, nonce: bytes) -> bytes:
    key = hkdf(root, f"MFV1 register|{compartment}".encode())
    return b"\1" + nonce + gcm_seal(key, nonce, text.encode(), context.encode())
