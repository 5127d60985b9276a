"""What is worked out once for a state of the store and shown on many pages."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from dtrack.wiring.serving import Service

Kept = TypeVar("Kept")

MOST: Final = 64

_kept: OrderedDict[Hashable, object] = OrderedDict()
_lock = threading.Lock()


def remembered(service: Service, key: Hashable, make: Callable[[], Kept]) -> Kept:
    """What ``make`` gives, kept for the state of the store that the service answers from.

    A revision gives another state; what is kept longest unused goes first.
    """
    place = (service.marker.digest, service.marker.revision, key)
    with _lock:
        if place in _kept:
            _kept.move_to_end(place)
            return cast("Kept", _kept[place])
    found = make()
    with _lock:
        _kept[place] = found
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return found
