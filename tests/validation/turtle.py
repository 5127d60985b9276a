"""Turtle for tests, with the prefixes that all of them use."""

from __future__ import annotations

from rdflib import Graph

from dtrack.validation.reading import parse_turtle
from dtrack.validation.shapes import Shapes, parse_shapes
from validation.plain_store import PlainStore

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def shapes(text: str) -> Shapes:
    return parse_shapes((PREFIXES + text).encode(), "shapes.ttl")


def graph(text: str) -> Graph:
    return parse_turtle((PREFIXES + text).encode(), "http://example.org/", "data.ttl")


def store(text: str) -> PlainStore:
    made = PlainStore()
    made.add((PREFIXES + text).encode(), "http://example.org/", graph="http://example.org/graph")
    return made
