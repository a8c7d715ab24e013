"""Signed calls: one form, in which every part of a call is signed and nothing else is taken."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest

from crypto.constants import COUNTER_MOST
from crypto.encoding import b64
from crypto.errors import BadSignature, Malformed
from crypto.public import note_signing, request_signing
from crypto.public.request_signing import Claim, Signed
from tests.crypto.networks import seed_of
from tests.crypto.streams import flipped, refusal_of

SEED, NETWORK, OTHER = seed_of("a member"), seed_of("a network"), seed_of("another")
KEY = note_signing.public_of(SEED)
CALL: dict[str, Any] = {
    "method": "PUT",
    "path": "/v1/organisations/me/members",
    "query": "",
    "body": b'{"members":[]}',
    "network_id": NETWORK,
}
SIGNED = request_signing.sign(SEED, counter=41, **CALL)


def refused(signed: Signed = SIGNED, **changed: Any) -> bool:
    """Whether a call with other headers or parts is refused as BadSignature."""
    call = CALL | changed
    return refusal_of(lambda: request_signing.verify(signed, **call)) is BadSignature


def with_input(value: str) -> Signed:
    """Headers of another Signature-Input, whose signature holds for exactly that."""
    base = (
        f'"@method": {CALL["method"]}\n"@path": {CALL["path"]}\n"@query": ?\n'
        f'"content-digest": {SIGNED.digest}\n'
        f'"@signature-params": {value.removeprefix("towpath=")}'
    )
    signature = b64(note_signing.sign(SEED, base.encode()))
    return replace(SIGNED, signature_input=value, signature=f"towpath=:{signature}:")


def test_a_signed_call_says_who_signed_it_and_its_counter() -> None:
    """What was signed verifies, and gives key and counter to whoever keeps them."""
    assert request_signing.verify(SIGNED, **CALL) == Claim(KEY, 41)
    assert request_signing.read(SIGNED.signature_input, NETWORK) == Claim(KEY, 41)
    assert request_signing.verify(SIGNED, **CALL | {"query": b""}) == Claim(KEY, 41)


def test_the_headers_are_those_of_the_specification() -> None:
    """Written out by hand, and signed by hand over the same lines."""
    keyid, tag = (base64.urlsafe_b64encode(one).decode().rstrip("=") for one in (KEY, NETWORK))
    assert SIGNED.signature_input == (
        'towpath=("@method" "@path" "@query" "content-digest");nonce="41";'
        f'keyid="{keyid}";tag="towpath/v1/{tag}"'
    )
    assert with_input(SIGNED.signature_input) == SIGNED


@pytest.mark.parametrize(
    "changed",
    [{"method": "POST"}, {"method": "put"}, {"method": "PUT "}, {"method": ""},
     {"path": "/v1/organisations/me/member"}, {"path": "/v1/organisations/me/members/"},
     {"path": "/v1/organisations/%6de/members"}, {"path": ""}, {"path": "v1"},
     {"query": "a"}, {"query": "?"}, {"query": b"a=1"}, {"query": b"\xff"}, {"query": "\n"},
     {"body": b""}, {"body": b'{"members": []}'}, {"network_id": OTHER}],
)  # fmt: skip
def test_P10_no_part_of_a_call_can_be_changed(changed: dict[str, Any]) -> None:
    """Method, path, query, body and network are signed, each of them."""
    assert refused(**changed)


@pytest.mark.parametrize("part", ["path", "query"])
@pytest.mark.parametrize("value", ["/a\nb", "/a b", "/\x00", "/\x7f", "/é", "/\ud800"])
def test_a_line_of_what_is_signed_cannot_be_broken(part: str, value: str) -> None:
    """A line feed in path or query would let one call be signed and another be read."""
    changed: dict[str, Any] = {part: value}
    assert refused(**changed)
    with pytest.raises(Malformed):
        request_signing.sign(SEED, counter=1, **CALL | changed)


def test_path_and_query_cannot_run_into_each_other() -> None:
    """The same characters, parted elsewhere, are another call."""
    whole = CALL | {"path": "/v1/drop", "query": "after=1"}
    signed = request_signing.sign(SEED, counter=1, **whole)
    for path, query in (
        ("/v1/drop?after=1", ""),
        ("/v1/drop?", "after=1"),
        ("/v1/dro", "p?after=1"),
    ):
        assert refused(signed, path=path, query=query, body=whole["body"])


@pytest.mark.parametrize("counter", [0, -1, COUNTER_MOST + 1, 1 << 64])
def test_a_counter_out_of_range_is_not_signed_and_not_read(counter: int) -> None:
    """1 to 2^63 - 1, so that a database holds it."""
    with pytest.raises(Malformed):
        request_signing.sign(SEED, counter=counter, **CALL)
    assert refused(with_input(SIGNED.signature_input.replace('"41"', f'"{counter}"')))


@pytest.mark.parametrize("counter", [1, 9, 10, COUNTER_MOST])
def test_counters_at_the_edges_are_read(counter: int) -> None:
    """The least and the most."""
    signed = request_signing.sign(SEED, counter=counter, **CALL)
    assert request_signing.verify(signed, **CALL).counter == counter


@pytest.mark.parametrize(
    "written", ["041", "+41", " 41", "41 ", "4_1", "41.0", "0x29", "٤١", "", "4" * 5000, '41"']
)
def test_a_counter_has_one_spelling(written: str) -> None:
    """What a lax reader would take for 41 is refused, though its signature holds."""
    assert refused(with_input(SIGNED.signature_input.replace('"41"', f'"{written}"')))


OTHER_INPUTS = {
    "created": (";tag=", ";created=1;tag="),
    "created behind": ('"towpath', '";created=1;tag="towpath'),
    "alg": ("keyid=", 'alg="ed25519";keyid='),
    "spaces": (";", "; "),
    "another label": ("towpath=(", "sig=("),
    "a label twice": ("towpath=(", "towpath=towpath=("),
    "less is covered": ('"@query" ', ""),
    "the body is not covered": (' "content-digest"', ""),
    "more is covered": ('"@query"', '"@query" "@authority"'),
    "covered in another order": ('"@method" "@path"', '"@path" "@method"'),
    "a parameter of what is covered": ('"@query"', '"@query";req'),
    "no quotes": ('"41"', "41"),
    "another version": ("/v1/", "/v2/"),
    "another case": ("keyid", "keyID"),
    "a line feed": (";keyid", "\n;keyid"),
    "another tag": ("towpath/v1", "Towpath/v1"),
}


@pytest.mark.parametrize("change", OTHER_INPUTS.values(), ids=list(OTHER_INPUTS))
def test_T13_no_other_form_of_signature_input_is_read(change: tuple[str, str]) -> None:
    """Each is RFC 9421 or nearly so, and its signature holds; there is one form all the same."""
    old, new = change
    changed = SIGNED.signature_input.replace(old, new)
    assert changed != SIGNED.signature_input
    assert refused(with_input(changed))
    assert refusal_of(lambda: request_signing.read(changed, NETWORK)) is BadSignature


@pytest.mark.parametrize("more", [" ", "\n", ";", ", ", ";created=1", "\x00", '"'])
def test_T13_nothing_stands_before_or_behind_a_header(more: str) -> None:
    """Neither space nor a second member, in any of the three."""
    for name in ("digest", "signature_input", "signature"):
        value = getattr(SIGNED, name)
        for other in (value + more, more + value, f"{value}, {value}"):
            changed = with_input(other) if name == "signature_input" else SIGNED
            assert refused(replace(changed, **{name: other}))


def test_T13_key_and_signature_have_one_spelling() -> None:
    """The same bytes, written with spare bits, padding or the other alphabet, are refused."""
    keyid = SIGNED.signature_input.split('keyid="')[1][:43]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    spare = keyid[:-1] + letters[letters.index(keyid[-1]) + 1]
    assert base64.urlsafe_b64decode(spare + "=") == KEY
    for other in (spare, keyid + "=", keyid[:-1], keyid + "A", keyid[:-1] + "+", keyid[:-1] + "/"):
        assert refused(with_input(SIGNED.signature_input.replace(keyid, other)))
    text = SIGNED.signature[len("towpath=:") : -1]
    spare = text[:-3] + letters[letters.index(text[-3]) + 1] + "=="
    assert base64.b64decode(spare) == base64.b64decode(text)
    for other in (spare, text.rstrip("="), text + "=", text[4:], "", "="):
        assert refused(replace(SIGNED, signature=f"towpath=:{other}:"))


def test_the_signature_is_checked_strictly() -> None:
    """A bit of it, S + L, another's signature, and zeros under a key of small order."""
    signature = base64.b64decode(SIGNED.signature[len("towpath=:") : -1])
    order = 2**252 + 27742317777372353535851937790883648493
    large = int.from_bytes(signature[32:], "little") + order
    wrong = [flipped(signature, at) for at in range(0, 64, 7)]
    wrong += [signature[:32] + large.to_bytes(32, "little"), bytes(64)]
    for other in wrong:
        assert refused(replace(SIGNED, signature=f"towpath=:{b64(other)}:"))
    keyid = SIGNED.signature_input.split('keyid="')[1][:43]
    small = replace(
        SIGNED,
        signature_input=SIGNED.signature_input.replace(keyid, "A" * 43),
        signature=f"towpath=:{b64(bytes(64))}:",
    )
    assert refused(small)
    assert refused(
        replace(SIGNED, signature=request_signing.sign(OTHER, counter=41, **CALL).signature)
    )


