"""Notes: what is read as one, whose lines may stand below it, and that nothing can be changed."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.constants import NOTE_ALG_COSIGNATURE, NOTE_BYTES, NOTE_SIGNATURES
from crypto.encoding import b64, u64
from crypto.errors import BadSignature, Malformed, TooLong
from crypto.public import notes
from crypto.public.note_signing import (
    Signer,
    add_signature,
    cosign,
    public_of,
    sign,
    sign_note,
    signature_line,
)
from crypto.public.notes import Key, Note, SignatureLine
from tests.crypto.networks import cuts_and_swaps, flips, keys, seed_of, signers, witness_keys

ANNA, BERTA, CLARA = signers("admin", 3)
WITNESS = Signer("witness.example/1", seed_of("witness"))
TEXT = "first line\nsecond – line\n"
NOTE = sign_note(TEXT, ANNA, BERTA)
LINE = str(signature_line(TEXT, ANNA))


def _note(text: str, *lines: str) -> bytes:
    return f"{text}\n{''.join(lines)}".encode()


def test_a_note_is_text_blank_line_and_lines() -> None:
    """The form is that of C2SP signed-note, and reading gives back what was written."""
    assert _note(TEXT, LINE, str(signature_line(TEXT, BERTA))) == NOTE
    read = notes.parse(NOTE)
    assert read.text == TEXT
    assert notes.format_note(read.text, read.lines) == NOTE
    assert [one.key.name for one in notes.verify(read, keys([ANNA, BERTA, CLARA]))] == [
        "admin1",
        "admin2",
    ]


def test_key_ids_and_cosigned_messages_are_those_of_c2sp() -> None:
    """Key id and cosigned message, computed here from the C2SP pages."""
    public = public_of(WITNESS.seed)
    for key, alg in ((WITNESS.key, b"\x01"), (WITNESS.witness_key, b"\x04")):
        named = b"witness.example/1\n" + alg + public
        assert key.key_id == hashlib.sha256(named).digest()[:4]
    message = b"cosignature/v1\ntime 1679315147\n" + TEXT.encode()
    line = cosign(TEXT, WITNESS.name, WITNESS.seed, 1679315147)
    assert line.signature == u64(1679315147) + sign(WITNESS.seed, message)
    (found,) = notes.verify(Note(TEXT, (line,)), [WITNESS.witness_key])
    assert found.time == 1679315147


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"\n\n",
        TEXT.encode(),
        _note(TEXT),
        _note("", LINE),
        _note("\n", LINE),
        _note("a\n\nb\n", LINE),
        _note("\na\n", LINE),
        _note(TEXT.rstrip("\n"), LINE),
        _note(TEXT, LINE.rstrip("\n")),
        _note(TEXT, LINE, "\n"),
        _note(TEXT, "\n", LINE),
        _note(TEXT, LINE, LINE),
        _note(TEXT, LINE, "trailing\n"),
        _note(TEXT, LINE.replace("— ", "- ")),
        _note(TEXT, LINE.replace("— ", "—")),
        _note(TEXT, LINE.replace("— ", "—  ")),
        _note(TEXT, LINE.replace("\n", " \n")),
        _note(TEXT, LINE.replace("\n", "\r\n")),
        _note(TEXT, LINE.replace("admin1", "Admin1")),
        _note(TEXT, LINE.replace("admin1", "admin+1")),
        _note(TEXT, LINE.replace("admin1", "admin１")),
        _note(TEXT, LINE.replace("admin1 ", "")),
        _note(TEXT, LINE.replace("=", "")),
        _note(TEXT, LINE.replace("=", "==")),
        _note("tab\there\n", LINE),
        _note("null\x00\n", LINE),
        _note("delete\x7f\n", LINE),
        _note("next line\x85\n", LINE),
        _note("a\r\n", LINE),
        b"\xff" + NOTE,
        b"\xed\xa0\x80" + NOTE,
    ],
)
def test_what_is_not_a_note_is_malformed(data: bytes) -> None:
    """Nothing but the one form is read."""
    with pytest.raises(Malformed):
        notes.parse(data)


def test_base64_has_one_form() -> None:
    """Spare bits of the last base64 character must be zero, so that a line has one spelling."""
    start, symbols = f"— a {b64(bytes(76))}", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"
    start = start.rstrip("=")[:-1]
    notes.parse(_note(TEXT, f"{start}A==\n"))
    for symbol in symbols[1:16]:
        with pytest.raises(Malformed):
            notes.parse(_note(TEXT, f"{start}{symbol}==\n"))


@pytest.mark.parametrize("size", [0, 4, 63, 65, 71, 73, 128])
def test_signatures_of_other_lengths_are_malformed(size: int) -> None:
    """A line carries 64 bytes, or 72 with a time."""
    with pytest.raises(Malformed):
        notes.parse(_note(TEXT, f"— a {b64(bytes(4 + size))}\n"))


def test_a_byte_order_mark_is_not_skipped() -> None:
    """A mark in front belongs to the text, which then was not signed."""
    read = notes.parse(b"\xef\xbb\xbf" + NOTE)
    with pytest.raises(BadSignature):
        notes.verify(read, keys([ANNA, BERTA]))


def test_notes_have_a_longest_length_and_most_lines() -> None:
    """At most 16,384 bytes and 64 lines; TooLong when making, Malformed when reading."""
    longest = "x" * (NOTE_BYTES - len(_note("\n", LINE))) + "\n"
    fits = _note(longest, LINE)
    assert len(fits) == NOTE_BYTES
    notes.parse(fits)
    with pytest.raises(Malformed):
        notes.parse(_note("x" + longest, LINE))
    with pytest.raises(TooLong):
        sign_note("x" + longest, ANNA)
    many = signers("many", NOTE_SIGNATURES + 1)
    most = sign_note(TEXT, *many[:-1])
    notes.parse(most)
    with pytest.raises(TooLong):
        add_signature(most, many[-1])
    with pytest.raises(Malformed):
        notes.parse(most + str(signature_line(TEXT, many[-1])).encode())


@pytest.mark.parametrize("text", ["", "no line feed", "a\n\nb\n", "\n", "a\x07\n", "\ud800\n"])
def test_no_note_is_made_of_a_text_that_could_not_be_read(text: str) -> None:
    """What is made can be read again."""
    with pytest.raises(Malformed):
        sign_note(text, ANNA)


def test_no_note_without_a_signer_nor_with_one_twice() -> None:
    """A note has at least one line, and each signer's line once."""
    for people in ((), (ANNA, ANNA)):
        with pytest.raises(Malformed):
            sign_note(TEXT, *people)
    with pytest.raises(Malformed):
        add_signature(NOTE, BERTA)
    assert add_signature(NOTE, CLARA) == sign_note(TEXT, ANNA, BERTA, CLARA)


