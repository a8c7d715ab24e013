"""Signed calls that do not hold, each refused as BadSignature (http.md, 7)."""

from __future__ import annotations

from typing import Any

from tools.vectors import wire
from tools.vectors.calls import (
    BODY,
    CALL,
    COMPONENTS,
    KEY,
    MOST,
    b64url,
    call_of,
    digest_of,
    parameters_of,
    signature_of,
)
from tools.vectors.people import OTHER_NETWORK_ID
from tools.vectors.scenario import Scenarios, maker
from tools.vectors.wire import draw

_OTHER_SEED = draw("member who signs other calls", 32)
# A character that ends base64 has spare bits that are zero; the one after it has not.
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
# A point of order 4: under a lax rule, zeros would be its signature of many messages.
_SMALL_ORDER = bytes(32)

Refused = dict[str, tuple[str, dict[str, Any]]]

_verify = maker("verify_call", "http.md 7")


def scenarios() -> Scenarios:
    """All of this area."""
    refused = {
        **_other_calls(),
        **_other_inputs(),
        **_other_keys(),
        **_other_digests(),
        **_other_signatures(),
    }
    for name, (comment, given) in refused.items():
        yield _verify(f"call_{name}", comment, given, "BadSignature")


def _other_calls() -> Refused:
    return {
        "other_method": ("Signed as POST, sent as PUT.", call_of(method="PUT")),
        "other_path": ("Sent to another path.", call_of(path="/v1/applications")),
        "path_with_slash": ("A slash more.", call_of(path="/v1/tokens/")),
        "path_encoded": ("The same path, written otherwise.", call_of(path="/v1/%74okens")),
        "other_query": ("With a query that was not signed.", call_of(query="a=1")),
        "other_body": ("Another body under the same headers.", call_of(body=BODY + " ")),
        "no_body": ("The body is gone.", call_of(body="")),
        "split_path": (
            "A path that holds the next line, and a query taken from it.",
            call_of(call={**CALL, "path": '/v1/tokens\n"@query": ?a'}),
        ),
        "query_not_ascii": (
            "A query that is not ASCII.",
            call_of(call={**CALL, "query": "a=\u00e9"}),
        ),
        "other_network": ("Another network's call.", call_of(network_id=OTHER_NETWORK_ID)),
    }


def _other_inputs() -> Refused:
    good = parameters_of()
    nonce, keyid, tag = good.split(";")[1:]
    two = good.replace('"@path" ', "")
    more = good.replace('digest")', 'digest" "date")')
    rows = {
        "created": ("A time.", f"{good};created=1771200000"),
        "created_first": ("A time in front.", f"{COMPONENTS};created=1;{nonce};{keyid};{tag}"),
        "expires": ("An end.", f"{good};expires=1771200000"),
        "alg": ("An alg.", f'{good};alg="ed25519"'),
        "order": ("Another order.", f"{COMPONENTS};{keyid};{nonce};{tag}"),
        "nonce_missing": ("No counter.", f"{COMPONENTS};{keyid};{tag}"),
        "keyid_missing": ("No key.", f"{COMPONENTS};{nonce};{tag}"),
        "tag_missing": ("No tag.", f"{COMPONENTS};{nonce};{keyid}"),
        "nonce_twice": ("Two counters.", f"{COMPONENTS};{nonce};{nonce};{keyid};{tag}"),
        "space": ("A space.", good.replace(";", "; ")),
        "space_after": ("A space behind.", good + " "),
        "line_feed": ("A line feed behind.", good + "\n"),
        "path_not_covered": ("The path is not covered.", two),
        "more_covered": ("Another header is covered.", more),
        "order_covered": (
            "What is covered, in another order.",
            good.replace('"@method" "@path"', '"@path" "@method"'),
        ),
        "capitals": ("Capitals.", good.replace("nonce", "Nonce")),
        "nonce_bare": ("A counter without quotes.", good.replace('"1"', "1")),
        "counter_0": ("Counter 0.", parameters_of(0)),
        "counter_zeros": ("A leading zero.", parameters_of("01")),
        "counter_plus": ("A sign.", parameters_of("+1")),
        "counter_minus": ("A negative counter.", parameters_of(-1)),
        "counter_empty": ("An empty counter.", parameters_of("")),
        "counter_hexadecimal": ("Another base.", parameters_of("0x1")),
        "counter_digits": ("Digits of another script.", parameters_of("\u0661")),
        "counter_large": ("2 to the 63.", parameters_of(MOST + 1)),
        "counter_long": ("A counter of 400 digits.", parameters_of("1" * 400)),
        "tag_version": ("Another version.", good.replace("towpath/v1/", "towpath/v2/")),
        "tag_cut": ("A network id cut short.", good[:-2] + '"'),
        "tag_padded": ("A network id with padding.", good[:-1] + '="'),
    }
    found = {name: (comment, call_of(said)) for name, (comment, said) in rows.items()}
    header = f"towpath={good}"
    found["label"] = ("Another label.", call_of(label="sig1="))
    found["no_label"] = ("No label.", call_of(label=""))
    found["two_signatures"] = ("Two signatures.", call_of(signature_input=f"{header}, sig1={good}"))
    found["input_empty"] = ("No Signature-Input.", call_of(signature_input=""))
    found["network_in_tag"] = (
        "A tag of another network.",
        call_of(parameters_of(1, OTHER_NETWORK_ID)),
    )
    return found


