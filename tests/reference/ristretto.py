"""The group ristretto255 from RFC 9496, section 4, in plain integers."""

from __future__ import annotations

from tests.reference.edwards import BASE, IDENTITY, ORDER, SQRT_M1, D, P, Point, from_affine

ELEMENT_BYTES = 32
UNIFORM_BYTES = 64
_ONE_MINUS_D_SQ = (1 - D * D) % P
_D_MINUS_ONE_SQ = (D - 1) ** 2 % P


def _is_negative(value: int) -> bool:
    return value % P & 1 == 1


def _absolute(value: int) -> int:
    value %= P
    return P - value if value & 1 else value


def sqrt_ratio_m1(u: int, v: int) -> tuple[bool, int]:
    """SQRT_RATIO_M1: whether u/v is a square, and a root of u/v or of sqrt(-1) * u/v."""
    u, v = u % P, v % P
    root = u * v**3 * pow(u * v**7, (P - 5) // 8, P) % P
    check = v * root * root % P
    was_square = check == u
    if check in (-u % P, -u * SQRT_M1 % P):
        root = root * SQRT_M1 % P
        was_square = was_square or check == -u % P
    return was_square, _absolute(root)


_SQRT_AD_MINUS_ONE = 25063068953384623474111414158702152701244531502492656460079210482610430750235
_INVSQRT_A_MINUS_D = 54469307008909316920995813868745141605393597292927456921205312896311721017578


def decode(encoded: bytes) -> Point | None:
    """Section 4.3.1; None for whatever is not the one encoding of an element."""
    s = int.from_bytes(encoded, "little")
    if len(encoded) != ELEMENT_BYTES or s >= P or _is_negative(s):
        return None
    u1, u2 = (1 - s * s) % P, (1 + s * s) % P
    v = (-D * u1 * u1 - u2 * u2) % P
    was_square, invsqrt = sqrt_ratio_m1(1, v * u2 * u2)
    den_x = invsqrt * u2 % P
    den_y = invsqrt * den_x * v % P
    x, y = _absolute(2 * s * den_x), u1 * den_y % P
    if not was_square or _is_negative(x * y) or y == 0:
        return None
    return from_affine(x, y)


def encode(point: Point) -> bytes:
    """Section 4.3.2."""
    x0, y0, z0, t0 = point.x, point.y, point.z, point.t
    u1, u2 = (z0 + y0) * (z0 - y0) % P, x0 * y0 % P
    _, invsqrt = sqrt_ratio_m1(1, u1 * u2 * u2)
    den1, den2 = invsqrt * u1 % P, invsqrt * u2 % P
    z_inv = den1 * den2 * t0 % P
    x, y, den_inv = x0, y0, den2
    if _is_negative(t0 * z_inv):
        x, y, den_inv = y0 * SQRT_M1 % P, x0 * SQRT_M1 % P, den1 * _INVSQRT_A_MINUS_D % P
    if _is_negative(x * z_inv):
        y = -y % P
    return _absolute(den_inv * (z0 - y)).to_bytes(ELEMENT_BYTES, "little")


def from_uniform(uniform: bytes) -> Point:
    """Section 4.3.4: 64 uniform bytes to an element."""
    halves = uniform[:32], uniform[32:UNIFORM_BYTES]
    first, second = (_map(int.from_bytes(half, "little") % 2**255) for half in halves)
    return first + second


def _map(t: int) -> Point:
    r = SQRT_M1 * t * t % P
    u = (r + 1) * _ONE_MINUS_D_SQ % P
    v = (-1 - r * D) * (r + D) % P
    was_square, s = sqrt_ratio_m1(u, v)
    c = -1
    if not was_square:
        s, c = -_absolute(s * t) % P, r
    n = (c * (r - 1) * _D_MINUS_ONE_SQ - v) % P
    w0, w1 = 2 * s * v % P, n * _SQRT_AD_MINUS_ONE % P
    w2, w3 = (1 - s * s) % P, (1 + s * s) % P
    return Point(w0 * w3 % P, w2 * w1 % P, w1 * w3 % P, w0 * w2 % P)


def same(a: Point, b: Point) -> bool:
    """Whether two points stand for the same element (section 4.3.3)."""
    return encode(a) == encode(b)


GENERATOR = BASE
IDENTITY_ELEMENT = IDENTITY
__all__ = [
    "ELEMENT_BYTES",
    "GENERATOR",
    "IDENTITY_ELEMENT",
    "ORDER",
    "Point",
    "decode",
    "encode",
    "from_uniform",
    "same",
]
