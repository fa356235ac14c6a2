"""The vendored symbols: which ones are used, how the sprite is made from the Lucide package, and its hashes.

Operators need no Node: the sprite and its licence are committed. To add a symbol, add its name to ``NAMES``,
unpack the npm package ``lucide-static`` in the version of ``VERSION``, and run
``python -m linli.surfaces.parts.icons PATH/TO/lucide-static``.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path

VERSION = "1.62.0"
FOLDER = Path(__file__).parent / "static" / "parts" / "vendor" / "lucide"
SPRITE = FOLDER / "sprite.svg"
LICENCE = FOLDER / "LICENSE.txt"
MANIFEST = FOLDER / "manifest.json"

NAMES = (
    *("arrow-down", "arrow-left", "arrow-right", "arrow-up", "arrow-up-down", "award", "ban", "bell", "bike"),
    *(
        "book-open",
        "bookmark",
        "building",
        "building-2",
        "calendar",
        "calendar-clock",
        "camera",
        "chart-column",
    ),
    *(
        "check",
        "check-check",
        "chevron-down",
        "chevron-left",
        "chevron-right",
        "chevron-up",
        "circle",
        "circle-alert",
    ),
    *(
        "circle-check",
        "circle-help",
        "circle-pause",
        "circle-user",
        "circle-x",
        "clipboard-check",
        "clipboard-list",
    ),
    *(
        "clock",
        "columns-3",
        "copy",
        "download",
        "droplets",
        "ellipsis",
        "external-link",
        "eye",
        "eye-off",
        "file-text",
    ),
    *(
        "files",
        "flag",
        "flame",
        "footprints",
        "forward",
        "funnel",
        "gavel",
        "git-merge",
        "globe",
        "hand-helping",
    ),
    *(
        "handshake",
        "heart",
        "hourglass",
        "house",
        "id-card",
        "image",
        "inbox",
        "info",
        "key-round",
        "keyboard",
    ),
    *(
        "landmark",
        "languages",
        "layers",
        "lightbulb",
        "link",
        "list",
        "list-checks",
        "list-tree",
        "lock",
        "log-in",
    ),
    *(
        "log-out",
        "mail",
        "map",
        "map-pin",
        "map-pinned",
        "megaphone",
        "menu",
        "message-square",
        "mic",
        "minus",
    ),
    *(
        "monitor",
        "navigation",
        "package",
        "pause",
        "pencil",
        "phone",
        "phone-call",
        "play",
        "plus",
        "printer",
    ),
    *(
        "qr-code",
        "radio",
        "refresh-cw",
        "repeat",
        "route",
        "save",
        "scale",
        "search",
        "send",
        "settings",
        "shield",
    ),
    *(
        "shield-check",
        "siren",
        "sliders-horizontal",
        "split",
        "square-check",
        "star",
        "store",
        "sun",
        "tag",
        "thumbs-down",
    ),
    *(
        "thumbs-up",
        "trash-2",
        "trees",
        "triangle-alert",
        "undo-2",
        "upload",
        "user",
        "user-check",
        "user-plus",
        "users",
    ),
    *("volume-2", "wifi", "wifi-off", "wrench", "x", "zoom-in", "zoom-out", "a-large-small", "accessibility"),
)


def build(package: Path) -> None:
    """Write sprite, licence and manifest from the unpacked npm package at ``package``.

    Raises ``FileNotFoundError`` for a name that the package does not have.
    """
    symbols = [_symbol(name, (package / "icons" / f"{name}.svg").read_text("utf-8")) for name in sorted(set(NAMES))]
    FOLDER.mkdir(parents=True, exist_ok=True)
    SPRITE.write_text('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n", "utf-8")
    LICENCE.write_text((package / "LICENSE").read_text("utf-8"), "utf-8")
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (LICENCE, SPRITE)}
    manifest = {"package": "lucide-static", "version": VERSION, "licence": "ISC", "sha256": hashes}
    MANIFEST.write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")


def _symbol(name: str, svg: str) -> str:
    inner = re.sub(r"\s+", " ", svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]).strip()
    return f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>'


if __name__ == "__main__":
    build(Path(sys.argv[1]))
