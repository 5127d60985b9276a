"""The theme lexicon of this installation."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from dtrack.extraction.tagging.lexicon import ThemeLexicon, shielding_names
from dtrack.extraction.tagging.reliability import bundled_reliability
from dtrack.extraction.words import bundled_lexicon
from dtrack.resources import root_folder

if TYPE_CHECKING:
    from collections.abc import Callable


@lru_cache(maxsize=1)
def bundled_themes(parse: Callable[[bytes], bytes]) -> ThemeLexicon:
    """Lexicon of the bundled theme scheme; ``parse`` makes N-Triples of Turtle."""
    scheme = parse((root_folder("ontology") / "codes" / "theme.ttl").read_bytes())
    names = shielding_names(bundled_lexicon(parse))
    return ThemeLexicon(scheme, names, bundled_reliability())
