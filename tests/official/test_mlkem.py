"""ML-KEM-768, the post-quantum half of X-Wing, in the library and in the reference's package."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from kyber_py.ml_kem import ML_KEM_768

from tests.official.vectors import Count, nist, unhex

_REFERENCE_CASES = 20  # plain Python is slow; the library runs all of the cases


def test_T53_known_answers(count_official: Count) -> None:
    """Key generation and decapsulation, implicit rejection included, give the known answers."""
    cases = nist("asymmetric/MLKEM/kat_MLKEM_768.rsp")
    for case in cases:
        key = MLKEM768PrivateKey.from_seed_bytes(unhex(case["d"]) + unhex(case["z"]))
        assert key.public_key().public_bytes_raw() == unhex(case["pk"])
        assert key.decapsulate(unhex(case["ct"])) == unhex(case["ss"])
        assert key.decapsulate(unhex(case["ct_n"])) == unhex(case["ss_n"])
    count_official("ML-KEM-768: known answers (pyca)", len(cases))
    for case in cases[:_REFERENCE_CASES]:
        ek, dk = ML_KEM_768._keygen_internal(unhex(case["d"]), unhex(case["z"]))
        secret, ciphertext = ML_KEM_768._encaps_internal(ek, unhex(case["msg"]))
        assert (ek, dk) == (unhex(case["pk"]), unhex(case["sk"]))
        assert (secret, ciphertext) == (unhex(case["ss"]), unhex(case["ct"]))
        assert ML_KEM_768._decaps_internal(dk, unhex(case["ct_n"])) == unhex(case["ss_n"])
    count_official("ML-KEM-768: known answers (reference)", _REFERENCE_CASES)
