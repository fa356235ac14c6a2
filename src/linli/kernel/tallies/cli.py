"""``linli stats rebuild``: the figures made anew from their ledger."""

from __future__ import annotations

import click


@click.group("stats", help="统计：案件数、三率、各项指标，与工作台和接口同一口径。")
def group() -> None:
    """Hold the command; those of the affairs join the group."""


@group.command("rebuild", help="按增量重算统计数，修复用：可指明指标；不指明则全部重算，其间读统计的人要等。")
@click.argument("metrics", nargs=-1)
def rebuild(metrics: tuple[str, ...]) -> None:
    """Make the figures of ``metrics`` anew from their deltas, or all of them at once."""
    from rich.console import Console
    from rich.progress import Progress

    from linli.kernel import tallies
    from linli.kernel.tallies.models import Delta

    for metric in metrics:
        if not Delta.objects.filter(metric=metric).exists():
            raise click.UsageError(f"没有这个指标：{metric}（linli doctor --verify 会指出不符的指标）")
    try:
        with Progress(console=Console(stderr=True), transient=True) as bars:
            step = bars.add_task("重算统计数", total=len(metrics) or None)
            if metrics:
                for metric in metrics:
                    tallies.rebuild(metric)
                    bars.advance(step)
            else:
                tallies.rebuild_all(lambda done, total: bars.update(step, completed=done, total=total))
    except tallies.FoldingNow:
        raise click.ClickException("后台正在汇总，什么也没有改：请再运行一次") from None
    click.echo("统计数已按增量重算。")
