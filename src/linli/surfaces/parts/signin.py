"""Signing in: accounts are opened by a unit for a post, so nobody signs up and nobody resets by mail."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from django.forms import Field
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class Adapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth is untyped
    """allauth's way of doing things, with sign-up closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Return False: accounts come with a post."""
        return False


class SignIn(LoginForm):  # type: ignore[misc] # allauth is untyped
    """Account and password, without the link to a mail that nobody gets."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields)
        self.fields["login"].label = _("账号")
        if "remember" in self.fields:
            self.fields["remember"].label = _("在这台电脑上保持登录")


class SignInAgain(ReauthenticateForm):  # type: ignore[misc] # allauth is untyped
    """The password once more, before something that needs certainty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields)


class ChangePassword(ChangePasswordForm):  # type: ignore[misc] # allauth is untyped
    """The old password and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields)


def _plain(fields: dict[str, Field]) -> None:
    """Take away the link to a mail that nobody gets, and placeholders that repeat the label."""
    for name, field in fields.items():
        field.widget.attrs.pop("placeholder", None)
        if name in {"password", "oldpassword"}:
            field.help_text = ""
