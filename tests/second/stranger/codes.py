"""Codes and receipts in both forms, written and read (docs/spec/codes.md, sections 2 to 4)."""

from __future__ import annotations

from tests.second.stranger.basics import MALFORMED, K, Refused, need

_MISTYPED = "CodeMistyped"
_KINDS = ("code", "receipt")
_DIGITS = "0123456789"


def _powers() -> list[int]:
    powers, value = [], 1
    for _ in range(31):
        powers.append(value)
        value <<= 1
        if value & 32:
            value ^= K.CODE_FIELD_POLYNOMIAL
    return powers


_EXP = _powers()
_LOG = {value: power for power, value in enumerate(_EXP)}


def _times(a: int, b: int) -> int:
    return _EXP[(_LOG[a] + _LOG[b]) % 31] if a and b else 0


def _over(a: int, b: int) -> int:
    return _EXP[(_LOG[a] - _LOG[b]) % 31] if a else 0


def _generator() -> list[int]:
    product = [1]
    for power in range(1, 5):
        shifted = [*product, 0]
        for place, factor in enumerate(product):
            shifted[place + 1] ^= _times(factor, _EXP[power])
        product = shifted
    return product


def _checks(data: list[int]) -> list[int]:
    """The remainder of the data, times X^4, by the generator."""
    rest = [*data, 0, 0, 0, 0]
    generator = _generator()
    for start in range(len(data)):
        factor = rest[start]
        for place, part in enumerate(generator):
            rest[start + place] ^= _times(factor, part)
    return rest[-4:]


def _syndromes(word: list[int]) -> list[int]:
    found = []
    for power in range(1, 5):
        value = 0
        for symbol in word:
            value = _times(value, _EXP[power]) ^ symbol
        found.append(value)
    return found


def _one_error(s: list[int]) -> dict[int, int] | None:
    """The place and the error, if a single one explains the syndromes."""
    for place in range(20):
        x = _EXP[19 - place]
        error = _over(s[0], x)
        if error and all(_times(s[i], x) == s[i + 1] for i in range(3)):
            return {place: error}
    return None


def _two_errors(s: list[int]) -> dict[int, int] | None:
    for first in range(20):
        for second in range(first + 1, 20):
            x, y = _EXP[19 - first], _EXP[19 - second]
            # e·x + f·y = S1 and e·x² + f·y² = S2
            f = _over(_times(s[0], x) ^ s[1], _times(y, x ^ y))
            e = _over(s[0] ^ _times(f, y), x)
            word = [0] * 20
            word[first], word[second] = e, f
            if e and f and _syndromes(word) == s:
                return {first: e, second: f}
    return None


def _relative(word: list[int], kind: str) -> list[int]:
    offset = K.RECEIPT_CHECK_OFFSET if kind == "receipt" else [0, 0, 0, 0]
    return word[:16] + [a ^ b for a, b in zip(word[16:], offset, strict=True)]


def write_symbols(secret: bytes, kind: str) -> str:
    """XXXX-XXXX-XXXX-XXXX-XXXX."""
    need(len(secret) == K.CODE_BYTES, MALFORMED)
    number = int.from_bytes(secret, "big")
    data = [number >> 5 * (15 - place) & 31 for place in range(16)]
    word = _relative(data + _checks(data), kind)
    symbols = "".join(K.CODE_ALPHABET[symbol] for symbol in word)
    return "-".join(symbols[start : start + 4] for start in range(0, 20, 4))


def write_sheet(secret: bytes) -> str:
    """Thirty symbols of a recovery sheet (store.md, 10)."""
    need(len(secret) == K.RECOVERY_BYTES and secret[-1] & 63 == 0, MALFORMED)
    number = int.from_bytes(secret, "big") >> 6
    data = [number >> 5 * (25 - place) & 31 for place in range(26)]
    symbols = "".join(K.CODE_ALPHABET[symbol] for symbol in data + _checks(data))
    return "-".join(symbols[start : start + 5] for start in range(0, 30, 5))


