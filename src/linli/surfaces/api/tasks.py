"""What the worker does for the API."""

from __future__ import annotations

from linli.kernel import jobs


@jobs.periodic(3600, "api.forget_buckets")
def forget_buckets() -> int:
    """Forget network addresses that have not asked for a day."""
    from linli.surfaces.api import buckets

    return buckets.forget()
