"""Plots of answers as SVG or PNG: the same answer gives the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

SUFFIXES = (".svg", ".png")


def heat_map(
    path: Path,
    names: Sequence[str],
    values: Mapping[tuple[str, str], float],
    captions: Mapping[tuple[str, str], str],
    *,
    title: str,
    caption: str,
) -> None:
    """Draw a symmetric matrix of values from 0 to 1, one row and column per name.

    A cell without a value is drawn empty; ``captions`` are written into the
    cells. Raises InputError for an unknown suffix, MissingExtraError without
    the library.
    """
    if path.suffix not in SUFFIXES:
        raise InputError(
            f"'{path.name}' is neither SVG nor PNG.", remedy="End the name with .svg or .png."
        )
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError(
            "Plots need matplotlib.", remedy="Install it: pip install 'dtrack[plot]'."
        ) from error
    size = len(names)
    # Text stays text in SVG, so that it can be searched and read aloud.
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "dtrack", "font.size": 9}):
        figure = Figure(figsize=(1.1 * size + 2.2, 0.8 * size + 1.9), layout="constrained")
        axes = figure.add_subplot()
        grid = [[values.get((row, column), float("nan")) for column in names] for row in names]
        image = axes.imshow(grid, cmap="YlGnBu", vmin=0.0, vmax=1.0, aspect="auto")
        axes.set_xticks(range(size), names)
        axes.set_yticks(range(size), names)
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)
        for i, row in enumerate(names):
            for j, column in enumerate(names):
                text = captions.get((row, column), "")
                dark = values.get((row, column), 0.0) > 0.55
                axes.text(
                    j, i, text, ha="center", va="center", color="white" if dark else "#1b1b1b"
                )
        figure.colorbar(image, ax=axes, shrink=0.8, label="mean score of overlapping provisions")
        figure.suptitle(title, fontsize=12)
        figure.supxlabel(caption, fontsize=8)
        metadata = {"Date": None, "Title": title, "Description": caption}
        figure.savefig(
            path, metadata=metadata if path.suffix == ".svg" else {"Title": title}, dpi=150
        )
