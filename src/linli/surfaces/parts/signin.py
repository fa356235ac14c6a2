"""Signing in: accounts are opened by a unit for a post, so nobody signs up and nobody resets by mail."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, LoginWebAuthnForm
from django.forms import Field, ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

KNOWN = "linli_known"
KNOWN_FOR = 180 * 24 * 3600
_SALT = "linli.signin.known"


class Adapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth is untyped
    """allauth's way of doing things, with sign-up closed, and a limit on guessing that locks nobody out for ever.

    Wrong passwords are counted by account. Whoever only knows somebody's account name could use that up and keep
    them out day after day; so a browser in which the account was signed in before is counted apart (a signed
    cookie says so), and a passkey asks for no password at all.
    """

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Return what wrong passwords are counted by: the account, and apart from it in a browser it knows."""
        key: str = super()._get_login_attempts_cache_key(request, **credentials)
        name = str(credentials.get("username", "")).lower()
        return f"{key}:known" if name and name in known(request) else key

    def post_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse:
        """Remember in this browser that the account was signed in here."""
        answer: HttpResponse = super().post_login(request, user, **options)
        names = [user.get_username().lower(), *(n for n in known(request) if n != user.get_username().lower())]
        answer.set_signed_cookie(
            KNOWN, " ".join(names[:5]), salt=_SALT, max_age=KNOWN_FOR, httponly=True, samesite="Lax",
            secure=request.is_secure(), path="/accounts/",
        )  # fmt: skip
        return answer

    def set_password(self, user: Any, password: str) -> None:
        """Keep the new password; it is the holder's own from here on."""
        user.password_given = False
        super().set_password(user, password)

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Return False: accounts come with a post."""
        return False


def name_of(user: Any) -> str:
    """Return how the product addresses whoever signed in: by the person's name, not by the account's."""
    return str(user.person.name if user.person else user.get_username())


def known(request: HttpRequest) -> list[str]:
    """Return the accounts that were signed in in this browser, by our own word; nothing for a forged one."""
    return str(request.get_signed_cookie(KNOWN, "", salt=_SALT, max_age=KNOWN_FOR)).split()


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


class AddKey(AddWebAuthnForm):  # type: ignore[misc] # allauth is untyped
    """A passkey or security key, in words of everyday."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("给它起个名字")
        self.fields["passwordless"].label = _("以后用它登录，不用再输密码")
        self.fields["passwordless"].help_text = _("登录时由这台设备核对指纹、人脸或开机密码。")


class KeyIn(LoginWebAuthnForm):  # type: ignore[misc] # allauth is untyped
    """Signing in with a passkey; one that is not known here is told from a mistyped code."""

    def clean_credential(self) -> Any:
        """Return the key that was shown. Raises ``ValidationError`` when nobody has it here."""
        try:
            return super().clean_credential()
        except ValidationError as error:
            raise ValidationError(_("这把钥匙没有登记过，或者已经删除：请用账号和密码登录。")) from error


def _plain(fields: dict[str, Field]) -> None:
    """Take away the link to a mail that nobody gets, and placeholders that repeat the label."""
    for name, field in fields.items():
        field.widget.attrs.pop("placeholder", None)
        if name in {"password", "oldpassword"}:
            field.help_text = ""
