"""A paper as an answer over HTTP."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def as_file(content: bytes, title: str, form: str, *, shown: bool = False) -> HttpResponse:
    """Return ``content`` as a download named after its title, or ``shown`` in the browser to be printed from there.

    ``form`` is one of ``TYPES``.
    """
    answer = HttpResponse(content, content_type=TYPES[form])
    answer["Content-Disposition"] = (
        f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(f'{title}.{form}')}"
    )
    return answer
