"""A value that a caller gives stays one term, whatever it holds and wherever it stands."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.plugins.sparql import prepareQuery

from dtrack.catalogue import (
    ANY,
    Form,
    Parameter,
    ParameterKind,
    Query,
    bind,
    bound_terms,
    read_query,
)
from dtrack.errors import NotFoundError, ParameterError
from dtrack.model import Iri, Literal, Record, Term
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.parsing import parse_turtle
from dtrack.terms import DT, PREFIXES, XSD
from strategies import hostile, iris, ntriples_term

KINDS = {
    "string": (hostile, lambda text: Literal(text)),
    "iri": (iris, Iri),
    "integer": (st.integers(-(10**17), 10**17), lambda n: Literal(str(n), f"{XSD}integer")),
    "date": (st.dates(), lambda day: Literal(day.isoformat(), f"{XSD}date")),
    "boolean": (st.sampled_from(["true", "false"]), lambda t: Literal(t, f"{XSD}boolean")),
    "decimal": (
        st.sampled_from(["0.5", "-12.25", "7", "0"]), lambda t: Literal(t, f"{XSD}decimal")
    ),
}  # fmt: skip
given_values = st.sampled_from(sorted(KINDS)).flatmap(
    lambda kind: KINDS[kind][0].map(lambda v: (kind, str(v), KINDS[kind][1](v)))
)

# Each finds <x:hit> through $x, and would find <x:other> through anything else.
SELECTS = {
    "triple": "SELECT ?s WHERE { ?s <x:is> $x } ORDER BY ?s",
    "filter": "SELECT ?s WHERE { ?s <x:is> ?o FILTER(SAMETERM(?o,$x)) } ORDER BY ?s",
    "less": "SELECT ?s { ?s <x:is> ?o FILTER((?o<$x||true)&&SAMETERM(?o, $x)) } ORDER BY ?s",
    "in": "SELECT ?s WHERE { ?s <x:is> ?o FILTER(?o IN (<x:no>, $x)) } ORDER BY ?s",
    "bind": "SELECT ?s WHERE { BIND($x AS ?o) ?s <x:is> ?o } ORDER BY ?s",
    "values": "SELECT ?s WHERE { VALUES ?o { <x:no> $x } ?s <x:is> ?o } ORDER BY ?s",
    "values row": "SELECT ?s WHERE { VALUES (?o ?n) { ($x 1) } ?s <x:is> ?o } ORDER BY ?s",
    "trailing values": "SELECT ?s WHERE { ?s <x:is> ?o } ORDER BY ?s VALUES ?o { $x }",
    "sub-select": "SELECT ?s WHERE { { SELECT ?s WHERE { ?s <x:is> $x } } } ORDER BY ?s",
    "optional": "SELECT ?s { ?s <x:is> ?o OPTIONAL { ?s <x:is> $x BIND(1 AS ?y) } FILTER(?y = 1) } "
    "ORDER BY ?s",
    "exists": "SELECT ?s WHERE { ?s <x:is> ?o FILTER EXISTS { ?s <x:is> $x } } ORDER BY ?s",
    "minus": "SELECT ?s { ?s <x:is> ?o MINUS { ?s ?is ?p FILTER(!SAMETERM(?p,$x)) } } ORDER BY ?s",
    "union": "SELECT ?s WHERE { { ?s <x:is> $x } UNION { ?s <x:never> $x } } ORDER BY ?s",
    "path": "SELECT ?s WHERE { ?s (<x:a>|<x:is>)+ $x } ORDER BY ?s",
    "graph": "SELECT ?s WHERE { GRAPH ?g { ?s <x:is> $x } } ORDER BY ?s",
    "group": "SELECT ?s WHERE { ?s <x:is> $x } GROUP BY ?s HAVING(COUNT(*) = 1) ORDER BY ?s",
    "no space": "SELECT ?s{?s<x:is>$x}ORDER BY?s",
    "comment": "SELECT ?s { # $x \"\n ?s <x:is> $x . # '''\n} ORDER BY ?s",
}  # fmt: skip
OTHERS = (Literal("$x"), Literal(""), Literal("other"), Iri("x:other"))


def query_of(text: str, kind: str = "string") -> Query:
    columns = "#+ columns: [s]\n" if "SELECT" in text.partition("{")[0] else ""
    header = f"#+ summary: T.\n#+ parameters: {{x: {{kind: {kind}}}}}\n{columns}"
    return read_query("t", header + text, "t.rq")


def store_of(term: Term) -> EmbeddedStore:
    lines = [f"<x:hit> <x:is> {ntriples_term(term)} .\n"]
    lines += [f"<x:other> <x:is> {ntriples_term(t)} .\n" for t in OTHERS if t != term]
    store = EmbeddedStore.in_memory()
    store.load([Record("x:g", parse_turtle("".join(lines).encode()), "made")])
    return store


@settings(deadline=None, max_examples=150)
@given(given_values)
def test_select_finds_the_given_term_wherever_it_stands(value: tuple[str, str, Term]) -> None:
    kind, text, term = value
    store = store_of(term)

    for name, template in SELECTS.items():
        rows = store.select(bind(query_of(template, kind), {"x": text})).rows
        assert rows == ((Iri("x:hit"),),), name


@settings(deadline=None, max_examples=150)
@given(given_values)
def test_other_forms_find_the_given_term(value: tuple[str, str, Term]) -> None:
    kind, text, term = value
    store = store_of(term)

    def bound(template: str) -> str:
        return bind(query_of(template, kind), {"x": text})

    assert store.ask(bound("ASK { <x:hit> <x:is> $x }"))
    assert not store.ask(bound("ASK { <x:other> <x:is> $x }"))
    hit = store.construct("CONSTRUCT { <x:hit> <x:is> ?o } { <x:hit> <x:is> ?o }")
    assert store.construct(bound("CONSTRUCT { <x:hit> <x:is> $x } {}")) == hit
    assert store.construct(bound("DESCRIBE ?s { ?s <x:is> $x }")) == hit
    ((found,),) = store.select(bound("SELECT ?s { BIND($x AS ?s) } ORDER BY ?s")).rows
    assert found == term


@settings(deadline=None, max_examples=100)
@given(iris)
def test_iris_may_name_predicates_graphs_and_what_is_described(iri: Iri) -> None:
    store = EmbeddedStore.in_memory()
    text = f"<{iri}> <{iri}> <x:o> .\n".encode()
    store.load([Record(iri, parse_turtle(text), "made"), Record("x:g", b"", "made")])

    def bound(template: str) -> str:
        return bind(query_of(template, "iri"), {"x": iri})

    assert store.ask(bound("ASK { ?s $x ?o }"))
    assert store.ask(bound("ASK { ?o ^$x/($x|<x:p>)? ?s }"))
    assert store.ask(bound("ASK { $x $x+ ?o }"))
    assert store.ask(bound("ASK { GRAPH $x { ?s ?p ?o } }"))
    assert store.ask(bound("ASK FROM $x { ?s ?p ?o }"))
    assert store.construct(bound("DESCRIBE $x")) == parse_turtle(text)


@settings(deadline=None, max_examples=300)
@given(hostile, hostile)
def test_no_string_changes_the_rest_of_the_query(one: str, two: str) -> None:
    header = "#+ summary: T.\n#+ parameters: {x: {kind: string}, y: {kind: string}}\n"
    body = "#+ columns: [a, b]\nSELECT ?a ?b { BIND($x AS ?a) BIND($y AS ?b) } ORDER BY ?a"
    query = read_query("t", header + body, "t.rq")

    ((found_one, found_two),) = (
        EmbeddedStore.in_memory().select(bind(query, {"x": one, "y": two})).rows
    )

    assert (found_one, found_two) == (Literal(one), Literal(two))


@pytest.mark.parametrize("template", SELECTS.values(), ids=list(SELECTS))
def test_bound_text_parses_for_another_parser_too(template: str) -> None:
    for kind, value in (("string", 'a"b\\c\n'), ("iri", "https://x.org/a#b"), ("integer", "-7")):
        assert prepareQuery(bind(query_of(template, kind), {"x": value}))


def test_names_in_strings_comments_and_iris_are_left_alone() -> None:
    text = "ASK { ?s <x:$x> \"$x\" , '''$x''' ; <x:p> $x # $x\n}"

    bound = bind(query_of(text.replace("<x:$x>", "<x:x>")), {"x": "v"})

    assert bound.endswith("ASK { ?s <x:x> \"$x\" , '''$x''' ; <x:p>  \"v\" # $x\n}")


def test_counts_after_limit_are_bare_digits() -> None:
    text = (
        "#+ summary: T.\n#+ parameters: {n: {kind: integer, default: 3}}\n#+ columns: [s]\n"
        "SELECT ?s { ?s ?p ?o FILTER(?o > $n) } ORDER BY ?s OFFSET # here\n $n LIMIT $n"
    )
    query = read_query("t", text, "t.rq")

    assert bind(query, {}).endswith("OFFSET # here\n  3 LIMIT  3")
    assert f'"3"^^<{XSD}integer>' in bind(query, {})
    assert prepareQuery(bind(query, {"n": "07"}))
    with pytest.raises(ParameterError, match="counts rows"):
        bind(query, {"n": "-1"})


def parameter(kind: str, **more: object) -> Query:
    given_name = Parameter("x", ParameterKind(kind), **more)
    return Query("t", "T.", "ASK { ?s ?p $x }", Form.ASK, parameters=(given_name,))


@pytest.mark.parametrize(
    ("kind", "text", "term"),
    [
        ("iri", "dt:Decision", Iri(f"{DT}Decision")),
        ("iri", " sdg:14.2 ", Iri("http://metadata.un.org/sdg/14.2")),
        ("iri", "urn:isbn:1", Iri("urn:isbn:1")),
        ("iri", "https://x.org/a?b=c%20d&e='f'#g", Iri("https://x.org/a?b=c%20d&e='f'#g")),
        ("iri", "https://x.org/决定", Iri("https://x.org/决定")),
        ("string", " a\n", Literal(" a\n")),
        ("string", "", Literal("")),
        ("lang", "zh-Hans", Literal("zh-hans")),
        ("integer", "+007", Literal("7", f"{XSD}integer")),
        ("integer", "-0", Literal("0", f"{XSD}integer")),
        ("decimal", "1.50", Literal("1.5", f"{XSD}decimal")),
        ("decimal", "-0.0", Literal("0", f"{XSD}decimal")),
        ("decimal", "100", Literal("100", f"{XSD}decimal")),
        ("date", "2014-10-17", Literal("2014-10-17", f"{XSD}date")),
        ("boolean", "TRUE", Literal("true", f"{XSD}boolean")),
    ],
)
def test_text_becomes_a_typed_term(kind: str, text: str, term: Term) -> None:
    assert bound_terms(parameter(kind), {"x": text}) == {"x": term}


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("iri", ["cbd", "a b", "http://x/<", 'http://x/"', "http://x/a b", "http://x/{}", "x:",
                 "http://x/\\u0020", "http://x/a\u0000", "http://x/a|b", "http://x/^", "http://x/`",
                 "http://x/%zz", "http://x/#a#b", "http://x/\u202e", "//x/a", "<http://x/>",
                 "http://x/a\nb", "dt:a b", "http://x/\ud800"]),
        ("lang", ["e", "en_GB", "en-", "english language", "*", '"', "en--ltr"]),
        ("integer", ["1.0", "one", "1 2", "0x10", "１", "9" * 19, "--1", "1e3"]),
        ("decimal", ["1,5", "1e3", "NaN", ".", "1.2.3", "９"]),
        ("date", ["2014", "2014-13-01", "2014-02-30", "20141017", "17.10.2014", "2014-10-17Z",
                  "2014-W01-1", "0000-01-01"]),
        ("boolean", ["1", "yes", "truee"]),
        ("string", ["\ud800", "a\x00b"]),
    ],
)  # fmt: skip
def test_ill_typed_text_is_refused(kind: str, texts: list[str]) -> None:
    for text in texts:
        with pytest.raises(ParameterError, match="Parameter 'x'") as caught:
            bind(parameter(kind), {"x": text})
        assert caught.value.remedy, text


def test_prefixes_abbreviate_and_schemes_do_not() -> None:
    for prefix, namespace in PREFIXES.items():
        assert bound_terms(parameter("iri"), {"x": f"{prefix}:a"}) == {"x": Iri(f"{namespace}a")}


class Names:
    """A resolver that knows two names."""

    def text(self, symbol: str) -> Iri:
        if symbol != "XII/19":
            raise NotFoundError(f"No text '{symbol}'.")
        return Iri("https://x.org/decision/a")

    def key(self, of: str, key: str) -> Iri:
        return Iri(f"https://x.org/{of}/{key}")


def test_symbols_and_keys_are_resolved() -> None:
    symbol, key = parameter("symbol"), parameter("key", of="instrument")

    assert bound_terms(symbol, {"x": "XII/19"}, Names()) == {"x": "https://x.org/decision/a"}
    assert bound_terms(key, {"x": "cbd"}, Names()) == {"x": "https://x.org/instrument/cbd"}
    for query in (symbol, key):
        assert bound_terms(query, {"x": "https://y.org/"}) == {"x": "https://y.org/"}
        assert bound_terms(query, {"x": "theme:wetlands"}) == {"x": f"{PREFIXES['theme']}wetlands"}
    with pytest.raises(NotFoundError, match="No text 'XX/1'"):
        bind(symbol, {"x": "XX/1"}, Names())
    with pytest.raises(ParameterError, match="Parameter 'x'"):
        bind(key, {"x": "a> ?p ?o } #"}, Names())
    with pytest.raises(ParameterError, match="Parameter 'x'"):
        bind(symbol, {"x": "XII/19"})


def test_default_any_and_missing() -> None:
    assert bound_terms(parameter("date", default="2014-01-01"), {}) == {
        "x": Literal("2014-01-01", f"{XSD}date")
    }
    for left_out in ({}, {"x": ""}, {"x": "  "}):
        assert bound_terms(parameter("key", any=True, of="actor"), left_out) == {"x": ANY}
        with pytest.raises(ParameterError, match=r"needs the parameter 'x' \(Who\)"):
            bind(parameter("iri", description="Who"), left_out)
    assert bound_terms(parameter("string", default="a"), {"x": ""}) == {"x": Literal("")}
    with pytest.raises(ParameterError, match="a name or an IRI"):
        bind(parameter("symbol", default=""), {}, Names())


def test_unknown_parameter_is_refused_with_those_there_are() -> None:
    with pytest.raises(ParameterError, match=r"no parameter 'y'.*It has: x"):
        bind(parameter("string"), {"x": "", "y": ""})


def test_any_matches_all_and_a_value_matches_itself() -> None:
    text = (
        "#+ summary: T.\n#+ parameters: {x: {kind: string, any: true}}\n#+ columns: [s]\n"
        "SELECT ?s { ?s <x:is> ?o FILTER($x = <https://w3id.org/dtrack/any> || ?o = $x) } "
        "ORDER BY ?s"
    )
    query = read_query("t", text, "t.rq")
    store = store_of(Literal("hit"))

    assert len(store.select(bind(query, {}))) == 5
    assert store.select(bind(query, {"x": "hit"})).rows == ((Iri("x:hit"),),)
