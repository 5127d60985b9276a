"""Figures of the pages as SVG or PNG: heat maps, bars, a network; the same data, the same bytes.

matplotlib is imported when the first one is drawn, not before.
"""

from __future__ import annotations

import io
import math
import threading
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from dtrack.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MEDIA: Final = {"svg": "image/svg+xml", "png": "image/png"}
"""Media types by the end of an address."""

_FONTS: Final = ["DejaVu Sans", "Noto Sans CJK SC", "Noto Serif CJK SC", "sans-serif"]
_INK: Final = "#17201d"
_ACCENT: Final = "#0a6455"
_SECOND: Final = "#c2751c"
# The settings of the library are those of the whole process.
_turn = threading.Lock()


@contextmanager
def _sheet(width: float, height: float, title: str) -> Iterator[Any]:
    """A figure to draw on."""
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError(
            "Figures need matplotlib.", remedy="Install it: pip install 'dtrack[plot]'."
        ) from error
    settings: Any = {
        "svg.fonttype": "none",
        "svg.hashsalt": "dtrack",
        "font.size": 9,
        "font.family": _FONTS,
        "text.color": _INK,
        "axes.edgecolor": "#cdd6d1",
    }
    with _turn, mpl.rc_context(settings), warnings.catch_warnings():
        # A machine without Chinese fonts draws boxes in PNG; SVG keeps the text.
        warnings.simplefilter("ignore", UserWarning)
        figure = Figure(figsize=(width, height), layout="constrained")
        if title:
            figure.suptitle(title, fontsize=12)
        yield figure


def _bytes(figure: Any, ending: str, title: str) -> bytes:
    out = io.BytesIO()
    metadata = {"Date": None, "Title": title} if ending == "svg" else {"Title": title}
    figure.savefig(out, format=ending, metadata=metadata, dpi=150)
    return out.getvalue()


def heat(
    rows: Sequence[str],
    columns: Sequence[str],
    values: Mapping[tuple[str, str], float],
    ending: str,
    *,
    title: str,
    texts: Mapping[tuple[str, str], str],
) -> bytes:
    """Heat map of rows against columns; a cell without a value is empty, one without text blank."""
    with _sheet(0.62 * len(columns) + 3.4, 0.36 * len(rows) + 1.6, title) as figure:
        axes = figure.add_subplot()
        top = max(values.values(), default=0.0) or 1.0
        grid = [[values.get((row, column), math.nan) for column in columns] for row in rows]
        axes.imshow(grid, cmap="YlGnBu", vmin=0.0, vmax=top, aspect="auto")
        axes.set_xticks(
            range(len(columns)), columns, rotation=45, ha="left", rotation_mode="anchor"
        )
        axes.set_yticks(range(len(rows)), rows)
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)
        for i, row in enumerate(rows):
            for k, column in enumerate(columns):
                dark = values.get((row, column), 0.0) > 0.55 * top
                axes.text(
                    k, i, texts.get((row, column), ""), ha="center", va="center", fontsize=7,
                    color="white" if dark else _INK,
                )  # fmt: skip
        return _bytes(figure, ending, title)


def stacked(
    labels: Sequence[str],
    lower: Sequence[float],
    upper: Sequence[float],
    names: tuple[str, str],
    ending: str,
    *,
    title: str,
) -> bytes:
    """Standing bars, one a label, of two parts on each other."""
    with _sheet(max(6.0, 0.24 * len(labels) + 1.5), 4.2, title) as figure:
        axes = figure.add_subplot()
        places = range(len(labels))
        axes.bar(places, lower, color=_ACCENT, label=names[0])
        axes.bar(places, upper, bottom=list(lower), color="#a1d1c5", hatch="//", label=names[1])
        axes.set_xticks(places, labels, rotation=90)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False)
        return _bytes(figure, ending, title)


def bars(
    labels: Sequence[str],
    values: Sequence[float],
    second: Sequence[bool],
    names: tuple[str, str],
    ending: str,
    *,
    title: str,
) -> bytes:
    """Lying bars, one a label; ``second`` says which are of the other kind."""
    with _sheet(7.5, 0.26 * len(labels) + 1.4, title) as figure:
        axes = figure.add_subplot()
        for kind, colour, hatch in ((False, _ACCENT, ""), (True, "#d9a35c", "//")):
            places = [i for i, is_second in enumerate(second) if is_second is kind]
            if places:
                axes.barh(
                    places, [values[i] for i in places], color=colour, hatch=hatch,
                    label=names[kind],
                )  # fmt: skip
        axes.set_yticks(range(len(labels)), labels)
        axes.invert_yaxis()
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False)
        return _bytes(figure, ending, title)


def lines(
    series: Mapping[str, Sequence[tuple[float, float]]],
    axis_names: tuple[str, str],
    ending: str,
    *,
    title: str,
) -> bytes:
    """Lines over two axes that go by powers of ten; points are marked, and names stand beside."""
    with _sheet(8.0, 4.6, title) as figure:
        axes = figure.add_subplot()
        marks = "osv^D*Pp<>"
        for place, (name, points) in enumerate(series.items()):
            axes.plot(
                [point[0] for point in points], [point[1] for point in points],
                marker=marks[place % len(marks)], label=name, linewidth=1.3,
            )  # fmt: skip
        axes.set(xscale="log", yscale="log", xlabel=axis_names[0], ylabel=axis_names[1])
        axes.grid(color="#e4eae7", linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
        return _bytes(figure, ending, title)


def circle(
    nodes: Sequence[str],
    arrows: Mapping[tuple[str, str], float],
    lines: Sequence[tuple[str, str]],
    ending: str,
    *,
    title: str,
) -> bytes:
    """Network with its nodes on a circle; arrows by weight, dashed lines without one."""
    with _sheet(9.0, 7.2, title) as figure:
        axes = figure.add_subplot()
        size = max(len(nodes), 1)
        at = {
            node: (math.sin(2 * math.pi * i / size), math.cos(2 * math.pi * i / size))
            for i, node in enumerate(nodes)
        }
        top = max(arrows.values(), default=1.0)
        for a, b in lines:
            axes.plot(
                *zip(at[a], at[b], strict=True), ls=(0, (4, 3)), color=_SECOND, lw=1, zorder=1
            )
        for (a, b), weight in sorted(arrows.items()):
            axes.annotate(
                "", xy=at[b], xytext=at[a], zorder=2,
                arrowprops={
                    "arrowstyle": "-|>", "color": _ACCENT, "alpha": 0.65, "shrinkA": 8,
                    "shrinkB": 8, "lw": 0.7 + 3.5 * weight / top,
                    "connectionstyle": "arc3,rad=0.12",
                },
            )  # fmt: skip
        for node, (x, y) in at.items():
            axes.plot([x], [y], "o", color=_INK, ms=6, zorder=3)
            axes.text(
                1.07 * x, 1.07 * y, node, va="center",
                ha="left" if x > 0.1 else "right" if x < -0.1 else "center",
            )  # fmt: skip
        axes.set_xlim(-1.45, 1.45)
        axes.set_ylim(-1.2, 1.2)
        axes.set_aspect("equal")
        axes.axis("off")
        return _bytes(figure, ending, title)
