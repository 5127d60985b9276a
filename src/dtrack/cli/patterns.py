"""Command about patterns of overlap: facets, groups, conflicts, effects, leads, modules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from dtrack.answer.modules import reporting_modules
from dtrack.cli.context import Session, as_of_option, command_options, pass_session
from dtrack.cli.overlap import selection_options
from dtrack.cli.tables import coverage_table
from dtrack.errors import ParameterError
from dtrack.wiring.reading import open_answers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from dtrack.answer import pattern_views as views
    from dtrack.answer.modules import ModulesView
    from dtrack.answer.patterns import PatternAnswers
    from dtrack.answer.views import Named, ProvisionView
    from dtrack.overlap import Selection

_KINDS = ("facets", "common", "duplicates", "clusters", "conflicts", "effect", "leads", "modules")


@click.command()
@click.argument("kind", type=click.Choice(_KINDS))
@click.argument("key", required=False)
@click.option("--group", metavar="KEY", help="Only a group: biodiversity, rio or chemicals.")
@click.option("--instrument", "instruments", multiple=True, metavar="KEY", help="Only these.")
@click.option("--framework", metavar="KEY", help="Only what serves this framework.")
@click.option("--least", default=3, show_default=True, help="Instruments that share a cluster.")
@click.option("--limit", default=10, show_default=True, help="How many to show.")
@click.option("--offset", default=0, show_default=True, help="How many to pass over.")
@selection_options
@as_of_option
@command_options
@pass_session
def patterns(
    session: Session,
    /,
    kind: str,
    key: str | None,
    least: int,
    limit: int,
    offset: int,
    **filters: Any,
) -> None:
    r"""Show what provisions of many instruments have in common, or what hangs on a mapping.

    \b
    dtrack patterns facets --theme wetlands
    dtrack patterns common --theme capacity-building
    dtrack patterns duplicates --group biodiversity
    dtrack patterns clusters --least 4
    dtrack patterns conflicts
    dtrack patterns effect MAPPING-IRI
    dtrack patterns leads aichi
    dtrack patterns modules
    dtrack patterns modules chn

    `modules` are reporting modules that reports to several instruments share, and the Parties
    that would write each once, or one Party's by its code; it takes --limit and --offset only.
    """
    if kind != "modules" and (kind in {"effect", "leads"}) != (key is not None):
        raise ParameterError(
            f"'{kind}' takes {'a key' if key is None else 'no key'}.",
            remedy="Say `dtrack patterns effect MAPPING-IRI` or `dtrack patterns leads FRAMEWORK`.",
        )
    if kind == "modules":
        _refuse_filters(filters)
    with open_answers(session.reading()) as answers:
        chosen = answers.selection(**filters)
        question = answers.patterns()
        page = {"limit": limit, "offset": offset}
        if kind == "modules":
            view: Any = reporting_modules(answers, party=key, limit=limit, offset=offset)
        elif kind == "leads":
            view = question.leads(answers.key("framework", key or ""), chosen)
        elif kind == "effect":
            view = question.effect(key or "", chosen)
        else:
            view = _asked(question, kind, chosen, least, page)
    if session.json:
        session.give(view)
        return
    for line in _LINES[kind](view):
        session.say(line)
    if kind != "modules":
        session.console.print(coverage_table(view.coverage))


def _refuse_filters(filters: Mapping[str, Any]) -> None:
    """Say so where a filter of provisions would do nothing. Raises ParameterError."""
    given = [name for name, value in filters.items() if value and name != "as_of"]
    if given:
        raise ParameterError(
            f"'modules' is about reports, not provisions, and has no filter '{given[0]}'.",
            remedy="Name a Party: `dtrack patterns modules chn`.",
        )


def _asked(
    question: PatternAnswers, kind: str, chosen: Selection, least: int, page: dict[str, int]
) -> Any:
    if kind == "facets":
        return question.facets(chosen)
    if kind == "clusters":
        return question.clusters(chosen, instruments=least, **page)
    return getattr(question, kind)(chosen, **page)


def _named(things: Iterable[Named]) -> str:
    return ", ".join(thing.label for thing in things)


def _counted(counts: Iterable[views.CountView], *, keys: bool = False) -> str:
    return ", ".join(f"{c.value.key if keys else c.value.label} {c.directives}" for c in counts)


def _facets(view: views.FacetsView) -> Iterator[str]:
    yield f"{view.directives} provisions: {view.active} active, {view.ended} ended"
    yield f"instruments: {_counted(view.instruments, keys=True)}"
    for name in ("targets", "themes", "actors", "forces"):
        yield f"{name}: {_counted(getattr(view, name)[:12])}"
    yield f"years: {', '.join(f'{year} {n}' for year, n in view.years.items())}\n"


def _common(view: views.CommonsView) -> Iterator[str]:
    for common in view.values:
        yield f"{common.dimension}: {common.value.label}"
        yield f"  {_counted(common.counts, keys=True)}"
    yield f"{_shown(view.offset, len(view.values), view.total)}\n"


def _groups(view: views.GroupsView) -> Iterator[str]:
    for group in view.groups:
        named = [(n, getattr(group, n)) for n in ("targets", "themes", "actors", "forces")]
        yield f"{', '.join(i.key for i in group.instruments)}: {group.directives} provisions"
        yield f"  same {'; '.join(f'{name}: {_named(held)}' for name, held in named if held)}"
        yield from (f"    {line}" for line in _provisions(group.provisions))
    yield f"{_shown(view.offset, len(view.groups), view.total)}\n"


def _conflicts(view: views.ConflictsView) -> Iterator[str]:
    for conflict in view.conflicts:
        yield f"{conflict.dimension}: {conflict.value.label}"
        for name, side in (("permits", conflict.permitting), ("restricts", conflict.restricting)):
            yield from (f"  {name}: {line}" for line in _provisions(side))
    yield f"{_shown(view.offset, len(view.conflicts), view.total)}\n"


def _effect(view: views.EffectView) -> Iterator[str]:
    m = view.mapping
    yield f"{m.subject} {m.predicate} {m.object}, by {m.author}, confidence {m.confidence:g}"
    for cell in view.cells:
        one, other = cell.before, cell.after
        yield (
            f"  {cell.row.key}, {cell.column.key}: pairs {one.pairs} → {other.pairs}, "
            f"mean {one.mean:.3f} → {other.mean:.3f}, best {one.top:.3f} → {other.top:.3f}"
        )
    for gap in view.gaps:
        yield (
            f"  {gap.instrument.key} on {gap.target.label}: {gap.direct_before}+"
            f"{gap.aligned_before} → {gap.direct_after}+{gap.aligned_after}"
        )
    yield f"{len(view.cells)} cells and {len(view.gaps)} gap figures would change\n"


def _leads(view: views.LeadsView) -> Iterator[str]:
    for lead in view.targets:
        best = ", ".join(
            f"{c.instrument.key} {c.score:.2f} ({c.directives} provisions)"
            for c in lead.candidates[:3]
        )
        yield f"{lead.target.label}: {best or 'nobody'}"
    yield ""


def _modules(view: ModulesView) -> Iterator[str]:
    for module in view.modules:
        yield f"{module.module.label}: {len(module.reports)} reports to {module.instruments}"
        for each in module.reports:
            due = f", next {each.next_due}" if each.next_due else ""
            often = f": {each.frequency}" if each.frequency else ""
            yield f"  {each.instrument.key} {each.report.label}{often}{due}"
    for party in view.parties:
        yield f"{party.code or party.party.key} {party.party.label}"
        for module in party.modules:
            served = ", ".join(dict.fromkeys(r.instrument.key for r in module.reports))
            yield f"  {module.module.label}: {len(module.reports)} reports ({served})"
    yield f"Parties {_shown(view.offset, len(view.parties), view.total)}"
    if not view.memberships:
        yield "No memberships are held; bring them with `dtrack import memberships FILE`."


def _provisions(provisions: Iterable[ProvisionView]) -> Iterator[str]:
    for p in provisions:
        yield f"{p.instrument.key} {p.symbol}, {p.number}: {p.summary}"


def _shown(offset: int, shown: int, total: int) -> str:
    return f"{f'{offset + 1} to {offset + shown}' if shown else 'none'} of {total}"


_LINES: dict[str, Callable[[Any], Iterator[str]]] = {
    "facets": _facets,
    "common": _common,
    "duplicates": _groups,
    "clusters": _groups,
    "conflicts": _conflicts,
    "effect": _effect,
    "leads": _leads,
    "modules": _modules,
}
