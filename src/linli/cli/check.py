"""``linli check``: are the settings those of a site that people may be let onto?"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import NamedTuple

import click

from linli.cli import ground


class Fault(NamedTuple):
    """A setting that will not do, and what to set instead."""

    what: str
    mend: str


@click.command(help="检查设置是否自洽；加 --deploy 按正式使用的要求检查，有一项不符即退出码为 1。不连数据库。")
@click.option("--deploy", is_flag=True, help="按正式使用的要求：HTTPS、域名、两步验证、三个数据库角色、短信。")
def check(deploy: bool) -> None:
    """Print what will not do."""
    ground.django("web")
    faults = [*_django(deploy=deploy), *(_ours() if deploy else ())]
    for fault in faults:
        click.echo(f"{click.style('✗', fg='red')} {fault.what}")
        click.echo(f"    → {fault.mend}")
    if faults:
        sys.exit(1)
    click.echo("设置符合正式使用的要求。" if deploy else "设置自洽。")


def _django(*, deploy: bool) -> Iterator[Fault]:
    from django.core import checks

    for found in checks.run_checks(include_deployment_checks=deploy):
        if found.level >= checks.WARNING and not found.is_silenced():
            yield Fault(f"{found.id} {found.msg}", found.hint or "见 docs/settings.md")


def _ours() -> Iterator[Fault]:
    from django.conf import settings

    from linli.config import env

    if not env.flag("LINLI_HTTPS"):
        yield Fault("没有启用 HTTPS", "在反向代理上配好证书，设 LINLI_HTTPS=1")
    if not settings.BASE_URL.startswith("https://"):
        yield Fault(f"消息里的链接是 {settings.BASE_URL}", "把 LINLI_BASE_URL 设为 https:// 开头的正式地址")
    if "*" in settings.ALLOWED_HOSTS or set(settings.ALLOWED_HOSTS) <= {"127.0.0.1", "localhost", "[::1]"}:
        yield Fault("没有限定正式的域名", "把 LINLI_HOSTS 设为网站的域名")
    if settings.LINLI_MFA == "off":
        yield Fault("管理岗没有强制两步验证", "设 LINLI_MFA=keepers（管理与审计岗）或 staff（全部工作人员）")
    if len(set(settings.LINLI_DATABASE_ROLES.values())) < len(settings.LINLI_DATABASE_ROLES):
        yield Fault("网站、后台、结构升级共用一个数据库角色", "设 LINLI_DB_OWNER、LINLI_DB_WORKER、LINLI_DB_WEB")
    if settings.LINLI_SMS == "console":
        yield Fault("短信只打印，不发出", "设 LINLI_SMS=http 与 LINLI_SMS_URL")
    for name in ("LINLI_DEMO", "LINLI_PRACTICE"):
        if getattr(settings, name):
            yield Fault(f"{name} 已打开：这是演示或练习的设置", f"正式库不设 {name}")
    if env.text("LINLI_CLOCK"):
        yield Fault("时钟被移动（LINLI_CLOCK）", "正式库不设 LINLI_CLOCK")
