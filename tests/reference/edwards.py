"""The curve edwards25519 (RFC 8032, section 5.1) in plain integers, for the oracles."""

from __future__ import annotations

from dataclasses import dataclass

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)


@dataclass(frozen=True, eq=False)
class Point:
    """A point in extended coordinates: x = X/Z, y = Y/Z, XY = ZT."""

    x: int
    y: int
    z: int
    t: int

    def __add__(self, other: Point) -> Point:
        a = (self.y - self.x) * (other.y - other.x) % P
        b = (self.y + self.x) * (other.y + other.x) % P
        c = 2 * self.t * other.t * D % P
        d = 2 * self.z * other.z % P
        e, f, g, h = b - a, d - c, d + c, b + a
        return Point(e * f % P, g * h % P, f * g % P, e * h % P)

    def __neg__(self) -> Point:
        return Point(-self.x % P, self.y, self.z, -self.t % P)

    def __rmul__(self, scalar: int) -> Point:
        result, power = IDENTITY, self
        while scalar:
            if scalar & 1:
                result += power
            power += power
            scalar >>= 1
        return result

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Point):
            return NotImplemented
        same_x = (self.x * other.z - other.x * self.z) % P == 0
        return same_x and (self.y * other.z - other.y * self.z) % P == 0

    __hash__ = None  # type: ignore[assignment]

    @property
    def small_order(self) -> bool:
        """Whether eight times this point is the identity."""
        return 8 * self == IDENTITY

    def encode(self) -> bytes:
        """RFC 8032, section 5.1.2."""
        inverse = pow(self.z, P - 2, P)
        x, y = self.x * inverse % P, self.y * inverse % P
        return (y | (x & 1) << 255).to_bytes(32, "little")


def from_affine(x: int, y: int) -> Point:
    """A point from its two coordinates."""
    return Point(x, y, 1, x * y % P)


def recover_x(y: int, sign: int) -> int | None:
    """The x of this sign, or None if there is none; x = 0 comes out for either sign."""
    x_squared = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x_squared, (P + 3) // 8, P)
    if (x * x - x_squared) % P:
        x = x * SQRT_M1 % P
    if (x * x - x_squared) % P:
        return None
    return -x % P if x & 1 != sign else x


def decode(encoded: bytes) -> Point | None:
    """A point from its encoding, canonical or not; None if it is not on the curve."""
    number = int.from_bytes(encoded, "little")
    y = number % 2**255 % P
    x = recover_x(y, number >> 255)
    return None if x is None else from_affine(x, y)


def is_canonical(encoded: bytes) -> bool:
    """Whether this is the one encoding of its point that `Point.encode` gives."""
    point = decode(encoded)
    return point is not None and point.encode() == encoded


IDENTITY = from_affine(0, 1)
_BASE_Y = 4 * pow(5, P - 2, P) % P
_base = decode(_BASE_Y.to_bytes(32, "little"))
assert _base is not None
BASE = _base
