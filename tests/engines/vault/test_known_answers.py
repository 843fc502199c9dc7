"""The primitives against the published answers of their standards."""

import pytest
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from shamir_mnemonic import MnemonicError, combine_mnemonics

from mifeng.engines.vault import SelfTestFailed, UnknownSuite, self_test, selftest
from mifeng.engines.vault.suites.chosen import suite_of

from . import reference

H = bytes.fromhex
ONE = suite_of(1)

GCM = {  # key, nonce, text, aad, ciphertext, tag: test cases 13 to 15 of the GCM submission, then NIST CAVP, 96-bit IV
    "case 13": ("00" * 32, "00" * 12, "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
    "case 14": (
        "00" * 32, "00" * 12, "00" * 16, "", "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919",
    ),
    "case 15": (
        "feffe9928665731c6d6a8f9467308308" * 2, "cafebabefacedbaddecaf888",
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
        "",
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad",
        "b094dac5d93471bdec1a502270e3cc6c",
    ),
    "no text, no aad": (
        "b52c505a37d78eda5dd34f20c22540ea1b58963cf8e5bf8ffa85f9f2492505b4", "516c33929df5a3284ff463d7",
        "", "", "", "bdc1ac884d332457a1d2664f168c76f0",
    ),
    "aad only": (
        "78dc4e0aaf52d935c3c01eea57428f00ca1fd475f5da86a49c8dd73d68c8e223", "d79cf22d504cc793c3fb6c8a",
        "", "b96baa8c1c75a671bfb2d08d06be5f36", "", "3e5d486aa2e30b22e040b85723a06e76",
    ),
    "text only": (
        "31bdadd96698c204aa9ce1448ea94ae1fb4a9a0b3c9d773b51bb1822666b8f22", "0d18e06c7c725ac9e362e1ce",
        "2db5168e932556f8089a0622981d017d", "", "fa4362189661d163fcd6a56d8bf0405a", "d636ac1bbedd5cc3ee727dc2ab4a9489",
    ),
}  # fmt: skip

HKDF = {  # RFC 5869, appendix A.1 to A.3: secret, salt, info, length, answer
    "A.1": (
        "0b" * 22, "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9", 42,
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    ),
    "A.2": (
        bytes(range(0x00, 0x50)).hex(), bytes(range(0x60, 0xB0)).hex(), bytes(range(0xB0, 0x100)).hex(), 82,
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
        "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
    ),
    "A.3": (
        "0b" * 22, "", "", 42,
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    ),
}  # fmt: skip

# Official SLIP-39 test vectors (trezor/python-shamir-mnemonic, vectors.json, MIT), passphrase TREZOR.
SHARES_THAT_FIT = {
    "one of one": (
        ["duckling enlarge academic academic agency result length solution fridge kidney coal piece deal husband erode "
         "duke ajar critical decision keyboard"],
        "bb54aac4b89dc868ba37d9cc21b2cece",
    ),
    "two of three": (
        ["shadow pistol academic always adequate wildlife fancy gross oasis cylinder mustang wrist rescue view short "
         "owner flip making coding armed",
         "shadow pistol academic acid actress prayer class unknown daughter sweater depict flip twice unkind craft "
         "early superior advocate guest smoking"],
        "b43ceb7e57a0ea8766221624d01b0864",
    ),
    "two of three, 256 bits": (
        ["humidity disease academic always aluminum jewelry energy woman receiver strategy amuse duckling lying "
         "evidence network walnut tactics forget hairy rebound impulse brother survive clothes stadium mailman rival "
         "ocean reward venture always armed unwrap",
         "humidity disease academic agency actress jacket gross physics cylinder solution fake mortgage benefit public "
         "busy prepare sharp friar change work slow purchase ruler again tricycle involve viral wireless mixture "
         "anatomy desert cargo upgrade"],
        "c938b319067687e990e05e0da0ecce1278f75ff58d9853f19dcaeed5de104aae",
    ),
}  # fmt: skip
SHARES_THAT_DO_NOT = {
    "bad checksum": [
        "duckling enlarge academic academic agency result length solution fridge kidney coal piece deal husband erode "
        "duke ajar critical decision kidney"
    ],
    "bad padding": [
        "duckling enlarge academic academic email result length solution fridge kidney coal piece deal husband erode "
        "duke ajar music cargo fitness"
    ],
    "too few": [
        "shadow pistol academic always adequate wildlife fancy gross oasis cylinder mustang wrist rescue view short "
        "owner flip making coding armed"
    ],
    "different identifiers": [
        "adequate smoking academic acid debut wine petition glen cluster slow rhyme slow simple epidemic rumor junk "
        "tracks treat olympic tolerate",
        "adequate stay academic agency agency formal party ting frequent learn upstairs remember smear leaf damage "
        "anatomy ladle market hush corner",
    ],
}


@pytest.mark.parametrize("key,nonce,text,aad,sealed,tag", GCM.values(), ids=GCM.keys())
def test_aes_256_gcm(key: str, nonce: str, text: str, aad: str, sealed: str, tag: str) -> None:
    cipher, answer = ONE.aead(H(key)), H(sealed) + H(tag)
    assert cipher.encrypt(H(nonce), H(text), H(aad)) == answer
    assert cipher.decrypt(H(nonce), answer, H(aad)) == H(text)
    with pytest.raises(InvalidTag):
        cipher.decrypt(H(nonce), answer[:-1] + bytes([answer[-1] ^ 1]), H(aad))


@pytest.mark.parametrize("secret,salt,info,length,answer", HKDF.values(), ids=HKDF.keys())
def test_hkdf_sha256(secret: str, salt: str, info: str, length: int, answer: str) -> None:
    assert ONE.kdf(H(secret), H(info), length, H(salt)) == H(answer)
    if not salt:
        assert reference.hkdf(H(secret), H(info), length) == H(answer)


def test_argon2id_of_the_reference_implementation() -> None:
    for memory_kib, answer in [
        (256, "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"),
        (65536, "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"),
    ]:
        assert hash_secret_raw(b"password", b"somesalt", 2, memory_kib, 1, 32, Type.ID) == H(answer)


@pytest.mark.parametrize("shares,secret", SHARES_THAT_FIT.values(), ids=SHARES_THAT_FIT.keys())
def test_slip39_shares_that_fit(shares: list[str], secret: str) -> None:
    assert combine_mnemonics(shares, b"TREZOR") == H(secret)


@pytest.mark.parametrize("shares", SHARES_THAT_DO_NOT.values(), ids=SHARES_THAT_DO_NOT.keys())
def test_slip39_shares_that_do_not(shares: list[str]) -> None:
    with pytest.raises(MnemonicError):
        combine_mnemonics(shares, b"TREZOR")


def test_self_test_names_what_it_asked() -> None:
    assert self_test() == ("SHA-256", "HMAC-SHA256", "HKDF-SHA256", "AES-256-GCM", "Argon2id", "MFV1", "SLIP-39")


def test_self_test_notices_a_wrong_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selftest, "GOLDEN", "00" * 32)
    with pytest.raises(SelfTestFailed, match="MFV1"):
        self_test()


def test_the_golden_container_of_the_self_test_is_that_of_the_reference() -> None:
    key = bytes(range(32))
    head = reference.header(key, b"d" * 16, 1, 0, 3, 5, b"o" * 16, b"prefix7")
    assert ONE.hash(reference.container(key, head, b"hello")).hex() == selftest.GOLDEN


def test_there_is_no_other_suite_yet() -> None:
    assert suite_of(1).number == 1
    for number in (0, 2, 255):
        with pytest.raises(UnknownSuite):
            suite_of(number)
