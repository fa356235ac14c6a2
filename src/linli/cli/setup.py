"""``linli init`` and ``linli migrate``: a new installation, a new version."""

from __future__ import annotations

import hashlib
from importlib import metadata
from pathlib import Path

import click
from rich.console import Console

import linli
from linli.cli import ground
from linli.cli.why import Problem
from linli.config import env

MIGRATED = ("Django", "django-allauth", "procrastinate")
PROFILES = Path(linli.__file__).parent / "profiles"
console = Console(stderr=True)


@click.command(help="把数据库结构升级到本版本，并重新授予三个数据库角色的权限。可反复运行。")
def migrate() -> None:
    """Migrate as the owner."""
    with ground.database():
        ground.django("owner")
        upgrade()
        grant()
    click.echo("数据库结构已是最新。")


@click.command(help="建立区县 CODE（六位行政区划代码或名称，如 532503、蒙自市）：街道与社区取自全国区划表。")
@click.argument("code")
@click.option("--profile", help="同时装载一套政策文件：内置名称（如 mengzi）或文件夹。")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="区划自哪一天起，默认区划表的发布日。")
def init(code: str, profile: str | None, on: object) -> None:
    """Lay the tree of a district, its work calendar, policy, vacant posts and the duty lists they begin with."""
    folder = profile_folder(profile) if profile else None
    with ground.database():
        ground.django("owner")
        upgrade()
        _lay(code, on, folder)


def upgrade() -> None:
    """Bring the database's structure to this version, showing what it does; grants follow by themselves."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from linli.kernel.storage import partitions

    # Photos are seen by nobody who has no post for it, other users of this machine included.
    (env.home() / "media").mkdir(mode=0o700, parents=True, exist_ok=True)
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        with console.status(f"升级数据库结构（{len(waiting)} 步）…"):
            call_command("migrate", interactive=False, verbosity=0)
    partitions.ensure()


def structure() -> str:
    """Return a fingerprint of all migrations; another one means that there may be something to upgrade."""
    digest = hashlib.sha256(" ".join(metadata.version(name) for name in MIGRATED).encode())
    for file in sorted(PROFILES.parent.glob("**/migrations/*.py")):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def grant() -> None:
    """Give the worker's and the web role their rights anew."""
    from linli.kernel.storage import grants

    grants.apply()


def profile_folder(name: str) -> Path:
    """Return the folder of a packaged profile, or of one's own by its path. Raises :class:`Problem`."""
    for folder in (PROFILES / name, Path(name)):
        if folder.is_dir():
            return folder
    known = "、".join(sorted(p.name for p in PROFILES.iterdir() if p.is_dir() and not p.name.startswith("_")))
    raise Problem(f"没有政策文件夹 {name}：内置的有 {known}，也可以给出文件夹的路径")


def _lay(code: str, on: object, folder: Path | None) -> None:
    from linli.kernel import areas, clock, worktime
    from linli.kernel.policy import services as policy

    tree = areas.initialise(code, getattr(on, "date", lambda: None)())
    if folder is not None and (folder / "areas.yaml").exists():
        tree = areas.apply_profile(folder)
    years = [clock.today().year, clock.today().year + 1]
    sources = {year: worktime.seed(year) for year in years}
    counted = areas.summary(None)
    parts = f"{counted['street']} 个乡镇街道，{counted['community']} 个社区（村）"
    click.echo(f"{tree.root.name}（{tree.root.code}）：{parts}。")
    for year, source in sources.items():
        if source == "weekends":
            click.echo(f"{year} 年的放假安排尚未公布，工作日历暂按周末计；公布后请导入。")
    for documents in [folder or PROFILES / "default"]:  # a profile is laid upon the default by its reader
        done = policy.load(documents, None, "linli init")
        if documents == folder:
            click.echo(f"政策文件：{len(done.in_force)} 份生效，{len(done.drafts)} 份成为草案。")
    _settle()
    click.echo("下一步：运行 linli serve 和 linli worker。")


def _settle() -> None:
    """Make the units and posts that policy describes, nobody in them yet, and enter the duty lists they begin with."""
    from linli.affairs.objections import registers
    from linli.kernel.posts.actors import system_actor
    from linli.profiles import building

    with console.status("设立单位和岗位…"):
        built = building.build_units()
    listed = registers.seed(actor=system_actor())
    if built.units or built.posts:
        click.echo(f"新设单位 {built.units} 个、岗位 {built.posts} 个，都还没有人任职。")
    if listed:
        click.echo(f"权责清单登记了 {listed} 条示例，请在“权责清单”页改成本区县公布的清单。")
