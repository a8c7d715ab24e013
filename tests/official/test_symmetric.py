"""XChaCha20-Poly1305, HKDF-SHA256 and PBKDF2-HMAC-SHA256 through the product."""

from __future__ import annotations

import pytest

from crypto.client import aead
from crypto.errors import CannotOpen, Malformed
from crypto.kdf import hkdf, pbkdf2
from tests.official.vectors import Count, nist, unhex, wycheproof

# RFC 7914, section 11: password, salt, rounds, the first block of the output.
_RFC_7914 = (
    (b"passwd", b"salt", 1, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"),
    (
        b"Password",
        b"NaCl",
        80000,
        "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56",
    ),
)


def test_T53_xchacha20_poly1305_wycheproof(count_official: Count) -> None:
    """Valid vectors seal and open to their bytes; invalid ones are refused in their class."""
    passed = 0
    for _, test in wycheproof("wycheproof_xchacha20_poly1305.json"):
        key, nonce, aad = unhex(test["key"]), unhex(test["iv"]), unhex(test["aad"])
        plaintext, ciphertext = unhex(test["msg"]), unhex(test["ct"]) + unhex(test["tag"])
        if test["result"] == "valid":
            assert aead.seal(key, nonce=nonce, aad=aad, plaintext=plaintext) == ciphertext
            opened = aead.open_(key, nonce=nonce, aad=aad, ciphertext=ciphertext)
            assert opened == plaintext, test["tcId"]
        else:
            refusal = CannotOpen if len(nonce) == 24 else Malformed
            with pytest.raises(refusal):
                aead.open_(key, nonce=nonce, aad=aad, ciphertext=ciphertext)
        passed += 1
    count_official("XChaCha20-Poly1305: Wycheproof (with the draft's A.3.1)", passed)


def test_T53_xchacha20_poly1305_draft_example_is_among_them() -> None:
    """The Wycheproof file's known-answer test is draft-irtf-cfrg-xchacha-03, appendix A.3.1."""
    known = [t for _, t in wycheproof("wycheproof_xchacha20_poly1305.json") if "Ktv" in t["flags"]]
    assert known[0]["key"] == bytes(range(0x80, 0xA0)).hex()
    assert known[0]["iv"] == bytes(range(0x40, 0x58)).hex()
    assert unhex(known[0]["msg"]).startswith(b"Ladies and Gentlemen of the class of '99")
    assert known[0]["tag"] == "c0875924c1c7987947deafd8780acf49"


def test_T53_hkdf_rfc5869(count_official: Count) -> None:
    """The three SHA-256 cases of RFC 5869, appendix A."""
    cases = nist("KDF/rfc-5869-HKDF-SHA256.txt")
    for case in cases:
        okm = hkdf(
            unhex(case["IKM"]),
            salt=unhex(case["salt"]),
            info=unhex(case["info"]),
            length=int(case["L"]),
        )
        assert okm == unhex(case["OKM"])
    count_official("HKDF-SHA256: RFC 5869", len(cases))


def test_T53_hkdf_wycheproof(count_official: Count) -> None:
    """Valid vectors give their bytes; asking for too many bytes is refused."""
    passed = 0
    for _, test in wycheproof("wycheproof_hkdf_sha256.json"):
        ikm, salt, info = unhex(test["ikm"]), unhex(test["salt"]), unhex(test["info"])
        if test["result"] == "valid":
            okm = hkdf(ikm, salt=salt, info=info, length=test["size"])
            assert okm == unhex(test["okm"]), test["tcId"]
        else:
            assert "SizeTooLarge" in test["flags"]
            with pytest.raises(ValueError, match="8160"):
                hkdf(ikm, salt=salt, info=info, length=test["size"])
        passed += 1
    count_official("HKDF-SHA256: Wycheproof", passed)


def test_T53_pbkdf2_rfc7914(count_official: Count) -> None:
    """The two PBKDF2-HMAC-SHA256 cases of RFC 7914 give the first 32 of their 64 bytes."""
    for password, salt, rounds, output in _RFC_7914:
        assert pbkdf2(password, salt, rounds).hex() == output
    count_official("PBKDF2-HMAC-SHA256: RFC 7914", len(_RFC_7914))