def _other_keys() -> Refused:
    good = b64url(KEY)
    spare = good[:-1] + _ALPHABET[_ALPHABET.index(good[-1]) + 1]
    zero = parameters_of(key=_SMALL_ORDER)
    signature = wire.b64(b"\x00" * 64)
    return {
        "other_key": ("Signed by another than it says.", call_of(seed=_OTHER_SEED)),
        "key_spare_bits": ("The same key, written otherwise.", call_of(_swapped(good, spare))),
        "key_padded": ("A key with padding.", call_of(_swapped(good, good + "="))),
        "key_base64": ("The other alphabet.", call_of(_swapped(good, wire.b64(KEY)))),
        "key_short": ("A key of 31 bytes.", call_of(_swapped(good, b64url(KEY[1:])))),
        "key_long": ("A key of 33 bytes.", call_of(_swapped(good, b64url(KEY + b"\x00")))),
        "key_empty": ("An empty key.", call_of(_swapped(good, ""))),
        "key_small_order": (
            "A key that is no key.",
            call_of(zero, signature_header=f"towpath=:{signature}:"),
        ),
    }


def _swapped(old: str, new: str) -> str:
    return parameters_of().replace(old, new)


def _other_digests() -> Refused:
    good = digest_of(BODY)
    sha512 = "sha-512=:" + wire.b64(draw("another digest", 64)) + ":"
    rows = {
        "digest_other": ("A digest of another body, signed.", digest_of("{}")),
        "digest_sha512": ("Another hash.", sha512),
        "digest_two": ("Two digests.", f"{good}, {sha512}"),
        "digest_capitals": ("Capitals.", good.replace("sha", "SHA")),
        "digest_bare": ("No colons.", good.replace(":", "")),
        "digest_space": ("A space behind.", good + " "),
        "digest_padding": ("No padding.", good.replace("=:", ":").replace("sha-256:", "sha-256=:")),
        "digest_empty": ("Nothing.", " "),
    }
    return {name: (comment, call_of(digest=said)) for name, (comment, said) in rows.items()}


def _other_signatures() -> Refused:
    good = signature_of(parameters_of(), CALL, digest_of(BODY))
    text = wire.b64(good)
    order = 2**252 + 27742317777372353535851937790883648493
    large = good[:32] + (int.from_bytes(good[32:], "little") + order).to_bytes(32, "little")
    spare = text[:-3] + _ALPHABET[_ALPHABET.index(text[-3]) + 1] + "=="
    rows = {
        "signature_flipped": (
            "A bit of the signature.",
            f"towpath=:{wire.b64(wire.flip(good, 0))}:",
        ),
        "signature_flipped_last": ("Its last byte.", f"towpath=:{wire.b64(wire.flip(good, 63))}:"),
        "signature_large_s": ("S + L: the same signature, again.", f"towpath=:{wire.b64(large)}:"),
        "signature_short": ("63 bytes.", f"towpath=:{wire.b64(good[:63])}:"),
        "signature_long": ("65 bytes.", f"towpath=:{wire.b64(good + bytes(1))}:"),
        "signature_empty": ("Nothing.", ""),
        "signature_of_nothing": ("No bytes.", "towpath=::"),
        "signature_bare": ("No colons.", f"towpath={text}"),
        "signature_label": ("Another label.", f"sig1=:{text}:"),
        "signature_two": ("Two signatures.", f"towpath=:{text}:, sig1=:{text}:"),
        "signature_unpadded": ("No padding.", f"towpath=:{text.rstrip('=')}:"),
        "signature_spare_bits": ("Spare bits that are not zero.", f"towpath=:{spare}:"),
        "signature_base64url": ("The other alphabet.", f"towpath=:{_as_url(text)}:"),
        "signature_space": ("A space behind.", f"towpath=:{text}: "),
        "signature_line_feed": ("A line feed behind.", f"towpath=:{text}:\n"),
    }
    return {n: (comment, call_of(signature_header=said)) for n, (comment, said) in rows.items()}


def _as_url(text: str) -> str:
    swapped = text.replace("+", "-").replace("/", "_")
    assert swapped != text
    return swapped
