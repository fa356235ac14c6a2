"""``linli dispatch``: learn from closed matters, and say how well it does."""

from __future__ import annotations

import json

import click


@click.group("dispatch", help="派单建议：用本区办结的事项训练，并说明检验结果。")
def group() -> None:
    """Hold the commands together."""


@group.command("train", help="用办结的事项训练派单建议，留出没见过的说法检验，存为带日期的一份；不改派单目录。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def train_command(as_json: bool) -> None:
    """Train now and print the measure."""
    from linli.affairs.dispatching import selectors, services

    try:
        learned = services.train()
    except services.TooFew as error:
        raise click.ClickException(str(error.message)) from error
    found = selectors.measure(learned) or {}
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    label = "（模拟文本）" if learned.simulated else ""
    click.echo(f"训练 {found['examples']} 件（{found['templates']} 种说法）{label}")
    click.echo(f"检验 {found['held_back']} 件（{found['held_back_templates']} 种没见过的说法）：")
    click.echo(
        f"  只按派单目录 {found['catalogue']:.1%}；只按建议 {found['suggestion']:.1%}；并用 {found['together']:.1%}"
    )
    click.echo(f"  把握不低于 {found['threshold']:.0%} 的有 {found['confident']:.1%}")