def read_sheet(text: str) -> bytes:
    """The seventeen bytes, or CodeMistyped."""
    need(len(text) <= K.CODE_INPUT_CHARACTERS, _MISTYPED)
    left = "".join(_mapped(character) for character in text)
    need(len(left) == 30, _MISTYPED)
    word = [K.CODE_ALPHABET.index(symbol) for symbol in left]
    need(not any(_syndromes(word)), _MISTYPED)
    number = 0
    for symbol in word[:26]:
        number = number * 32 + symbol
    return (number << 6).to_bytes(17, "big")


def write_digits(secret: bytes, kind: str) -> str:
    """Nine groups of three digits."""
    need(len(secret) == K.CODE_BYTES, MALFORMED)
    number = int.from_bytes(secret, "big")
    check = (_remainder(kind) - number * 100) % 97
    digits = f"{number:025d}{check:02d}"
    return " ".join(digits[start : start + 3] for start in range(0, 27, 3))


def read_typed(text: str, kind: str) -> tuple[bytes, str]:
    """The ten bytes and how they were found, or CodeMistyped, or WrongKind."""
    need(len(text) <= K.CODE_INPUT_CHARACTERS, _MISTYPED)
    left = "".join(_mapped(character) for character in text)
    if len(left) == 27 and all(character in _DIGITS for character in left):
        return _read_digits(left, kind), "exact"
    need(len(left) == 20, _MISTYPED)
    return _read_symbols([K.CODE_ALPHABET.index(symbol) for symbol in left], kind)


def _other(kind: str) -> str:
    return _KINDS[1 - _KINDS.index(kind)]


def _remainder(kind: str) -> int:
    return int(K.RECEIPT_DIGITS_REMAINDER if kind == "receipt" else K.CODE_DIGITS_REMAINDER)


def _read_digits(digits: str, kind: str) -> bytes:
    number = int(digits[:25])
    need(number < 1 << 80 and int(digits[25:]) < 97, _MISTYPED)
    remainder = int(digits) % 97
    need(remainder != _remainder(_other(kind)), "WrongKind")
    need(remainder == _remainder(kind), _MISTYPED)
    return number.to_bytes(10, "big")


def _read_symbols(word: list[int], kind: str) -> tuple[bytes, str]:
    ours = _relative(word, kind)
    syndromes = _syndromes(ours)
    if not any(syndromes):
        return _secret(ours, {}), "exact"
    errors = _one_error(syndromes)
    if errors:
        return _secret(ours, errors), "corrected"
    theirs = _syndromes(_relative(word, _other(kind)))
    need(any(theirs) and not _one_error(theirs), "WrongKind")
    errors = _two_errors(syndromes)
    if errors:
        return _secret(ours, errors), "suggested"
    raise Refused(_MISTYPED)


def _secret(word: list[int], errors: dict[int, int]) -> bytes:
    number = 0
    for place, symbol in enumerate(word[:16]):
        number = number << 5 | symbol ^ errors.get(place, 0)
    return number.to_bytes(10, "big")


def _within(point: int, pairs: list[int]) -> bool:
    return any(first <= point <= last for first, last in zip(pairs[::2], pairs[1::2], strict=True))


def _mapped(character: str) -> str:
    """What the table of codes.md, section 4, makes of one character."""
    point = ord(character)
    if 0xFF01 <= point <= 0xFF5E:
        return _mapped(chr(point - 65248))
    removed = (K.TYPING_WHITE_SPACE, K.TYPING_INVISIBLE, K.TYPING_DASHES)
    if any(_within(point, pairs) for pairs in removed):
        return ""
    for zero in K.TYPING_ZEROS:
        if zero <= point <= zero + 9:
            return _DIGITS[point - zero]
    if "a" <= character <= "z":
        character = chr(point - 32)
    if character in K.TYPING_LOOK_ALIKE:
        character = K.TYPING_LOOKS_LIKE[K.TYPING_LOOK_ALIKE.index(character)]
    need(character in K.CODE_ALPHABET, _MISTYPED)
    return character
