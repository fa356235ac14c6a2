"""How often one network address may report or send photos anonymously, by page and by API together."""

from __future__ import annotations

from linli.surfaces.api.buckets import Allowance

REPORTS = Allowance("report", size=20, per_hour=60)
UPLOADS = Allowance("upload", size=60, per_hour=240)