def test_lines_by_keys_that_are_not_named_are_refused() -> None:
    """Every line must be by a named key: C2SP would skip the others, Towpath does not."""
    read = notes.parse(NOTE)
    nobody: tuple[Key, ...] = ()
    for named in (nobody, keys([ANNA]), keys([BERTA, CLARA]), keys([Signer("admin1", CLARA.seed)])):
        with pytest.raises(BadSignature):
            notes.verify(read, named)


def test_each_role_has_its_own_form_of_signature() -> None:
    """A witness's key can't sign as an admin, nor an admin's as a witness, nor by renaming."""
    plain, timed = signature_line(TEXT, WITNESS), cosign(TEXT, WITNESS.name, WITNESS.seed, 1)
    as_timed = SignatureLine(WITNESS.name, timed.key_id, plain.signature)
    as_plain = SignatureLine(WITNESS.name, plain.key_id, timed.signature)
    refused = [(plain, WITNESS.witness_key), (timed, WITNESS.key)]
    refused += [(as_timed, WITNESS.witness_key), (as_plain, WITNESS.key)]
    refused += [(as_timed, WITNESS.key), (as_plain, WITNESS.witness_key)]
    for line, key in refused:
        with pytest.raises(BadSignature):
            notes.verify(Note(TEXT, (line,)), [key])


def test_the_time_of_a_cosignature_is_signed_and_bounded() -> None:
    """No other time can be put before a witness's signature, and none is 2⁶³ or more."""
    line = cosign(TEXT, WITNESS.name, WITNESS.seed, 1000)
    moved = SignatureLine(line.name, line.key_id, u64(1001) + line.signature[8:])
    late = cosign(TEXT, WITNESS.name, WITNESS.seed, 1 << 63)
    latest = cosign(TEXT, WITNESS.name, WITNESS.seed, (1 << 63) - 1)
    notes.verify(Note(TEXT, (latest,)), [WITNESS.witness_key])
    for one in (moved, late):
        with pytest.raises(BadSignature):
            notes.verify(Note(TEXT, (one,)), [WITNESS.witness_key])


def test_keys_that_share_name_and_key_id_are_told_apart_by_their_signature() -> None:
    """Where an old and a new key collide in their 4 bytes, the one that signed is found."""

    class Colliding(Key):
        __slots__ = ()

        @property
        def key_id(self) -> bytes:
            return ANNA.key.key_id

    other = Colliding(ANNA.name, BERTA.key.public_key)
    read = sign_note(TEXT, ANNA)
    for named in ([other, ANNA.key], [ANNA.key, other]):
        (found,) = notes.verify(notes.parse(read), named)
        assert found.key == ANNA.key
    with pytest.raises(BadSignature):
        notes.verify(notes.parse(read), [other])


def test_any_changed_byte_of_a_note_is_refused() -> None:
    """No byte can be changed, cut off, left out, doubled or swapped with the next."""
    everyone = keys([ANNA, BERTA])
    one_line_less = sign_note(TEXT, ANNA)  # that, a threshold must catch
    for changed in [*(one for _, one in flips(NOTE)), *cuts_and_swaps(NOTE)]:
        if changed != one_line_less:
            with pytest.raises((Malformed, BadSignature)):
                notes.verify(notes.parse(changed), everyone)


@given(st.binary(max_size=200))
def test_T13_arbitrary_bytes_raise_nothing_but_malformed(data: bytes) -> None:
    """Reading never fails in another way, and what is read is written back as it was."""
    for candidate in (data, data + b"\n\n" + LINE.encode(), NOTE + data):
        try:
            read = notes.parse(candidate)
        except Malformed:
            continue
        assert notes.format_note(read.text, read.lines) == candidate


def test_T2_seeds_never_show() -> None:
    """The repr of a signer has the name and no byte of the seed."""
    assert repr(ANNA) == "Signer(name='admin1')"


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_seeds_of_another_length_are_malformed(size: int) -> None:
    """A seed has 32 bytes."""
    with pytest.raises(Malformed):
        public_of(bytes(size))


def test_witness_keys_are_of_their_own_kind() -> None:
    """The same seed gives different keys as witness and as admin."""
    (key,) = witness_keys([ANNA])
    assert key.alg == NOTE_ALG_COSIGNATURE
    assert key.key_id != ANNA.key.key_id
