"""The endpoints over an ordinary dataset: no union, no gate, no keys, for conformance runs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from dtrack import __version__
from dtrack.api import problems
from dtrack.api.changing import Author, Changed, GraphChange
from dtrack.api.compression import CompressionMiddleware
from dtrack.api.metrics import Metrics
from dtrack.api.middleware import ResponseMiddleware
from dtrack.api.observing import ObservingMiddleware
from dtrack.api.routes import graphs, operations, sparql, update
from dtrack.api.wire import OneLengthMiddleware
from dtrack.settings import Settings
from dtrack.stores.markers import Marker
from dtrack.stores.plain_store import PlainStore
from dtrack.stores.readers import ReaderPool
from dtrack.stores.turns import Caller
from dtrack.stores.updating import UpdateText


@dataclass(frozen=True, slots=True)
class Anyone:
    """What stands for a key where none is needed."""

    name: str = "anyone"


class PlainService:
    """What a request is answered from; fulfils as much of wiring.Service as is needed."""

    is_plain = True

    def __init__(self, settings: Settings, home: Path) -> None:
        self.settings = settings
        self._store = PlainStore.open(home, settings)
        self.changes = PlainChanges(self._store)
        self.marker = Marker("0" * 64, 0, 0, __version__, "")

    @property
    def readers(self) -> ReaderPool:
        """Processes that answer."""
        return self._store.readers

    def current(self) -> "PlainService":
        """Give the service itself."""
        return self

    def close(self) -> None:
        """End its processes."""
        self._store.close()


class PlainChanges:
    """Changes without gate and history. Fulfils Changes."""

    def __init__(self, store: PlainStore) -> None:
        self._store = store

    def update(self, update: UpdateText, author: Author, caller: Caller) -> Changed:
        """Run an update."""
        _ = author
        self._store.update(update, caller)
        return Changed(None)

    def change_graph(self, wanted: GraphChange, author: Author, caller: Caller) -> Changed:
        """Change one graph."""
        _ = author
        if wanted.condition:
            wanted.condition(self._store.readers.content(wanted.graph, caller)[1])
        existed, digest = self._store.change_graph(
            wanted.graph, wanted.change, wanted.uploads, wanted.base, caller
        )
        return Changed(None, existed, digest)


def create_plain_app(service: PlainService) -> FastAPI:
    """Application with query, update and graph store endpoints, figures, and nothing else."""
    app = FastAPI(
        title="dtrack", version=__version__, docs_url=None, redoc_url=None, openapi_url=None,
        redirect_slashes=False,
    )  # fmt: skip
    source: Any = service
    app.state.source = source
    app.state.editor = None
    app.include_router(sparql.router)
    app.include_router(update.create_router(Anyone))
    app.include_router(graphs.create_router(Anyone, is_plain=True))
    app.include_router(operations.figures)
    app.add_middleware(CompressionMiddleware)
    app.add_middleware(ResponseMiddleware, source=source)
    app.add_middleware(OneLengthMiddleware)
    app.state.metrics = Metrics(source)
    app.add_middleware(ObservingMiddleware, metrics=app.state.metrics)
    problems.install(app)
    return app
