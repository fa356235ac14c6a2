"""``linli registers``: the duty lists that a district starts with."""

from __future__ import annotations

import click


@click.group("registers", help="权责清单登记。")
def group() -> None:
    """Hold the commands together."""


@group.command("seed", help="把政策 whistles.duties 里还没有登记的条目记入权责清单；已登记的不动。")
def seed() -> None:
    """Enter what policy lists and no register has yet, and say how many."""
    from linli.affairs.objections import registers
    from linli.kernel.posts.actors import system_actor

    click.echo(f"新登记 {registers.seed(actor=system_actor())} 条")
