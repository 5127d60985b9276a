"""Threads may read shapes at the same time: rdflib's parser itself is not made for it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from dtrack.validation.sparql_parser import algebra, prepared


def query(number: int) -> str:
    return (
        f"PREFIX ex: <urn:x:{number}:> SELECT ?this WHERE {{ ?this ex:a/ex:b ?v . "
        f'FILTER NOT EXISTS {{ ?v ex:c "{number}"@en ; ex:d {number} }} }}'
    )


def test_queries_are_parsed_by_many_threads() -> None:
    alone = [str(algebra(query(number))) for number in range(60)]

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda number: str(algebra(query(number))), range(60)))
        asked = list(threads.map(lambda number: prepared(query(number), {}), range(20)))

    assert together == alone
    assert len(asked) == 20
