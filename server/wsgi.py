"""What each process of a running server loads: the application, and a sweeper beside it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from multiprocessing.util import Finalize
from pathlib import Path

from flask import Flask

from server import create_app, logs
from server.core import EXTENSION, Core
from server.settings import load as load_settings
from server.sweeper import Sweeper


def load(folder: Path) -> Flask:
    """Return the application of the server in a folder, its sweeper running.

    Whatever is queued is committed and the sweeper stopped when the process ends.
    """
    logs.set_up()
    app = create_app(load_settings(folder))
    core = app.extensions[EXTENSION]
    run_beside(core)
    return app


def run_beside(core: Core) -> None:
    """Start the sweeper, see to a clean end, and end with the process that began this one."""
    sweeper = Sweeper(core)

    def close() -> None:
        sweeper.stop()
        core.database.close()

    Finalize(None, close, exitpriority=100)
    sweeper.start()
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the one that began it is gone, so that no port stays taken."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
