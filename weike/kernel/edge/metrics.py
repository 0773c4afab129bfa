"""Prometheus metrics: what is counted, and how it is shown for all web processes together."""

from __future__ import annotations

import os
from collections.abc import Mapping

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """One per process. With PROMETHEUS_MULTIPROC_DIR set, processes count into shared files."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # Half of the lines, for nobody.
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "weike_requests",
            "Requests answered",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "weike_request_seconds",
            "Time to the last byte of an answer",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self.kept_reads = Counter(
            "weike_kept_reads", "Reads answered without a route", registry=self._registry
        )
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        # Looking a child up by labels costs more than counting, so it is looked up once.
        key = (method, route, status)
        children = self._children.get(key)
        if children is None:
            children = (
                self._requests.labels(method, route, str(status)),
                self._seconds.labels(route),
            )
            self._children[key] = children
        children[0].inc()
        children[1].observe(seconds)

    def show(self, figures: Mapping[str, float] | None = None) -> bytes:
        """`figures` were asked of the database just now: name to value."""
        counted = self._registry
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            counted = CollectorRegistry()
            MultiProcessCollector(counted)  # type: ignore[no-untyped-call] # The library has none.
        # Written by hand: a gauge object would be counted for every process.
        asked = "".join(
            f"# TYPE {name} gauge\n{name} {value}\n" for name, value in (figures or {}).items()
        )
        return generate_latest(counted) + asked.encode()
