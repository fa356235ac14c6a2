"""Fail when a model has changed without its migration. Needs no database and leaves nothing behind."""

from __future__ import annotations

import os
import sys
import tempfile
import warnings

os.environ["DJANGO_SETTINGS_MODULE"] = "linli.config.settings"

with tempfile.TemporaryDirectory() as folder:
    os.environ["LINLI_HOME"] = folder
    import django
    from django.core.management import call_command

    # The consistency check against a database is for `linli doctor`; here there is none to ask.
    warnings.filterwarnings("ignore", message="Got an error checking a consistent migration history")
    django.setup()
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit as error:
        sys.exit(error.code)