def test_headers_of_two_calls_cannot_be_mixed() -> None:
    """A newer counter under an older signature, or the other way round, does not hold."""
    newer = request_signing.sign(SEED, counter=42, **CALL)
    assert request_signing.verify(newer, **CALL).counter == 42
    assert refused(replace(SIGNED, signature_input=newer.signature_input))
    assert refused(replace(SIGNED, signature=newer.signature))


def test_another_networks_call_is_refused_even_when_its_tag_is_named() -> None:
    """The tag is compared with the network that the server carries."""
    other = request_signing.sign(SEED, counter=41, **CALL | {"network_id": OTHER})
    assert refused(other)
    assert refusal_of(lambda: request_signing.read(other.signature_input, NETWORK)) is BadSignature


@pytest.mark.parametrize("size", [0, 31, 33])
def test_seeds_and_networks_of_another_length_are_not_signed_with(size: int) -> None:
    """Malformed, before anything is signed."""
    with pytest.raises(Malformed):
        request_signing.sign(bytes(size), counter=1, **CALL)
    with pytest.raises(Malformed):
        request_signing.sign(SEED, counter=1, **CALL | {"network_id": bytes(size)})


def test_T2_neither_headers_nor_claim_show_who_signed() -> None:
    """Printed or in a traceback, they name no key."""
    keyid = SIGNED.signature_input.split('keyid="')[1][:43]
    shown = f"{SIGNED!r} {request_signing.verify(SIGNED, **CALL)!r}"
    assert keyid not in shown
    assert repr(KEY)[2:-1] not in shown
