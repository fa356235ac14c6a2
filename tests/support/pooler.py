"""pgbouncer in transaction mode before a server: every transaction may get another connection."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
ANSWERS_WITHIN = 60.0
SETTINGS = """\
[databases]
* = {server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {users}
pool_mode = transaction
default_pool_size = {connections}
max_client_conn = 50
"""


@contextlib.contextmanager
def pooled(host: str, port: str, passwords: dict[str, str], *, connections: int = 2) -> Iterator[int]:
    """Run a pooler before the server at ``host``:``port`` for these logins; yield the port it listens on.

    Each login has at most ``connections`` to a database, whatever comes in.
    """
    assert PROGRAM, "pgbouncer is not installed"
    with tempfile.TemporaryDirectory(prefix="linli-pooler-") as name, socket.socket() as probe:
        folder, log = Path(name), Path(name) / "log"
        probe.bind(("127.0.0.1", 0))
        mine = int(probe.getsockname()[1])
        probe.close()
        users = folder / "users"
        users.write_text("".join(f'"{login}" "{word}"\n' for login, word in passwords.items()), encoding="utf-8")
        told = SETTINGS.format(server=f"host={host} port={port}", port=mine, users=users, connections=connections)
        (folder / "ini").write_text(told, encoding="utf-8")
        with log.open("wb") as out:
            process = subprocess.Popen([PROGRAM, *_user(host, folder), str(folder / "ini")], stdout=out, stderr=out)
        try:
            _wait(mine, process, log)
            yield mine
        finally:
            process.terminate()
            process.wait()


def _user(host: str, folder: Path) -> list[str]:
    """Return how it runs as somebody else when we are root, which it refuses: as whoever owns the server's socket."""
    if os.geteuid():
        return []
    owner = Path(host).stat().st_uid if host.startswith("/") else 0
    entry = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    for path in (folder, *folder.iterdir()):
        os.chown(path, entry.pw_uid, entry.pw_gid)
    return ["-u", entry.pw_name]


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + ANSWERS_WITHIN
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text(errors="replace")[-500:]
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"pgbouncer did not answer: {log.read_text(errors='replace')[-500:]}")
