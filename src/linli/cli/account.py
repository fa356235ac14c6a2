"""``linli account``: the first accounts of a district, and a password for whoever locked themselves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from linli.cli import ground
from linli.cli.why import Problem

if TYPE_CHECKING:
    from linli.kernel.posts.models import Holding


@click.command(
    help="为一位任岗人开通账号 USERNAME；已有账号的，重设密码。密码只显示这一次，第一次登录时要换掉。\n\n"
    "新建的区县还没有人任岗：用 --kind 和 --name、--phone 先任命，例如 "
    "linli account zhang --kind system_admin --name 张三 --phone 13800000000。以后的账号在工作台的岗位页面开通。"
)
@click.argument("username")
@click.option("--kind", help="任命到这一类空缺的岗位，如 system_admin。")
@click.option("--name", default="", help="姓名，任命时用。")
@click.option("--phone", default="", help="手机号，任命时用。")
def account(username: str, kind: str | None, name: str, phone: str) -> None:
    """Print the account and its password for once."""
    with ground.database():
        ground.django()
        from django.db import transaction

        from linli.kernel.errors import UserError
        from linli.kernel.posts import services
        from linli.kernel.posts.actors import system_actor
        from linli.kernel.posts.models import Holding

        try:
            with transaction.atomic():
                if kind:
                    holding = _appoint(kind, name, phone)
                    given = services.open_account(actor=system_actor(), holding=holding, username=username)
                else:
                    held = Holding.objects.filter(person__account__username=username.lower(), valid_to=None)
                    found = held.select_related("post__unit").first()
                    if found is None:
                        raise Problem(f"没有在任的账号 {username}：新开通请用 --kind、--name、--phone")
                    holding = found
                    given = services.renew_password(actor=system_actor(), holding=holding)
        except UserError as error:
            raise Problem(str(error)) from error
        click.echo(f"{holding.post.unit.name} {holding.post.title}，账号 {given.account.username}，密码：", err=True)
        click.echo(given.password)


def _appoint(kind: str, name: str, phone: str) -> Holding:
    from linli.kernel import people
    from linli.kernel.posts import services
    from linli.kernel.posts.actors import system_actor
    from linli.kernel.posts.models import Holding, Post

    if not name or not phone:
        raise Problem("任命要有 --name 和 --phone")
    taken = Holding.objects.filter(part=Holding.Part.A, valid_to=None).values("post")
    vacant = Post.objects.filter(kind=kind, active=True).exclude(pk__in=taken).select_related("unit")
    post = vacant.order_by("unit__code", "pk").first()
    if post is None:
        raise Problem(f"没有空缺的 {kind} 岗位：先运行 linli init，岗位类型见政策文件 posts.duties")
    person = people.ensure_by_phone(phone, name)
    return services.appoint(actor=system_actor(), person=person, post=post, part=Holding.Part.A)
