"""What a person did that cannot be done, said so that they can mend it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _


class UserError(Exception):
    """Something a user caused. ``message`` is shown to them; ``code`` is stable for machines; ``status`` is HTTP's."""

    code = "bad_request"
    status = 400

    def __init__(self, message: object, *, field: str | None = None, code: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field
        if code:
            self.code = code


class NotHere(UserError):
    """It does not exist, or this actor may not know that it does: the two look the same."""

    code = "not_found"
    status = 404

    def __init__(self, message: object = _("没有找到，或不在您的岗位范围内。")) -> None:
        super().__init__(message)


class NotNow(UserError):
    """The action exists but cannot be done in the present state."""

    code = "not_now"
    status = 409


class Stale(NotNow):
    """Somebody acted on it since the page was opened."""

    code = "stale"


class Invalid(UserError):
    """The form's data does not hold; ``errors`` maps fields to lists of messages."""

    code = "invalid"
    status = 422

    def __init__(self, errors: dict[str, list[str]]) -> None:
        first = next((texts[0] for texts in errors.values() if texts), "")
        super().__init__(first)
        self.errors = errors
