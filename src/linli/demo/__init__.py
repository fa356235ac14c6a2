"""A district to try: laid, staffed and lived for a year through the affairs' own services.

Nothing here is a source's figure, and nobody in it exists; docs/demo.md says what is lived and how much of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from linli.demo.world import DemoWorld


def build(profile: str, scale: str, seed: int, progress: Callable[[str, int, int], None]) -> DemoWorld:
    """Build the demo world; see :func:`linli.demo.build.build`, which needs Django to be ready."""
    from linli.demo.build import build as build_world

    return build_world(profile, scale, seed, progress)
