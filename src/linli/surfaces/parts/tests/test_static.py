"""Static files under hashed names."""

from __future__ import annotations

import re

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.template import Context, Template


def test_collected_files_have_hashed_names_down_to_the_imports_of_scripts(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    assert staticfiles_storage.url("parts/js/main.js") == "/static/parts/js/main.js"
    call_command("collectstatic", interactive=False, verbosity=0)
    main = next(tmp_path.glob("parts/js/main.*.js")).read_text("utf-8")
    imports = re.findall(r'import "([^"]+)"', main)
    assert len(imports) == 10
    for one in imports:
        assert re.fullmatch(r"\./\w+\.[0-9a-f]{12}\.js", one)
        assert (tmp_path / "parts" / "js" / one).exists()


def test_a_symbol_points_into_the_sprite():
    drawn = Template('{% load parts %}{% icon "bell" %}').render(Context({}))
    assert re.search(r'href="/static/parts/vendor/lucide/sprite(\.[0-9a-f]{12})?\.svg#bell"', drawn)
    assert 'aria-hidden="true"' in drawn
