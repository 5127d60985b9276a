"""Turtle whose literals read back as they were."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from rdflib import Literal
from rdflib.plugins.serializers.turtle import TurtleSerializer

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node


class _QuotedLiterals(TurtleSerializer):
    """rdflib writes the boolean "none" as ``none``, which is no Turtle; quotes always are."""

    def label(self, node: Node, position: int) -> str:
        """Text of a node; literals always in quotes."""
        if isinstance(node, Literal):
            return node._literal_n3(
                use_plain=False,
                qname_callback=lambda iri: self.get_pname(iri, gen_prefix=False),
            )
        return str(super().label(node, position))


def turtle_text(graph: Graph) -> str:
    """Turtle of a graph."""
    stream = BytesIO()
    _QuotedLiterals(graph).serialize(stream)
    return stream.getvalue().decode("utf-8")
