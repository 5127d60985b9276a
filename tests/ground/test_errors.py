"""The error tree is what its docstring draws."""

from __future__ import annotations

import inspect
import re

import pytest

from dtrack import errors
from dtrack.errors import DtrackError, InputError, Place

TREE = [
    error
    for _, error in inspect.getmembers(errors, inspect.isclass)
    if issubclass(error, DtrackError)
]


def test_every_error_is_drawn_with_its_codes() -> None:
    drawing = inspect.getdoc(errors) or ""
    drawn = {
        name: (int(code), int(status))
        for name, code, status in re.findall(r"(\w+(?:Error|Problem))\s+(\d)\s+(\d{3})", drawing)
    }

    for error in TREE:
        if error is not DtrackError:
            assert drawn.pop(error.__name__) == (error.exit_code, error.status), error
    assert not drawn


@pytest.mark.parametrize("error", TREE, ids=lambda error: error.__name__)
def test_every_error_has_a_title_of_its_own(error: type[DtrackError]) -> None:
    assert error is DtrackError or "title" in vars(error)


def test_text_gives_place_message_and_remedy() -> None:
    error = InputError("Odd.", remedy="Make it even.", place=Place("a.ttl", 3, 7))

    assert str(error) == "a.ttl:3:7: Odd. Make it even."
