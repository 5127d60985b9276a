"""What a text says again: "reiterates its request to", "reaffirms that Parties shall", 重申请."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dtrack.extraction.addressees import ADDRESSING
from dtrack.extraction.addressees_chinese import again, settled

if TYPE_CHECKING:
    from dtrack.extraction.actors import Actors
    from dtrack.extraction.lexicon import Lexicon
    from dtrack.extraction.verbs import Hit

_NOUN = re.compile(r"\s+(?:its|the|their|su|sa|son)\s+(?:\w+\s+)??([a-z]{4,})\b")
_THAT = re.compile(
    r"\s+(?:that|que)\b(?:[^;.]|\.(?!\s)){0,300}?\b(?:shall|should|must|doivent|deben)\b"
)
_LONGEST = 4


def said_again(
    text: str, hit: Hit, following: int, lexicon: Lexicon, actors: Actors, language: str
) -> Hit | None:
    """The directive that a verb says again, in place of its noun or clause; None where it has none.

    ``following`` is where the next verb of the paragraph begins.
    """
    if hit.verb.key not in lexicon.says_again:
        return None
    if language == "zh":
        return _chinese(text, hit, following, lexicon, actors)
    if hit.family == "finite" and _THAT.match(text, hit.end, following):
        return _as_settled(hit, lexicon)
    noun = _NOUN.match(text, hit.end, following)
    if noun is None:
        return None
    stem = noun[1][:5].lower()
    for verb in lexicon.verbs:
        # "The need" is no noun of "needs to".
        if verb.name.startswith(stem) and verb.force in ADDRESSING and not verb.modal:
            return hit._replace(verb=verb, end=noun.end())
    return None


def _as_settled(hit: Hit, lexicon: Lexicon) -> Hit | None:
    """A rule that is said again is settled, and asks those who are to keep it."""
    deciding = (verb for verb in lexicon.verbs if verb.key == "decides")
    return next((hit._replace(verb=verb) for verb in deciding), None)


def _chinese(text: str, hit: Hit, following: int, lexicon: Lexicon, actors: Actors) -> Hit | None:
    """重申其对各缔约方的邀请, or the verb itself behind it: 重申请各缔约方."""
    forms = lexicon.forms("zh")
    told = again(text, hit.end)
    form = forms.get(told["verb"]) if told else None
    if told is not None and form is not None and form.verb.force in ADDRESSING:
        return hit._replace(verb=form.verb, end=told.start("whom"))
    for length in range(_LONGEST, 0, -1):
        form = forms.get(text[hit.end : hit.end + length])
        if form is not None and form.verb.force in ADDRESSING and form.family != "modal":
            return hit._replace(verb=form.verb, end=hit.end + length)
    return _as_settled(hit, lexicon) if settled(text[hit.end : following], actors) else None
