"""``outreach.quiet``: when, how often and by what a person is written to."""

from __future__ import annotations

from datetime import time
from typing import Literal

from pydantic import Field

from linli.kernel.policy.documents import Code, Document, Item, document


class Quiet(Item):
    """Hours in which nothing is sent to residents; they may cross midnight."""

    start: time
    end: time

    def holds(self, at: time) -> bool:
        """Return whether ``at`` (wall clock of China) lies in the quiet hours."""
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


class Residents(Item):
    """What a resident gets at most."""

    quiet: Quiet
    per_matter: int = Field(ge=1, le=10)
    channels: tuple[Literal["in_app", "sms", "wecom", "mail", "paper"], ...] = Field(min_length=1)


class Staff(Item):
    """What a post gets: one list in the morning; ``interrupts`` alone reach whoever is on duty at once."""

    digest_at: time
    interrupts: tuple[Code, ...]


@document("outreach.quiet", title="消息安静")
class QuietMessages(Document):
    """Quiet hours, ceilings, the morning list."""

    residents: Residents
    staff: Staff
