"""``linli ledger``: check the whole ledger, or seal it now."""

from __future__ import annotations

import json
import sys

import click


@click.group("ledger", help="账本：核对分录、余额与封存。")
def group() -> None:
    """Hold the commands together."""


@group.command("verify", help="逐条核对账本：合计为零、余额接续、无透支、封存与签名相符。有不符时退出码为 1。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供监控读取。")
def verify_command(as_json: bool) -> None:
    """Print what does not hold."""
    from linli.kernel.ledger import checking
    from linli.kernel.ledger.models import Account, DaySeal, Posting, Transfer

    faults = list(checking.verify())
    counts = {
        "accounts": Account.objects.count(),
        "transfers": Transfer.objects.count(),
        "postings": Posting.objects.count(),
        "seals": DaySeal.objects.count(),
    }
    if as_json:
        click.echo(json.dumps({"ok": not faults, "faults": faults} | counts, ensure_ascii=False))
    else:
        for fault in faults:
            click.secho(f"✗ {fault}", fg="red")
        said = "账户 {accounts} 个，凭证 {transfers} 张，分录 {postings} 行，封存 {seals} 封：".format(**counts)
        click.echo(said + ("有不符之处。" if faults else "全部相符。"))
    if faults:
        sys.exit(1)


@group.command("seal", help="立即封存（平时由后台每天做一次）。")
def seal_command() -> None:
    """Seal what is not sealed yet."""
    from linli.kernel.ledger import sealing

    made = sealing.seal()
    click.echo("没有新的分录。" if made is None else f"第 {made.number} 封：{made.count} 个账户，{made.digest.hex()}")
