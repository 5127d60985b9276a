"""Work beside the engine's that gives way to it: the engine is what a load waits for in the end."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from typing import Final

_FURTHER: Final = 10
"""Steps of niceness: a thread gets a tenth then of what it would get beside one of the others."""
_LAST: Final = 19
"""The greatest niceness there is."""


def give_way() -> None:
    """Let the calling thread, and those that it starts, give way to other work of this machine.

    Only Linux has priorities of single threads; elsewhere all goes on as it is. It is reckoned
    from what the thread has: whoever began dtrack by `nice` has asked for less already.
    """
    if sys.platform == "linux":
        me = threading.get_native_id()
        with suppress(OSError):
            niceness = os.getpriority(os.PRIO_PROCESS, me) + _FURTHER
            os.setpriority(os.PRIO_PROCESS, me, min(niceness, _LAST))
