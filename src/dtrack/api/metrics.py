"""Figures about a running node, for Prometheus; each application has a registry of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.core import Metric

    from dtrack.wiring.serving import Service, Source

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})


class Metrics:
    """What is counted about requests, and what the store is asked about itself when read."""

    def __init__(self, source: Source) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "dtrack_requests",
            "Requests answered, by route as the description writes it.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "dtrack_request_seconds",
            "Time from a request to the end of its answer.",
            ("method", "route"),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self.running = Gauge(
            "dtrack_requests_running", "Requests being answered.", registry=self._registry
        )
        self._registry.register(_StoreCollector(source))

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answered request. Only routes and known methods, so that series stay few."""
        known = method if method in _METHODS else "other"
        self._requests.labels(known, route, str(status)).inc()
        self._seconds.labels(known, route).observe(seconds)

    def text(self) -> bytes:
        """All figures in the text format of Prometheus."""
        return generate_latest(self._registry)


class _StoreCollector(Collector):
    """Figures that are read when somebody asks: of the store and of its query processes."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def describe(self) -> list[Metric]:
        """Nothing yet: a registry would otherwise read the store when the application is made."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Figures of the snapshot that answers now."""
        service = self._source.current()
        marker = service.marker
        build = GaugeMetricFamily(
            "dtrack_build_info", "Version of the program that built the store.", labels=["version"]
        )
        build.add_metric([marker.version], 1)
        yield build
        for name, what, value in (
            ("dtrack_store_revision", "Last revision that the store holds.", marker.revision),
            ("dtrack_store_triples", "Triples in the store.", marker.triples),
            ("dtrack_store_graphs", "Graphs in the store.", marker.graphs),
        ):
            yield GaugeMetricFamily(name, what, value=value)
        yield from _workers(service)


def _workers(service: Service) -> Iterator[Metric]:
    """Figures of the query processes."""
    load = service.readers.load()
    workers = GaugeMetricFamily(
        "dtrack_query_workers", "Query processes, by what they do.", labels=["state"]
    )
    workers.add_metric(["busy"], load.busy)
    workers.add_metric(["idle"], load.idle)
    yield workers
    yield GaugeMetricFamily(
        "dtrack_queries_queued", "Queries that wait for a process.", value=load.waiting
    )
    yield CounterMetricFamily(
        "dtrack_query_workers_ended",
        "Query processes ended at a deadline, for want of memory or given up.",
        value=load.ended,
    )
