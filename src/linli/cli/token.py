"""``linli token``: an API token for a post, from the machine itself."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import click

from linli.cli import ground
from linli.cli.why import Problem


@click.command(help="为岗位 POST（岗位编号）签发接口令牌。令牌只显示这一次。")
@click.argument("post", type=click.UUID)
@click.option("--name", default="命令行签发", show_default=True, help="用途，列在令牌清单中。")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 365), help="有效天数。")
@click.option("--read-only", is_flag=True, help="只能读取。")
def token(post: UUID, name: str, days: int, read_only: bool) -> None:
    """Print a new token on a line of its own."""
    with ground.database():
        ground.django()
        from linli.kernel.posts import actors, services
        from linli.kernel.posts.models import Post

        found = Post.objects.filter(pk=post, active=True).select_related("unit").first()
        if found is None:
            raise Problem(f"没有在用的岗位 {post}：岗位编号见工作台的岗位页面")
        issued = services.issue_token(
            actor=actors.system_actor(),
            post=found,
            name=name,
            valid=timedelta(days=days),
            read_only=read_only,
        )
        click.echo(f"{found.unit.name} {found.title}，{days} 天内有效，请妥善保存：", err=True)
        click.echo(issued.token)
