"""The way into the desk: the form for a key, and back to the page that asked for one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from dtrack.web.rendering import render

if TYPE_CHECKING:
    from fastapi import Request, Response

_OF_THE_DESK: Final = re.compile(r"/desk(?:/[a-z0-9-]+){0,2}(?:\?[\x21-\x7e]{0,2000})?")


def ask_for_key(request: Request, fault: str = "", status: int = 200, back: str = "") -> Response:
    """Form to sign in; who does comes back to the page that was asked for, or to ``back``."""
    here = request.url
    query = f"?{here.query}" if here.query and request.method == "GET" else ""
    return render(
        request, "sign_in.html", status, fault=fault, back=way_back(back or here.path + query)
    )


def way_back(address: str) -> str:
    """Address of a page of the desk; that of the desk itself for any other."""
    return address if _OF_THE_DESK.fullmatch(address) else "/desk"
