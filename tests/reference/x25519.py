"""X25519 from RFC 7748, section 5, in plain integers."""

from __future__ import annotations

_P = 2**255 - 19
_A24 = 121665
BASE_POINT = (9).to_bytes(32, "little")


def x25519(scalar: bytes, point: bytes) -> bytes:
    """Multiply; all zeros come out for a point of small order."""
    k = _clamp(scalar)
    x1 = int.from_bytes(point, "little") % 2**255 % _P
    x2, z2, x3, z3 = 1, 0, x1, 1
    for bit in range(254, -1, -1):
        if (k >> bit) & 1:
            x3, z3, x2, z2 = _step(x1, x3, z3, x2, z2)
        else:
            x2, z2, x3, z3 = _step(x1, x2, z2, x3, z3)
    return (x2 * pow(z2, _P - 2, _P) % _P).to_bytes(32, "little")


def public_key(scalar: bytes) -> bytes:
    """The public key of a private scalar."""
    return x25519(scalar, BASE_POINT)


def _clamp(scalar: bytes) -> int:
    k = int.from_bytes(scalar, "little")
    return (k & ~7 & (2**255 - 1)) | 2**254


def _step(x1: int, x2: int, z2: int, x3: int, z3: int) -> tuple[int, int, int, int]:
    """Double (x2 : z2) and add the two points, whose difference is x1."""
    a, b = x2 + z2, x2 - z2
    aa, bb = a * a % _P, b * b % _P
    e = aa - bb
    da, cb = (x3 - z3) * a % _P, (x3 + z3) * b % _P
    return (
        aa * bb % _P,
        e * (aa + _A24 * e) % _P,
        (da + cb) ** 2 % _P,
        x1 * (da - cb) ** 2 % _P,
    )
