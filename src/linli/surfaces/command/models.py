"""What the command centre keeps: how each post has arranged its boards."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.posts.models import Post
from linli.kernel.storage.models import Row


class Arrangement(Row):
    """How a post has arranged one board: ``tiles`` is ``[{"tile": code, "size": size}]`` in order.

    It holds tiles only, never figures; without a row the board stands as policy writes it.
    """

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    board = models.CharField(_("版面"), max_length=60)
    tiles = models.JSONField(_("面板"), default=list)
    changed_at = models.DateTimeField(_("改动时间"))

    class Meta:
        verbose_name = _("版面安排")
        constraints = [models.UniqueConstraint(fields=["post", "board"], name="command_one_arrangement")]
