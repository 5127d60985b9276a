"""A query file keeps the rules, or the catalogue does not start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dtrack.catalogue import Catalogue, Column, Form, Parameter, ParameterKind, Told, read_query
from dtrack.errors import CatalogueError, NotFoundError
from strategies import characters

if TYPE_CHECKING:
    from pathlib import Path

HEADER = """\
#+ summary: Things that have a part.
#+ description: "Longer: with a colon."
#+ tags: [things, parts]
#+ parameters:
#+   since: {kind: date, default: 2014-01-01}
#+   who: {kind: key, of: actor, any: true, description: Whoever}
#+   many: {kind: integer, default: 10}
#+ columns: {thing: The thing, n: How many}
#+ limit: 50
"""
BODY = """\
PREFIX dt: <https://w3id.org/dtrack/ontology#>
SELECT DISTINCT ?thing (COUNT(?part) AS ?n)
WHERE {
  ?thing dt:part ?part ;
         dt:day ?day ;
         dt:who ?actor .
  FILTER(?day >= $since) # not $this, nor "$that"
  FILTER($who = <https://w3id.org/dtrack/any> || ?actor = $who)
}
GROUP BY ?thing
ORDER BY ?thing
LIMIT $many
"""


def read(text: str) -> object:
    return read_query("things_with_part", text, "things_with_part.rq")


def test_header_and_outline_are_read() -> None:
    query = read_query("things_with_part", HEADER + BODY, "x.rq")

    assert query.name == "things_with_part"
    assert query.summary == "Things that have a part."
    assert query.description == "Longer: with a colon."
    assert query.tags == ("things", "parts")
    assert query.parameters == (
        Parameter("since", ParameterKind.DATE, default="2014-01-01"),
        Parameter("who", ParameterKind.KEY, description="Whoever", any=True, of="actor"),
        Parameter("many", ParameterKind.INTEGER, default="10"),
    )
    assert query.columns == (Column("thing", "The thing"), Column("n", "How many"))
    assert (query.form, query.method, query.limit) == (Form.SELECT, "GET", 50)
    assert query.text == HEADER + BODY
    assert not any(parameter.is_required for parameter in query.parameters)


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("#+ summary: Things that have a part.\n", "", "1", "no summary"),
        ("#+ limit: 50", "#+ limits: 50", "9", "unknown key 'limits'"),
        ("#+ limit: 50", "#+ limit: none", "9", "limit is 'none'"),
        ("#+ limit: 50", "#+ limit: 50\n#+ limit: 51", "10", "key 'limit' twice"),
        ("#+ limit: 50", "#+ method: PUT", "9", "method is 'PUT'"),
        ("#+ limit: 50", "#+ limit: [50]", "9", "single text"),
        ("#+ limit: 50", "#+ limit: a: b", "9", "not valid YAML"),
        ("#+ limit: 50", "PREFIX a: <b>\n#+ limit: 50", "10", "outside the header"),
        ("#+ tags: [things, parts]", "#+ tags: things", "3", "must be a list"),
        ("kind: date", "kind: day", "5", "unknown kind"),
        ("kind: date, ", "", "5", "no kind"),
        ("kind: date", "sort: date", "5", "unknown key 'sort'"),
        ("{kind: date, default: 2014-01-01}", "date", "5", "must be a mapping"),
        ("any: true", "any: false", "6", "'any' is 'true'"),
        ("any: true", "any: true, default: x", "6", "either a default or 'any'"),
        ("of: actor, ", "", "6", "'of' goes with"),
        ("kind: date", "kind: date, of: actor", "5", "'of' goes with"),
        ("of: actor", "of: Actor", "6", "lower case"),
        ("  since:", "  Since:", "5", "is no name"),
        ("columns: {thing: The thing, n: How many}", "columns: [n, thing]", "8", "columns are"),
        ("?day >= $since", "?day >= $till", "16:18", "'$till' is not declared"),
        ("?day >= $since", "?day >= ?day", "4", "'since' is not used"),
        ("?day >= $since", '?day >= "$since"', "4", "'since' is not used"),
        ("?day >= $since", "$since = ?since", "16:19", "are one variable"),
        ("?day >= $since", "?day<$since&&1>0", "4", "'since' is not used"),
        ("?day >= $since", "?day >= $since && ?day<$since&&1>0", "16:32", "reads as an IRI"),
        ("dt:day ?day", "x:day ?day", "14:10", "prefix of 'x:day' is not declared"),
        ("ORDER BY ?thing\n", "", "11:1", "no ORDER BY"),
        ("DISTINCT ?thing (COUNT(?part) AS ?n)", "DISTINCT *", "11:17", "SELECT *"),
        ("dt:part ?part ;", "dt:part ?part . { SELECT * {} } ?thing", "13:35", "SELECT *"),
        ("SELECT DISTINCT ?thing", "SELECT DISTINCT $since", "11:17", "is projected"),
        ("GROUP BY", "SERVICE <http://x/> {} GROUP BY", "19:1", "calls another endpoint"),
        ("LIMIT $many", "LIMIT $since", "4", "'many' is not used"),
        ("LIMIT $many", "OFFSET $many LIMIT $since", "21:20", "stands after LIMIT"),
        (BODY, "# nothing\n", "None", "no query"),
    ],
)  # fmt: skip
def test_faults_stop_the_start_with_their_line(
    old: str, new: str, place: str, message: str
) -> None:
    text = (HEADER + BODY).replace(old, new, 1)
    assert text != HEADER + BODY

    with pytest.raises(CatalogueError) as caught:
        read(text)

    assert message in caught.value.message
    assert str(caught.value.place).partition(":")[2] == place.replace("None", "")
    assert caught.value.remedy or "must be" in message or "single text" in message


CHINESE = """\
#+ translations:
#+   zh:
#+     summary: 有部分的事物。
#+     description: 更长的说明。
"""


def test_header_says_itself_in_other_languages() -> None:
    query = read_query("things_with_part", HEADER + CHINESE + BODY, "x.rq")

    assert query.told("zh") == Told("有部分的事物。", "更长的说明。")
    assert query.told("en") == Told("Things that have a part.", "Longer: with a colon.")
    # What is not translated is better read in English than not at all.
    assert query.told("fr") == query.told("en")


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("  zh:\n", "  en:\n", 11, "'en' is no language to translate into"),
        ("  zh:\n", "  中文:\n", 11, "'中文' is no language to translate into"),
        ("  zh:\n", "  zh_CN:\n", 11, "'zh_CN' is no language to translate into"),
        ("#+     description: 更长的说明。\n", "", 11, "no description, unlike the header"),
        ("summary: 有", "title: 有", 12, "unknown key 'title'"),
        ("summary: 有部分的事物。", "summary: [有]", 12, "single text"),
        ("#+   zh:\n", "", 11, "'summary' is no language to translate into"),
        (CHINESE.partition("zh:")[2], " 有部分的事物。\n", 11, "must be a mapping"),
    ],
)
def test_faults_of_translations_stop_the_start_with_their_line(
    old: str, new: str, line: int, message: str
) -> None:
    text = HEADER + CHINESE.replace(old, new, 1) + BODY

    with pytest.raises(CatalogueError) as caught:
        read(text)

    assert message in caught.value.message
    assert str(caught.value.place) == f"things_with_part.rq:{line}"


def test_translation_says_no_more_than_the_header() -> None:
    header = HEADER.replace('#+ description: "Longer: with a colon."\n', "")

    with pytest.raises(CatalogueError, match="has a description, unlike the header"):
        read(header + CHINESE + BODY)


def test_other_forms_have_no_columns_and_need_no_order() -> None:
    header = "#+ summary: A.\n"
    for form in ("ASK", "CONSTRUCT WHERE", "describe ?s where"):
        query = read_query("a", f"{header}{form} {{ ?s ?p ?o }}", "a.rq")
        assert query.form == form.split()[0].upper()

    with pytest.raises(CatalogueError, match="ASK query has no columns"):
        read("#+ summary: A.\n#+ columns: [s]\nASK { ?s ?p ?o }")


def test_order_of_a_sub_select_is_not_that_of_the_query() -> None:
    inner = "{ SELECT ?s WHERE { ?s ?p ?o } ORDER BY ?s }"

    with pytest.raises(CatalogueError, match="no ORDER BY"):
        read(f"#+ summary: A.\n#+ columns: [s]\nSELECT ?s WHERE {{ {inner} }}")


@pytest.mark.parametrize("text", ["", "SELECT ?s { ?s ?p ?o }", "# + summary: A."])
def test_file_without_header_is_refused(text: str) -> None:
    with pytest.raises(CatalogueError, match="no header"):
        read(text)


def test_name_of_a_file_is_checked() -> None:
    with pytest.raises(CatalogueError, match="lower snake case"):
        read_query("Things-With", HEADER + BODY, "x.rq")


@given(st.lists(st.text(characters, max_size=20), max_size=6))
def test_any_header_is_read_or_refused_in_our_words(lines: list[str]) -> None:
    text = "".join(f"#+ {line}\n" for line in ["summary: A.", *lines]) + "ASK {}"

    try:
        query = read_query("a", text, "a.rq")
    except CatalogueError:
        return

    assert query.summary


def write(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.rq").write_text(text, encoding="utf-8")


def test_catalogue_is_a_folder_of_files(tmp_path: Path) -> None:
    write(tmp_path, "things_with_part", HEADER + BODY)
    write(tmp_path, "a", "#+ summary: A.\nASK {}")

    catalogue = Catalogue.read(tmp_path)

    assert [query.name for query in catalogue] == ["a", "things_with_part"]
    assert len(catalogue) == 2
    assert "a" in catalogue
    assert catalogue["a"].form is Form.ASK
    with pytest.raises(NotFoundError, match="Did you mean things_with_part"):
        catalogue["things_with_parts"]
    with pytest.raises(NotFoundError, match="lists them all"):
        catalogue["zzz"]


def test_header_of_a_file_is_read_when_its_query_is_asked_for(tmp_path: Path) -> None:
    write(tmp_path, "sound", "#+ summary: A.\nASK {}")
    write(tmp_path, "torn", "#+ summary: [\nASK {}")

    catalogue = Catalogue.read(tmp_path)

    assert catalogue["sound"] is catalogue["sound"]
    assert "torn" in catalogue
    with pytest.raises(CatalogueError, match="not valid YAML") as caught:
        catalogue["torn"]
    assert str(caught.value.place).endswith("/torn.rq:1")
    with pytest.raises(CatalogueError, match="not valid YAML"):
        list(catalogue)


def test_empty_catalogue_and_other_encodings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="empty"):
        Catalogue.read(tmp_path)
    (tmp_path / "a.rq").write_bytes("#+ summary: É.\nASK {}".encode("latin-1"))
    with pytest.raises(CatalogueError, match="UTF-8"):
        Catalogue.read(tmp_path)
