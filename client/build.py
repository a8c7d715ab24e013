"""When this client was built: the earliest day that it takes for today.

Source: docs/spec/statements.md, 7.
"""

from __future__ import annotations

from typing import Final

BUILD_EPOCH: Final = 20_779
"""2026-11-22, in days since 1970-01-01; raised with every release."""
