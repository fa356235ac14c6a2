"""What the code declares: processes, events and gates, found by importing every room."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

import linli
from linli.kernel.jobs import Event, Gate, gates
from linli.kernel.matters.declare import Process

ROOMS = ("kernel", "surfaces", "affairs", "gateways")
SKIPPED = {"tests", "migrations", "gallery"}
NAMED_GATE = re.compile(r"\bgate\(\s*\"([^\"]+)\"")


@cache
def modules() -> tuple[ModuleType, ...]:
    """Return every module of the rooms, imported, in the order of their names."""
    found = []
    for room in ROOMS:
        package = importlib.import_module(f"linli.{room}")
        walked = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        names = [info.name for info in walked if not SKIPPED & set(info.name.split("."))]
        found += [importlib.import_module(name) for name in names]
    return tuple(found)


def _instances(wanted: type) -> Iterator[tuple[str, object]]:
    seen: set[int] = set()
    for module in modules():
        for value in vars(module).values():
            if isinstance(value, wanted) and id(value) not in seen:
                seen.add(id(value))
                yield module.__name__, value


def processes() -> list[Process]:
    """Return every declared process, by kind; those that tests declare are not among them."""
    found = [value for _module, value in _instances(Process) if isinstance(value, Process)]
    return sorted(found, key=lambda process: process.kind)


@dataclass(frozen=True)
class Sent:
    """An event: its name, the module that declares it, and what its payload says."""

    name: str
    module: str
    says: str


def events() -> list[Sent]:
    """Return every declared event, by name."""
    found = []
    for module in modules():
        for name, annotation in vars(module).get("__annotations__", {}).items():
            event = vars(module).get(name)
            if isinstance(event, Event):
                payload = str(annotation).removeprefix("Event[").removesuffix("]")
                says = first_sentence(getattr(vars(module).get(payload), "__doc__", ""))
                found.append(Sent(event.name, module.__name__, says))
    return sorted(found, key=lambda sent: sent.name)


def asked_gates() -> list[Gate[object]]:
    """Return every gate that the rooms name, in the order of names."""
    files = (Path(module.__file__) for module in modules() if module.__file__)
    named = {name for file in files for name in NAMED_GATE.findall(file.read_text(encoding="utf-8"))}
    return [found for name, found in gates().items() if name in named]


def is_ours(function: object) -> bool:
    """Return whether a function belongs to a room and not to a test."""
    module = getattr(function, "__module__", "")
    return module.startswith("linli.") and "tests" not in module.split(".")


def first_sentence(text: str | None) -> str:
    """Return the first sentence of a docstring on one line."""
    head = " ".join((text or "").strip().split("\n\n")[0].split())
    return head.rstrip(".")


def source_of(module: str) -> str:
    """Return the path of a module's source inside the repository."""
    found = importlib.import_module(module).__file__ or ""
    return "src/linli" + found.removeprefix(next(iter(linli.__path__)))
