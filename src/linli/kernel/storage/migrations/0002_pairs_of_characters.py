"""The function by which texts are found by a part of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from linli.kernel.storage import words


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("storage", "0001_attach_under_a_lock_timeout")]

    operations: ClassVar[list[migrations.RunSQL]] = [migrations.RunSQL(words.FUNCTION, words.DROP)]
