"""Static files under hashed names, imports between our own script modules included."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage

SHELLS = ("parts", "desk", "field", "portal", "command")
# Django would follow imports in everybody's scripts; some packages ship modules whose imports lead nowhere.
IMPORTS = (
    (r"""(?P<matched>import\s+["'](?P<url>\.{1,2}/[^"']+)["'])""", 'import "%(url)s"'),
    (r"""(?P<matched>from\s+["'](?P<url>\.{1,2}/[^"']+)["'])""", 'from "%(url)s"'),
    (r"""(?P<matched>import\(["'](?P<url>\.{1,2}/[^"']+)["']\))""", 'import("%(url)s")'),
)


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # whitenoise is untyped
    """Hashed, compressed files once collected; plain names before, so a fresh clone has its look."""

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        *((f"{shell}/*.js", IMPORTS) for shell in SHELLS),
    )

    def stored_name(self, name: str) -> str:
        """Return the hashed name of ``name``, or ``name`` itself while nothing has been collected."""
        if not self.hashed_files:
            return name
        return str(super().stored_name(name))
