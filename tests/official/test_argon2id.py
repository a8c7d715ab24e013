"""Argon2id: RFC 9106 through pyca, libsodium's own vectors through PyNaCl, and both compared.

PyNaCl, which the product uses, offers one lane and no secret or associated data, so RFC 9106's own
vector can run through pyca alone. Where both can run, both must agree.
"""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from nacl.bindings import crypto_pwhash_alg, crypto_pwhash_ALG_ARGON2ID13

from crypto.client.passphrase import stretch
from crypto.constants import ARGON2_LANES, ARGON2_MEMORY_KIB, ARGON2_PASSES
from crypto.errors import Malformed
from tests.official.vectors import Count, committed, nist, unhex


def test_T53_argon2id_rfc9106(count_official: Count) -> None:
    """RFC 9106's vector and the reference tool's come out of pyca."""
    cases = nist("KDF/argon2id.txt")
    assert any("secret" in case for case in cases)
    for case in cases:
        function = Argon2id(
            salt=unhex(case["salt"]),
            length=int(case["length"]),
            iterations=int(case["iter"]),
            lanes=int(case["lanes"]),
            memory_cost=int(case["memcost"]),
            ad=unhex(case["ad"]) if "ad" in case else None,
            secret=unhex(case["secret"]) if "secret" in case else None,
        )
        assert function.derive(unhex(case["pass"])) == unhex(case["output"])
    count_official("Argon2id: RFC 9106 and reference tool (pyca)", len(cases))


def test_T53_argon2id_libsodium(count_official: Count) -> None:
    """Libsodium's vectors with one lane come out of PyNaCl and, independently, of pyca."""
    cases = committed("libsodium_argon2id.json")["cases"]
    for case in cases:
        password, salt = unhex(case["password"]), unhex(case["salt"])
        output = crypto_pwhash_alg(
            case["length"],
            password,
            salt,
            case["opslimit"],
            case["memlimit"],
            crypto_pwhash_ALG_ARGON2ID13,
        )
        assert output == unhex(case["output"])
        kib = case["memlimit"] // 1024
        assert _pyca(password, salt, case["length"], case["opslimit"], kib) == output
    count_official("Argon2id: libsodium, one lane (PyNaCl and pyca)", len(cases))


@pytest.mark.parametrize("passphrase", ["correct horse", "дорога вздовж каналу", "曳舟道"])
def test_stretch_is_argon2id_with_the_specified_costs(passphrase: str) -> None:
    """The product's call equals pyca's Argon2id with the costs of the specification."""
    salt = bytes(range(16))
    expected = _pyca(passphrase.encode(), salt, 32, ARGON2_PASSES, ARGON2_MEMORY_KIB)
    assert ARGON2_LANES == 1
    assert stretch(passphrase, salt) == expected


def test_stretch_takes_equal_unicode_forms_for_equal() -> None:
    """Composed, decomposed and full-width forms of one passphrase give one key."""
    forms = ("caf\u00e9 A", "cafe\u0301 A", "caf\u00e9 \uff21")
    assert len({stretch(form, bytes(16)) for form in forms}) == 1


@pytest.mark.parametrize(("passphrase", "salt"), [("x", bytes(15)), ("\ud800", bytes(16))])
def test_T2_stretch_refuses_without_quoting(passphrase: str, salt: bytes) -> None:
    """A short salt or half a surrogate pair is Malformed, and no chained error quotes it."""
    with pytest.raises(Malformed) as caught:
        stretch(passphrase, salt)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def _pyca(password: bytes, salt: bytes, length: int, passes: int, kib: int) -> bytes:
    function = Argon2id(salt=salt, length=length, iterations=passes, lanes=1, memory_cost=kib)
    return function.derive(password)
