"""Screenshots of the main pages over the bundled data: python tests/web/screenshots.py FOLDER"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from dtrack.model import no_progress  # noqa: E402
from dtrack.settings import load_settings  # noqa: E402
from dtrack.wiring.writing import load_corpus  # noqa: E402
from processes import served  # noqa: E402
from web.kinds import KINDS  # noqa: E402

SHOWN = (
    "start", "overlaps", "pairs", "gaps", "decision", "target", "instrument", "compare", "options",
    "deadlines", "network", "find", "sparql",
)  # fmt: skip


def main(folder: Path) -> int:
    """Load the bundled data into a new home, serve it, and look at each page."""
    folder.mkdir(parents=True, exist_ok=True)
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    node = shutil.which("node")
    if not (node and browser and (ROOT / "node_modules" / "playwright-core").is_dir()):
        sys.stderr.write("Screenshots need Node, chromium and `make clients`.\n")
        return 3
    with tempfile.TemporaryDirectory() as home:
        load_corpus(load_settings({"home": Path(home)}, {}), None, no_progress)
        with served(environment={"DTRACK_HOME": home}) as server:
            asked = {
                "url": server.url,
                "browser": browser,
                "pages": {kind: KINDS[kind] for kind in SHOWN},
                "shots": str(folder.resolve()),
            }
            done = subprocess.run(
                [node, str(ROOT / "tests" / "web" / "walk.mjs"), json.dumps(asked)],
                env={n: v for n, v in os.environ.items() if not n.lower().endswith("_proxy")},
                check=False,
            )
    sys.stdout.write(f"{len(list(folder.glob('*.png')))} pictures in {folder}\n")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "var/screenshots")))
