"""``linli docs generate``: the parts of the documentation that are read off the code.

Everything written here comes from declarations: processes, models, routes, commands, events, gates, duties,
background work, policy documents. A test holds the committed files to what this would write now.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from linli.cli.why import Problem


@click.group("docs", help="由声明生成的文档（供开发者使用）。")
def docs() -> None:
    """Group of the commands for the documentation."""


@docs.command("generate", help="重写文档里由代码生成的部分。")
@click.option(
    "--into",
    default="docs",
    show_default=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="文档文件夹。",
)
@click.option("--moved-by", default="", help="删去环节时：把旧数据移走的迁移，如 cases.0002_move_looked。")
def generate(into: Path, moved_by: str) -> None:
    """Write every generated file under ``into`` and say which ones changed."""
    from linli.cli import ground

    ground.django()
    from linli.cli.docs import pages, processes

    lost = processes.lost_stages(into / "processes")
    if lost and not moved_by:
        raise Problem(f"环节已删：{'、'.join(lost)}；旧数据要有迁移来移走：写好迁移后用 --moved-by 指明")
    for path, text in pages.everything(into, moved_by).items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            click.echo(str(path))


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a Markdown table; a bar inside a cell is escaped."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines)
