"""All settings in one file; what an operator may change comes from the environment (docs/settings.md)."""

from __future__ import annotations

from pathlib import Path

from linli.config import database, env, secrets

PACKAGE = Path(__file__).resolve().parent.parent
HOME = env.home()

DEBUG = env.flag("LINLI_DEBUG")
SECRET_KEY = secrets.get("django")
ALLOWED_HOSTS = env.text("LINLI_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in env.text("LINLI_ORIGINS").split(",") if o]
BASE_URL = env.text("LINLI_BASE_URL", "http://127.0.0.1:8000")

INSTALLED_APPS = [
    "linli.kernel.storage",
    "linli.kernel.jobs",
    "linli.kernel.worktime",
    "linli.kernel.crypto",
    "linli.kernel.areas",
    "linli.kernel.people",
    "linli.kernel.posts",
    "linli.kernel.privacy",
    "linli.kernel.policy",
    "linli.kernel.evidence",
    "linli.kernel.outreach",
    "linli.kernel.tallies",
    "linli.kernel.ledger",
    "linli.kernel.matters",
    "linli.surfaces.parts",
    "linli.surfaces.desk",
    "linli.surfaces.field",
    "linli.surfaces.portal",
    "linli.surfaces.api",
    "linli.surfaces.command",
    "linli.surfaces.watch",
    "linli.affairs.registry",
    "linli.affairs.objections",
    "linli.affairs.cases",
    "linli.affairs.visits",
    "linli.affairs.gridding",
    "linli.affairs.whistles",
    "linli.affairs.dispatching",
    "linli.affairs.statistics",
    "linli.affairs.proposals",
    "linli.affairs.honor",
    "linli.affairs.volunteering",
    "linli.affairs.briefings",
    "linli.affairs.command",
    "linli.affairs.supervision",
    "linli.affairs.meetings",
    "linli.affairs.surveys",
    "linli.affairs.practice",
    "linli.gateways.hotline",
    "linli.gateways.webhooks",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django.forms",
    "procrastinate.contrib.django",
    "csp",
]

MIDDLEWARE = [
    "linli.surfaces.watch.middleware.Watch",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "linli.surfaces.parts.headers.ContentSecurity",
    "linli.surfaces.parts.headers.Headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "linli.surfaces.parts.given.GivenPassword",
    "linli.surfaces.parts.second.SecondFactor",
    "linli.surfaces.parts.errors.UserErrorMiddleware",
]

FORM_RENDERER = "linli.surfaces.parts.forms.Renderer"
ROOT_URLCONF = "linli.config.urls"
WSGI_APPLICATION = "linli.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    },
]

DATABASES = {"default": database.connection()}
LINLI_DATABASE_ROLES = database.logins()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "linli.surfaces.parts.signin.Adapter"
ACCOUNT_USER_DISPLAY = "linli.surfaces.parts.signin.name_of"
ACCOUNT_FORMS = {
    "login": "linli.surfaces.parts.signin.SignIn",
    "reauthenticate": "linli.surfaces.parts.signin.SignInAgain",
    "change_password": "linli.surfaces.parts.signin.ChangePassword",
}
# An office has one address for all its clerks; what is counted by account stays strict.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "60/m/ip,5/300s/key"}
MFA_FORMS = {
    "add_webauthn": "linli.surfaces.parts.signin.AddKey", "login_webauthn": "linli.surfaces.parts.signin.KeyIn",
}  # fmt: skip
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Linli"
LINLI_MFA = env.text("LINLI_MFA", "off")  # who must have a second factor: off, keepers, staff
# How many reverse proxies of our own stand before the site; limits by address count what the last one saw.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("LINLI_PROXIES", 1 if env.flag("LINLI_HTTPS") else 0)

# Only the limits on guessing use it: counted for all web processes together.
CACHES = {"default": {"BACKEND": "linli.kernel.people.attempts.Attempts"}}

# Sessions live in the database with a write only when something changes: no extra statement on a public page.
SESSION_ENGINE = "linli.kernel.people.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_HTTPONLY = False
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if env.flag("LINLI_HTTPS"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31536000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
MEDIA_ROOT = HOME / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "linli.surfaces.parts.storage.StaticStorage"},
}
# Without collected files the packages' own are served, so a fresh clone has its look.
WHITENOISE_USE_FINDERS = DEBUG or not (STATIC_ROOT / "staticfiles.json").exists()

DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "linli.surfaces.watch.logs.formatter", "style": env.text("LINLI_LOG_FORMAT")}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LINLI_LOG_LEVEL", "WARNING")},
}

# Left to whoever runs the site: the redirect to https is the reverse proxy's, and whether other names under the
# domain are served by https is not ours to promise.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]

# What watches the installation: surfaces/watch.
LINLI_HOME = HOME
LINLI_SLOW_REQUEST_MS = env.number("LINLI_SLOW_REQUEST_MS", 1000)
LINLI_SLOW_QUERY_MS = env.number("LINLI_SLOW_QUERY_MS", 500)
LINLI_METRICS_TOKEN = env.text("LINLI_METRICS_TOKEN")
LINLI_CERTIFICATE = env.text("LINLI_CERTIFICATE")

# The kernel takes its keys from here, never from the disk: ``settings.LINLI_SECRET("fields")``.
LINLI_SECRET = secrets.get
LINLI_PROFILE = env.text("LINLI_PROFILE")
LINLI_DEMO = env.flag("LINLI_DEMO")  # the data are invented: every page says so
# The cipher of protected columns: aes, or sm4 where GB/T 39786 asks for it.
LINLI_CIPHER = env.text("LINLI_CIPHER", "aes")
LINLI_PRACTICE = env.flag("LINLI_PRACTICE")  # 练习库: a data folder for exercises; no message leaves it
LINLI_SMS = env.text("LINLI_SMS", "console")  # console (nothing leaves), or http with the gateway's address
LINLI_SMS_URL = env.text("LINLI_SMS_URL")
LINLI_SMS_TOKEN = env.text("LINLI_SMS_TOKEN")
