"""``docs/reference``: routes, commands, events and gates, duties, background work, policy documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import click

from linli.cli.docs import table
from linli.cli.docs.code import asked_gates, events, first_sentence, is_ours, modules, processes, source_of
from linli.cli.docs.routes import routes
from linli.kernel.jobs import registry
from linli.kernel.policy import documents, files
from linli.kernel.policy.shapes import Duties

WRITTEN = "Written by `linli docs generate`."


def pages() -> dict[str, str]:
    """Return the text of every page of ``docs/reference`` by its file name."""
    modules()
    return {
        "routes.md": _routes(),
        "commands.md": _commands(),
        "events.md": _events(),
        "duties.md": _duties(),
        "background.md": _background(),
        "policies.md": _policies(),
    }


def _routes() -> str:
    rows = [
        (
            f"`{' '.join([', '.join(route.methods), route.pattern]).strip()}`",
            f"`{route.name}`" if route.name else "–",
            ", ".join(f"`{duty}`" for duty in route.duties) or "–",
            route.says or f"`{route.view}`",
        )
        for route in routes()
    ]
    return (
        f"# Routes\n\n{WRITTEN} *Duties* are those a page asks for before it opens; what may be done to a matter is "
        "the rule of\neach action ([processes](../processes/README.md)). Who gets which answer is held by "
        "`tests/test_permissions.py`.\n\n" + table(("Address", "Name", "Duties", "What it is"), rows) + "\n"
    )


def _commands() -> str:
    from linli.cli.root import Root

    root = Root()
    context = click.Context(root, info_name="linli")
    parts = [f"# Commands\n\n{WRITTEN} `linli --help` says the same; a failure is one line that says what to do."]
    for name in root.list_commands(context):
        command = root.get_command(context, name)
        if command is not None:
            parts += _helps(command, f"linli {name}")
    return "\n\n".join(parts) + "\n"


def _helps(command: click.Command, path: str) -> Iterator[str]:
    context = click.Context(command, info_name=path, max_content_width=100, terminal_width=100)
    yield f"## `{path}`\n\n```text\n{command.get_help(context).strip()}\n```"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None:
                yield from _helps(child, f"{path} {name}")


def _events() -> str:
    sent = [(f"`{found.name}`", f"`{source_of(found.module)}`", f"{found.says}.") for found in events()]
    asked = [(f"`{gate.name}`", f"`{gate.default!r}`", _filler(gate)) for gate in asked_gates()]
    return (
        f"# Events and gates\n\n{WRITTEN}\n\nAn event tells rooms that its sender may not import, in the sender's "
        "transaction. A gate is a question that an\nearlier room asks and a later one may answer; unanswered, the "
        "default holds.\n\n## Events\n\n"
        + table(("Event", "Declared in", "What its payload is"), sent)
        + "\n\n## Gates\n\n"
        + table(("Gate", "Default", "Answered by"), asked)
        + "\n"
    )


def _filler(gate: object) -> str:
    answer = getattr(gate, "_fill", None)
    return f"`{source_of(answer.__module__)}`" if answer else "nobody"


def _duties() -> str:
    shipped = cast("Duties", files.shipped("posts.duties"))
    used: dict[str, list[str]] = {}
    for process in processes():
        for action in process.actions:
            for duty in sorted(action.by.duties()) if action.by else ():
                used.setdefault(duty, []).append(f"`{process.kind}.{action.name}`")
    rows = [
        (f"`{code}`", duty.title, ", ".join(used.get(code, [])) or "–",
         "、".join(shipped.post_kinds[kind].title for kind in duty.posts))
        for code, duty in sorted(shipped.duties.items())
    ]  # fmt: skip
    return (
        f"# Duties\n\n{WRITTEN} Processes and pages name duties; the policy document `posts.duties` gives each to "
        "kinds of\npost. The last column is what ships; a district changes it without code.\n\n"
        + table(("Duty", "Title", "Actions", "Posts that carry it"), rows)
        + "\n"
    )


def _background() -> str:
    tasks = [(f"`{task.name}`", task.queue, str(task.retries), f"{first_sentence(task.run.__doc__)}.")
             for task in registry.tasks() if is_ours(task.run)]  # fmt: skip
    periodics = [(f"`{found.name}`", f"{found.seconds:g} s", _what(found.run))
                 for found in registry.periodics() if is_ours(_work(found.run))]  # fmt: skip
    return (
        f"# Background work\n\n{WRITTEN} `linli worker` does both; a job carries ids only.\n\n## Again and again\n\n"
        + table(("Name", "Every", "What it does"), periodics)
        + "\n\n## Deferred\n\n"
        + table(("Task", "Queue", "Retries", "What it does"), tasks)
        + "\n"
    )


def _work(run: object) -> object:
    """Return the function that is worked in the end: a task's own when the period only defers it."""
    task = getattr(run, "__self__", None)
    return task.run if isinstance(task, registry.Task) else run


def _what(run: object) -> str:
    return "Defers the task of this name." if _work(run) is not run else f"{first_sentence(run.__doc__)}."


def _policies() -> str:
    rows = []
    for name in documents.names():
        shape = documents.shape_of(name)
        rows.append((f"`{name}`", shape.policy_title, f"{first_sentence(shape.__doc__)}.",
                     f"`{source_of(shape.__module__)}`"))  # fmt: skip
    return (
        f"# Policy documents\n\n{WRITTEN} How they are versioned, loaded and approved: [policy.md](../policy.md).\n\n"
        + table(("Document", "Title", "What it holds", "Shape"), rows)
        + "\n"
    )
