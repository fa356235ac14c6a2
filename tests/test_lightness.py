"""The web process at rest carries nothing that only a file, a message or a training run needs (issue: memory)."""

from __future__ import annotations

import subprocess
import sys

# Of the last ones the installed product has none at all: they come with the tests.
HEAVY = (
    "docx",
    "typst",
    "xlsxwriter",
    "httpx",
    "sklearn",
    "scipy",
    "playwright",
    "weasyprint",
    "django_stubs_ext",
    "hypothesis",
    "rich",
    "pygments",
)
LOOK = """
import sys
from linli.config import wsgi
from django.urls import get_resolver
get_resolver().url_patterns
print(*[name for name in sys.argv[1:] if name in sys.modules])
"""


def test_the_web_process_starts_without_what_only_files_messages_and_training_need() -> None:
    call = [sys.executable, "-W", "ignore", "-c", LOOK, *HEAVY]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
