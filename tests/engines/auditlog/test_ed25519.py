"""The verifier's own Ed25519: the vectors of RFC 8032, agreement with OpenSSL, and what a strict reader refuses."""

import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mifeng.engines import auditlog

from . import reference
from .samples import SIGNER, verify_log

RFC_8032 = {  # section 7.1: seed, public key, message, signature
    "test 1": (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    "test 2": (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    "test 3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    "test SHA(abc)": (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
        "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
}
MESSAGE = b"a message"
PUBLIC = SIGNER.key.raw
GOOD = SIGNER.sign(MESSAGE.decode())
SCALAR = reference.secret(SIGNER.seed)
NEUTRAL = reference.encoded((0, 1))
LOOSE_NEUTRAL = (reference.P + 1).to_bytes(32, "little")


@pytest.mark.parametrize("name", RFC_8032)
def test_rfc_8032(name: str) -> None:
    seed, public, message, signature = map(bytes.fromhex, RFC_8032[name])
    assert Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw() == public
    assert verify_log.ed25519(public, message, signature)
    assert not verify_log.ed25519(public, message + b"x", signature)
    assert reference.encoded(reference.times(reference.secret(seed), reference.base())) == public


def test_it_agrees_with_openssl_on_random_keys_and_on_every_flipped_bit() -> None:
    chance = random.Random(8032)
    for _ in range(20):
        private = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        message = chance.randbytes(chance.randrange(200))
        public, signature = private.public_key().public_bytes_raw(), private.sign(message)
        assert verify_log.ed25519(public, message, signature)
        at = chance.randrange(512)
        flipped = bytearray(signature)
        flipped[at // 8] ^= 1 << at % 8
        assert not verify_log.ed25519(public, message, bytes(flipped))


def satisfying(point: bytes, public: bytes, scalar: int, of_point: int) -> bytes:
    """The signature that satisfies the equation for this spelling of the point, whatever a strict reader thinks."""
    number = (of_point + reference.challenge(point, public, MESSAGE) * scalar) % reference.L
    return point + number.to_bytes(32, "little")


def refused_signatures() -> dict[str, tuple[bytes, bytes]]:
    number = int.from_bytes(GOOD[32:], "little")
    nonce = reference.encoded(reference.times(12345, reference.base()))
    return {
        "empty": (PUBLIC, b""),
        "one byte short": (PUBLIC, GOOD[:-1]),
        "one byte long": (PUBLIC, GOOD + b"\0"),
        "key short": (PUBLIC[:-1], GOOD),
        "key long": (PUBLIC + b"\0", GOOD),
        "number not reduced": (PUBLIC, GOOD[:32] + (number + reference.L).to_bytes(32, "little")),
        "key is the neutral point": (NEUTRAL, satisfying(nonce, NEUTRAL, 0, 12345)),
        "key is the neutral point, loose": (LOOSE_NEUTRAL, satisfying(nonce, LOOSE_NEUTRAL, 0, 12345)),
        "key of order two": (reference.encoded((0, reference.P - 1)), GOOD),
        "key of order four": (bytes(32), GOOD),
        "key of order eight": ((reference.P - auditlog.notes._Y8).to_bytes(32, "little"), GOOD),
        "key beyond the field": ((reference.P + 3).to_bytes(32, "little"), GOOD),
        "key not on the curve": ((2).to_bytes(32, "little"), GOOD),
        "zero with a sign": ((1 | 1 << 255).to_bytes(32, "little"), GOOD),
        "point neutral": (PUBLIC, satisfying(NEUTRAL, PUBLIC, SCALAR, 0)),
        "point neutral, loose": (PUBLIC, satisfying(LOOSE_NEUTRAL, PUBLIC, SCALAR, 0)),
    }


@pytest.mark.parametrize("name", refused_signatures())
def test_refused_by_both(name: str) -> None:
    public, signature = refused_signatures()[name]
    assert not verify_log.ed25519(public, MESSAGE, signature)
    try:
        assert not auditlog.PublicKey("name", public).verifies(MESSAGE.decode(), signature)
    except auditlog.KeyUnusable:
        assert name.startswith(("key", "zero"))


def test_the_satisfying_signatures_would_be_good_with_honest_points() -> None:
    nonce = reference.encoded(reference.times(12345, reference.base()))
    signature = satisfying(nonce, PUBLIC, SCALAR, 12345)
    assert verify_log.ed25519(PUBLIC, MESSAGE, signature)
    assert auditlog.PublicKey("name", PUBLIC).verifies(MESSAGE.decode(), signature)


def test_all_eight_points_of_small_order_are_known_to_both() -> None:
    y8 = auditlog.notes._Y8
    for y in (0, 1, reference.P - 1, y8, reference.P - y8):
        for sign in (0, 1 << 255):
            public = (y | sign).to_bytes(32, "little")
            point = verify_log.decode_point(public)
            assert point is None or verify_log.small_order(point)
            with pytest.raises(auditlog.KeyUnusable):
                auditlog.PublicKey("name", public)
