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
    """Literals in quotes, whatever their datatype says of them.

    rdflib writes the boolean "none" as ``none``, which is no Turtle, and warns of a
    number that is none: a report names such values, that is its purpose.
    """

    def label(self, node: Node, position: int) -> str:
        """Text of a node; literals always in quotes."""
        if isinstance(node, Literal) and node.ill_typed and node.datatype:
            name = self.get_pname(node.datatype, gen_prefix=False) or node.datatype.n3()
            return f"{Literal(str(node)).n3()}^^{name}"
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
