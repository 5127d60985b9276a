"""What is handed in over HTTP, named so that curation knows what it is."""

from dtrack.api.linked import JSON, JSON_LD, context_address
from dtrack.api.problems import HttpProblem
from dtrack.curate.handing_in import MEDIA_TYPES, Handed
from dtrack.formats.bundled import with_bundled_context
from dtrack.wiring.serving import Service


def handed_in(
    service: Service, media_type: str, name: str, data: bytes, graph: str | None
) -> Handed:
    """Something handed in, by a name that ends as its media type says.

    Raises HttpProblem for a media type that is not read.
    """
    ending = _ending(media_type)
    if media_type == JSON_LD:
        data = with_bundled_context(data, (context_address(service),))
    return Handed(name if name.endswith(ending) else name + ending, data, graph)


def _ending(media_type: str) -> str:
    try:
        return MEDIA_TYPES[media_type]
    except KeyError:
        raise HttpProblem(
            415,
            f"'{media_type[:60]}' is not read.",
            f"Send {JSON}, {', '.join(MEDIA_TYPES)}.",
        ) from None
