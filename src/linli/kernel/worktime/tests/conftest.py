"""Property tests of this room measure truth, not the speed of a busy machine."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("linli", deadline=None)
settings.load_profile("linli")
