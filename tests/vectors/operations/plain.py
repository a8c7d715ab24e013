"""Messages and profiles: coded choices before anything is sealed."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any

from crypto.client import message
from crypto.client.message import BoxKeys, Message
from crypto.public import profile
from crypto.public.profile import Profile
from tests.vectors.values import Given, Output, unbytes


def encode_message(given: Given) -> Output:
    """Encode a message."""
    said = dict(given["message"])
    if "box" in said:
        said["box"] = BoxKeys(**{name: unbytes(key) for name, key in said["box"].items()})
    return {"encoded": message.encode(Message(**arguments(said)))}


def decode_message(given: Given) -> Output:
    """Decode a message."""
    read = message.decode(unbytes(given["encoded"]), given["kind"])
    said = present(read)
    if read.box is not None:
        said["box"] = {one.name: getattr(read.box, one.name) for one in fields(read.box)}
    return {"message": {"kind": read.kind, **said}}


def encode_profile(given: Given) -> Output:
    """Encode a profile."""
    return {"encoded": profile.encode(Profile(**arguments(given["profile"])))}


def decode_profile(given: Given) -> Output:
    """Decode a profile."""
    return {"profile": present(profile.decode(unbytes(given["encoded"])))}


def arguments(said: Given) -> dict[str, Any]:
    """Turn what a scenario says into arguments: lists into tuples, kept fields into bytes."""
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in said.items()}
    if "unknown" in said:
        values["unknown"] = tuple((number, unbytes(value)) for number, value in said["unknown"])
    return values


def present(value: Any) -> dict[str, Any]:
    """Give the parts of a dataclass that say something."""
    return {
        one.name: getattr(value, one.name)
        for one in fields(value)
        if one.default is MISSING or getattr(value, one.name) != one.default
    }
