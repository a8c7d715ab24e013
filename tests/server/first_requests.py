"""In a process of its own: the first bodies of each kind, read by some threads at once."""

from __future__ import annotations

import json
import sys
from threading import Barrier, Thread

from server.routes import bodies
from server.routes.route import PAGES, ROUTES

_THREADS = 8
_TIMES = 20
# Threads take turns as often as they can, so that each finds the other in the middle.
_TURN_S = 1e-6


def kinds() -> list[type[bodies.Body]]:
    """Return what the bodies and queries of all routes are read as, each once."""
    asked = [kind for one in (*ROUTES, *PAGES) for kind in (one.body, one.query)]
    return list(dict.fromkeys(kind for kind in asked if kind is not None))


def read_at_once(kind: type[bodies.Body]) -> None:
    """Read one body in all threads, none of which did before."""
    barrier = Barrier(_THREADS)
    body = json.dumps(dict.fromkeys(kind.__struct_fields__, "AA")).encode()

    def read() -> None:
        barrier.wait()
        for _ in range(_TIMES):
            bodies.parse(kind, body)

    threads = [Thread(target=read) for _ in range(_THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> None:
    """Read one body of each kind; print how many kinds there are."""
    sys.setswitchinterval(_TURN_S)
    for kind in kinds():
        read_at_once(kind)
    print(len(kinds()))


if __name__ == "__main__":
    main()
