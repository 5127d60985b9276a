"""OWL reasoning in batch: HermiT, which comes with owlready2 and needs Java.

Never in a request. :func:`reason` takes graphs (ontology, alignments, codes,
records) and gives a frozen :class:`Reasoning`.
"""

from __future__ import annotations

from dtrack.reasoning.batch import reason
from dtrack.reasoning.results import Clash, ClashKind, Reasoning

__all__ = ["Clash", "ClashKind", "Reasoning", "reason"]
