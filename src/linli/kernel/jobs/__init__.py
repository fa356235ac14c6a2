"""The one door to background work; events and gates."""

from __future__ import annotations

from linli.kernel.jobs.signals import Event, Gate, gate, gates

__all__ = ["Event", "Gate", "gate", "gates"]
