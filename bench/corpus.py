"""A made-up corpus as N-Quads (see dtrack.bench.corpora).

python bench/corpus.py 100k > corpus.nq
"""

from __future__ import annotations

import sys

from dtrack.bench.corpora import SIZES, corpus

__all__ = ["SIZES", "corpus"]


def main() -> None:
    """Write a corpus as N-Quads: size (100k, 1m, 10m or a number) and seed."""
    size = sys.argv[1] if len(sys.argv) > 1 else "100k"
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    for record in corpus(SIZES.get(size) or int(size), seed):
        end = f" <{record.graph}> .\n".encode()
        sys.stdout.buffer.writelines(
            line[:-2] + end for line in record.ntriples.splitlines() if line
        )


if __name__ == "__main__":
    main()
