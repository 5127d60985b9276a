from __future__ import annotations

from publish_homes import changing, told, told_home

__all__ = ["changing", "told", "told_home"]
