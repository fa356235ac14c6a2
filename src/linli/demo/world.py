"""What a built demo world hands back: who can sign in, and what was lived."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SignIn:
    """An account of the demo, one for each role; the password is the same for all and stands on the page."""

    role: str
    name: str
    unit: str
    username: str
    password: str
    url: str

    def row(self) -> dict[str, str]:
        """Return it as the command line's table shows it."""
        return {
            "role": self.role, "unit": self.unit, "name": self.name, "username": self.username,
            "password": self.password, "url": self.url,
        }  # fmt: skip


@dataclass
class DemoWorld:
    """A district that was lived for a year; iterating gives the sign-ins as rows for a table."""

    profile: str
    scale: str
    seed: int
    sign_ins: list[SignIn] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)
    """What ``linli stats cases`` shows of it; the same for every seed."""
    cut_short: int = 0
    """Stories that the present cut off before their end; none, or the totals would not be the planned ones."""

    def __iter__(self) -> Iterator[dict[str, str]]:
        return (entry.row() for entry in self.sign_ins)
