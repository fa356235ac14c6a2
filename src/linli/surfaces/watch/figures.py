"""Figures for Prometheus: what the web processes counted, and how the installation stands at this moment.

What is counted lies in memory-mapped files of the process (``PROMETHEUS_MULTIPROC_DIR``, set by ``linli serve``), so
that a scrape by any process sees what all of them did. How things stand is asked of the database at each scrape: a
fixed number of statements, whatever the size of the district. No figure is about a person, a unit or a matter.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector

from linli.surfaces.watch import standing

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_counted = CollectorRegistry()
REQUESTS = Counter("linli_http_requests", "Requests answered.", ["method", "route", "status"], registry=_counted)
SECONDS = Histogram(
    "linli_http_request_seconds", "Time to answer a request.", ["route"], buckets=BUCKETS, registry=_counted
)
SLOW_STATEMENTS = Counter("linli_slow_statements", "Statements slower than LINLI_SLOW_QUERY_MS.", registry=_counted)


def seen(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    REQUESTS.labels(method, route, str(status)).inc()
    SECONDS.labels(route).observe(seconds)


def exposition() -> bytes:
    """Return everything in Prometheus' text format."""
    registry = _counted
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # the library is half typed
    now = CollectorRegistry()
    now.register(_Standing())
    return bytes(generate_latest(registry) + generate_latest(now))


class _Standing(Collector):
    """How the installation stands, as gauges."""

    def collect(self) -> Iterator[GaugeMetricFamily | InfoMetricFamily]:
        found = standing.look()
        yield InfoMetricFamily("linli_build", "What is installed.", value=found.versions)
        for name, text, value in found.gauges():
            if value is not None:
                yield GaugeMetricFamily(f"linli_{name}", text, value=value)
        ages = GaugeMetricFamily("linli_periodic_age_seconds", "Time since a periodic function ended.", labels=["name"])
        failures = GaugeMetricFamily("linli_periodic_failures", "Failures in a row.", labels=["name"])
        for pulse in found.jobs.pulses:
            ages.add_metric([pulse.name], pulse.age)
            failures.add_metric([pulse.name], pulse.failures)
        yield ages
        yield failures
