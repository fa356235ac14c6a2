"""The door of the web server."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")

from django.core.wsgi import get_wsgi_application

from linli.config import lifeline, memory

memory.hand_back()
memory.without_pretty_tracebacks()
lifeline.follow_parent_if_asked(grace=1)
application = get_wsgi_application()
