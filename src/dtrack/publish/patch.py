"""What came and left in a graph, as RDF Patch: a line a quad, ``A`` added, ``D`` deleted."""

from __future__ import annotations


def write_patch(graph: str, version: str, former: str, before: bytes, after: bytes) -> bytes:
    """Patch from one content of a graph to another, both as sorted N-Triples.

    ``version`` and ``former`` are the IRIs of the versions it leads to and from.
    """
    old, new = (set(content.split(b"\n")) - {b""} for content in (before, after))
    head = [f"H id <{version}> ."] + ([f"H prev <{former}> ."] if former else [])
    lines = [line.encode() for line in head] + [b"TX ."]
    name = f" <{graph}> .".encode()
    for sign, quads in ((b"D ", old - new), (b"A ", new - old)):
        lines += [sign + line.removesuffix(b" .") + name for line in sorted(quads)]
    return b"\n".join([*lines, b"TC ."]) + b"\n"
