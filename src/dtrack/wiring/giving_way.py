"""Work beside the engine's that gives way to it: the engine is what a load waits for in the end."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from typing import Final

_NICENESS: Final = 10
"""How much less than others a thread gets then: a tenth of what one of theirs does."""


def give_way() -> None:
    """Let the calling thread, and those that it starts, give way to other work of this machine.

    Only Linux has priorities of single threads; elsewhere all goes on as it is.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
