"""``linli demo``: a district to try, from nothing to the first page.

Stands on :func:`linli.demo.build` ``(profile, scale, seed, progress)``: it lives the demo world through the
affairs' services, calls ``progress(step, done, total)`` meanwhile and returns the sign-ins, a dict for each.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from linli.cli import assets, ground, setup
from linli.cli.why import Problem
from linli.config import database as configured
from linli.config import env

if TYPE_CHECKING:
    from collections.abc import Callable

SCALES = ("small", "default", "full")
console = Console()


@dataclass
class World:
    """What is known of the demo world in the data folder, kept beside it as ``demo.json``."""

    profile: str
    scale: str
    seed: int
    complete: bool = False
    structure: str = ""
    sign_ins: list[dict[str, str]] = field(default_factory=list)

    def save(self) -> None:
        """Write it so that a kill leaves the old or the new file, never half of one."""
        fresh = _file().with_suffix(".new")
        fresh.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), encoding="utf-8")
        fresh.replace(_file())


@click.command(help="建一个演示区县并启动网站与后台，打印各岗位的演示账号。Ctrl-C 停止；再次运行沿用已有数据。")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="网站端口。")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址。")
@click.option("--profile", help="区县：mengzi（默认）、wuhua、siming、xishan、shanghai。")
@click.option("--scale", type=click.Choice(SCALES), help="规模：small 最快，default 一分钟内，full 接近真实。")
@click.option("--seed", type=int, help="随机种子，默认 1；换一个种子得到另一批事项、同样的总数。")
@click.option("--forget", is_flag=True, help="删除演示数据后退出。")
def demo(port: int, host: str, profile: str | None, scale: str | None, seed: int | None, forget: bool) -> None:
    """Build the world if it is not there, then run web and worker until a signal comes."""
    if forget:
        _forget()
        return
    live(port=port, host=host, profile=profile, scale=scale, seed=seed)


def live(*, port: int, host: str, profile: str | None, scale: str | None, seed: int | None) -> None:
    """Run the world in the data folder, built if it is not there, until a signal comes."""
    from linli.cli import supervise

    ground.free_port(host, port)
    world = _wanted(profile, scale, seed)
    address = ground.base_url(host, port)
    os.environ |= {"LINLI_PROFILE": world.profile, "LINLI_BASE_URL": address, "LINLI_DEMO": "1"}
    if not world.complete and known() is not None:
        _start_over()  # before anybody keeps the database alive: the keeper would start what is being cleared away
    with supervise.signals(), ground.kept_alive():
        _prepare(world)
        programs = {"网站": ["serve", "--host", host, "--port", str(port)], "后台": ["worker"]}
        with supervise.running(programs) as children:
            supervise.wait_for_page(address, children)
            _announce(world)
            click.echo(f"ready {address}")
            children.watch()


def _file() -> Path:
    return env.home() / "demo.json"


def known() -> World | None:
    """Return the demo world in the data folder, complete or not; ``None`` when there is none."""
    try:
        kept = json.loads(_file().read_text(encoding="utf-8"))
        return World(**{name: value for name, value in kept.items() if name in World.__dataclass_fields__})
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, AttributeError) as error:
        raise Problem(f"{_file()} 读不懂（{error}）：请删除这个文件和数据目录后重新运行") from error


def _wanted(profile: str | None, scale: str | None, seed: int | None) -> World:
    there = known()
    wanted = World(
        profile=profile or (there.profile if there else "mengzi"),
        scale=scale or (there.scale if there else "default"),
        seed=seed if seed is not None else (there.seed if there else 1),
    )
    setup.profile_folder(wanted.profile)
    if there is None or not there.complete:
        return wanted
    if (there.profile, there.scale, there.seed) != (wanted.profile, wanted.scale, wanted.seed):
        shown = f"{there.profile}（规模 {there.scale}，种子 {there.seed}）"
        mend = "用 LINLI_HOME 指定另一个目录，或先运行 linli demo --forget"
        raise Problem(f"{env.home()} 里已有另一个演示区县 {shown}：{mend}")
    return there


def _prepare(world: World) -> None:
    # A second start need not load Django here: the structure it was built with is this version's.
    if world.structure != setup.structure():
        ground.django("owner")
        setup.upgrade()
        if not world.complete:
            _refuse_real_data()
            world.save()
            _build(world)
        world.complete, world.structure = True, setup.structure()
        world.save()
    with console.status("整理静态文件…"):
        assets.collect_if_stale()


def _start_over() -> None:
    """Clear away a world whose building was interrupted: half a world would look like a bug."""
    console.print("上次演示数据没有建完，重新开始。")
    if not configured.is_embedded():
        raise Problem("DATABASE_URL 指定的库里有未建完的演示数据：请清空该库后再运行 linli demo")
    from linli.config import embedded

    embedded.forget()


def _refuse_real_data() -> None:
    from linli.kernel.areas.models import Area

    if Area.objects.exists():
        raise Problem(f"{env.home()} 的数据库里已经建有区县：演示请用 LINLI_HOME 指定另一个目录")


def _build(world: World) -> None:
    from linli import demo as simulator

    with _progress() as tell:
        signed = simulator.build(profile=world.profile, scale=world.scale, seed=world.seed, progress=tell)
    world.sign_ins = [{key: str(value) for key, value in row.items()} for row in signed]


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    columns: list[Any] = [SpinnerColumn(), TextColumn("{task.description}"), BarColumn()]
    with Progress(*columns, MofNCompleteColumn(), TimeElapsedColumn(), console=console) as bars:
        steps: dict[str, Any] = {}

        def tell(step: str, done: int, total: int) -> None:
            if step not in steps:
                steps[step] = bars.add_task(step, total=total)
            bars.update(steps[step], completed=done, total=total)

        yield tell


def _announce(world: World) -> None:
    if not world.sign_ins:
        return
    kind = "练习" if env.flag("LINLI_PRACTICE") else "演示"
    table = Table(title=f"{kind}账号（{world.profile}，数据均为虚构）")
    for column in world.sign_ins[0]:
        # An account that is folded over two lines is typed wrong.
        table.add_column(HEADINGS.get(column, column), no_wrap=column in {"username", "password"})
    for row in world.sign_ins:
        table.add_row(*row.values())
    console.print(table)


HEADINGS = {
    "role": "岗位",
    "name": "姓名",
    "unit": "单位",
    "username": "账号",
    "password": "口令",
    "url": "入口",
}


def _forget() -> None:
    if not configured.is_embedded():
        raise Problem("数据库由 DATABASE_URL 指定：请用该服务器自己的工具删除")
    if known() is None and env.home().exists() and any(env.home().iterdir()):
        raise Problem(f"{env.home()} 里不是演示数据，不会删除：如确需删除，请手工处理")
    import shutil

    from linli.config import embedded

    embedded.forget()
    shutil.rmtree(env.home(), ignore_errors=True)
    click.echo("演示数据已删除。")
