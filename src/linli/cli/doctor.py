"""``linli doctor``: what is wrong, and how to mend it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from linli.cli import ground

if TYPE_CHECKING:
    from linli.kernel.storage.doctor import Result

MARKS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "bad": ("✗", "red")}


@click.command(help="检查安装：数据库、分区、后台、密钥、磁盘、静态文件、政策文件。有严重问题时退出码为 1。")
@click.option("--verify", is_flag=True, help="另外逐条核对：留痕链、统计与明细（可能需要几分钟）。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供监控读取。")
def doctor(verify: bool, as_json: bool) -> None:
    """Run all probes and say what each came to."""
    with ground.database():
        ground.django()
        from linli.cli import probes as _own  # noqa: F401 - registers what only this layer can see
        from linli.kernel.storage import doctor as registry

        results = list(registry.examine(deep=verify))
    worst = registry.State.BAD in {result.state for result in results}
    if as_json:
        click.echo(json.dumps({"ok": not worst, "probes": [_plain(r) for r in results]}, ensure_ascii=False))
    else:
        for result in results:
            _show(result)
        click.echo("有必须处理的问题。" if worst else "可以正常运行。")
    if worst:
        sys.exit(1)


def _plain(result: Result) -> dict[str, object]:
    findings = [{"state": str(f.state), "text": f.text, "mend": f.mend} for f in result.findings]
    return {"name": result.name, "title": result.title, "state": str(result.state), "findings": findings}


def _show(result: Result) -> None:
    if not result.findings:
        click.echo(f"{_mark('ok')} {result.title}")
    for finding in result.findings:
        click.echo(f"{_mark(finding.state)} {result.title}：{finding.text}")
        if finding.mend:
            click.echo(f"    → {finding.mend}")


def _mark(state: str) -> str:
    mark, colour = MARKS[state]
    return click.style(mark, fg=colour)
