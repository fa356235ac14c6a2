"""Static files, gathered with hashes in their names so that browsers may keep them for good."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import linli
from linli.cli.why import Problem
from linli.config import env

# Extensions of htmx that no page loads; one of them speaks of a module that its package does not have.
UNUSED = ("django_htmx/ext/*", "django_htmx/htmax*")
OTHERS = ("Django", "django-allauth", "django-htmx", "django-ninja")


def collect_if_stale() -> bool:
    """Gather the static files if those in the data folder are not this version's; return whether it did.

    In a process of its own: the web server's parent need not carry Django.
    """
    stamp, wanted = env.home() / "static" / ".stamp", fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "--clear", "-v", "0"]
    command += [f"--ignore={pattern}" for pattern in UNUSED]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        why = next((line for line in done.stderr.splitlines() if "Error" in line), done.stderr[-200:])
        raise Problem(f"静态文件整理失败（{why}）：请检查 {stamp.parent} 可写，再运行 linli doctor")
    stamp.write_text(wanted)
    return True


def fingerprint() -> str:
    """Return a fingerprint of all static files, ours by size and time, the packages' by version."""
    package = Path(linli.__file__).parent
    digest = hashlib.sha256(" ".join(metadata.version(name) for name in OTHERS).encode())
    for file in sorted(package.glob("*/*/static/**/*")):
        if file.is_file():
            status = file.stat()
            digest.update(f"{file.relative_to(package)} {status.st_size} {status.st_mtime_ns}".encode())
    return digest.hexdigest()
