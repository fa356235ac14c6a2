"""Static files under hashed names, imports between script modules included."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # whitenoise is untyped
    """Hashed, compressed files once collected; plain names before, so a fresh clone has its look."""

    support_js_module_import_aggregation = True

    def stored_name(self, name: str) -> str:
        """Return the hashed name of ``name``, or ``name`` itself while nothing has been collected."""
        if not self.hashed_files:
            return name
        return str(super().stored_name(name))
