"""The command line: ``linli``.

Every failure ends with one line that says why and what to do, and a status other than 0; ``--debug`` shows
the traceback instead. ``linli --help`` imports no room: their commands are found by reading, not by running.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from linli.cli.root import Root
from linli.cli.why import explain

HELP = """邻里（Linli）：区县基层治理平台。

\b
第一次使用：
  linli demo                     在本机建一个演示区县，打开浏览器即可试用
  linli init 530102              建立您自己的区县（六位行政区划代码或名称）
  linli serve 与 linli worker    启动网站与后台
\b
数据放在 LINLI_HOME（默认 .linli/）；数据库不必安装，用 DATABASE_URL 可指定已有的服务器。
每条命令都有 --help；出了问题先运行 linli doctor。
"""


@click.command(cls=Root, help=HELP)
@click.version_option(package_name="linli", prog_name="linli", message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, expose_value=False, help="出错时显示完整的调用栈。")
def linli() -> None:
    """Hold the commands together."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``linli`` with ``arguments`` (default: the process's own) and leave with its exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = linli.main(arguments, prog_name="linli", standalone_mode=False)
    except Exception as error:
        if "--debug" in arguments:
            raise
        click.echo(explain(error), err=True)
        sys.exit(getattr(error, "exit_code", 1))
    except KeyboardInterrupt:
        click.echo("已中断。", err=True)
        sys.exit(130)
    sys.exit(status if isinstance(status, int) else 0)
