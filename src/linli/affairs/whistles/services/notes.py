"""What may be added to a whistle at any time is what may be added to a case."""

from __future__ import annotations

from linli.affairs.cases.services.notes import noted
from linli.affairs.whistles.process import WHISTLE

noted(WHISTLE)
