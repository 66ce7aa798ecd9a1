"""Settings, from the environment. Nothing here needs changing to try the product; docs/operator.md lists every variable.

WHOLEPICTURE_DEBUG, WHOLEPICTURE_DEMO   1 or 0; the demo role switcher is there only when demo mode is on
WHOLEPICTURE_SECRET_KEY                 required when DEBUG is off; _OLD: keys used before, with commas between
WHOLEPICTURE_DATABASE_URL               postgresql://user:password@host:port/name?sslmode=verify-full; without it, SQLite in
                                        WHOLEPICTURE_VAR
WHOLEPICTURE_HOSTS                      host names served, with commas between
WHOLEPICTURE_PROXIES                    how many proxies stand before the site and may say where a request came from
WHOLEPICTURE_SECOND_FACTOR              1 or 0; required of everyone unless DEBUG or DEMO is on
WHOLEPICTURE_IDLE_MINUTES               minutes away after which somebody is signed out; 30
WHOLEPICTURE_OPENID_URL, _ID, _SECRET   the force's OpenID Connect provider; _NAME is how it is called on the page,
                                        _CLAIM is the claim that holds the username (preferred_username); _STRONG what
                                        its "amr" must hold one of (mfa), empty to take any sign-in for strong enough
WHOLEPICTURE_BREACHED_PASSWORDS         a file of SHA-1 hashes in order, as haveibeenpwned.com gives them
WHOLEPICTURE_ADDRESS                    the site's own address, as mails and messages to systems give it
WHOLEPICTURE_MAIL_HOST, _PORT, _USER, _PASSWORD, _TLS, _FROM
                                        the mail server; without it no mail is sent and people are told on the site alone
WHOLEPICTURE_WEBHOOK_HOSTS              host[:port] of systems that may be told, with commas between; none unless given
WHOLEPICTURE_DIRECTORY_HOSTS            host[:port] of Open Referral UK directories that may be read; none unless given
WHOLEPICTURE_XAPI_URL, _KEY, _SECRET    a learning record store that is told of training done (xAPI 1.0.3); none unless given
WHOLEPICTURE_CONTACT                    whom the public turns to, as a line of text: shown on the contact and privacy pages
WHOLEPICTURE_METRICS_TOKEN              what /metrics must be asked with (Bearer); not there at all unless given
WHOLEPICTURE_RETENTION_RULES            a TOML file of the force's own retention groups

Whatever is secret may be put in a file instead, and the file named in the variable of the same name with _FILE behind it.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from wholepicture.core.retention import OWN_RULES

BASE = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("WHOLEPICTURE_VAR", Path.cwd() / "var"))
DEBUG = os.environ.get("WHOLEPICTURE_DEBUG", "0") == "1"
DEMO = os.environ.get("WHOLEPICTURE_DEMO", "0") == "1"


def _secret(name: str) -> str:
    """A secret from WHOLEPICTURE_<name>, or from the file that WHOLEPICTURE_<name>_FILE names."""
    path = os.environ.get(f"WHOLEPICTURE_{name}_FILE")
    return Path(path).read_text("utf-8").strip() if path else os.environ.get(f"WHOLEPICTURE_{name}", "")


def _secret_key() -> str:
    given = _secret("SECRET_KEY")
    if given:
        return given
    if not (DEBUG or DEMO):
        raise ImproperlyConfigured(
            "Set WHOLEPICTURE_SECRET_KEY to a long random text (docs/operator.md says how); for the demo site, set WHOLEPICTURE_DEMO=1."
        )
    path = VAR / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50), "utf-8")
    return path.read_text("utf-8")


def _database() -> dict[str, object]:
    url = _secret("DATABASE_URL")
    if url:
        parts = urlsplit(url)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "OPTIONS": dict(parse_qsl(parts.query)),
            "CONN_MAX_AGE": 60,
            # After the database was started again, a connection is looked at before it is used.
            "CONN_HEALTH_CHECKS": True,
        }
    VAR.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR / "wholepicture.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=10000;",
        },
    }


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = [k for k in _secret("SECRET_KEY_OLD").split(",") if k]
ALLOWED_HOSTS = [h for h in os.environ.get("WHOLEPICTURE_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if h]
CSRF_TRUSTED_ORIGINS = [f"https://{h}" for h in ALLOWED_HOSTS if h not in ("localhost", "127.0.0.1", "[::1]")]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "ninja",
    "wholepicture.web.theme",
    "wholepicture.web.audit",
    "wholepicture.web.accounts",
    "wholepicture.web.people",
    "wholepicture.web.encounters",
    "wholepicture.web.partners",
    "wholepicture.web.training",
    "wholepicture.web.programmes",
    "wholepicture.web.cpd",
    "wholepicture.web.licensing",
    "wholepicture.web.insight",
    "lti_tool",
    "wholepicture.web.pages",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "wholepicture.web.theme.languages.LanguageMiddleware",
    "wholepicture.web.accounts.middleware.SessionLimitsMiddleware",
    "wholepicture.web.accounts.middleware.SignedInMiddleware",
    "wholepicture.web.accounts.middleware.FirstThingsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wholepicture.web.theme.middleware.SecurityHeadersMiddleware",
    "wholepicture.web.pages.middleware.TooOftenMiddleware",
]
ROOT_URLCONF = "wholepicture.web.config.urls"
WSGI_APPLICATION = "wholepicture.web.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wholepicture.web.theme.context.site",
                "wholepicture.web.accounts.context.doors",
            ],
            "builtins": ["wholepicture.web.theme.templatetags.components"],
        },
    }
]
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "wholepicture.web.accounts.passwords.OwnWordsValidator"},
    {"NAME": "wholepicture.web.accounts.passwords.BreachedValidator"},
]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
# Shared by all workers, so that wrong passwords are counted once.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "wholepicture_cache"}
}
SECOND_FACTOR = os.environ.get("WHOLEPICTURE_SECOND_FACTOR", "0" if DEBUG or DEMO else "1") == "1"
IDLE_SECONDS = 60 * int(os.environ.get("WHOLEPICTURE_IDLE_MINUTES", "30"))
ACCOUNT_ADAPTER = "wholepicture.web.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# A whole station may come from one address, so what counts is the account: five wrong passwords, then five minutes.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "60/m/ip,5/300s/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("WHOLEPICTURE_PROXIES", "0"))
MFA_ADAPTER = "wholepicture.web.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or DEMO
MFA_TOTP_ISSUER = "Wholepicture"
MFA_ALLOW_UNVERIFIED_EMAIL = True
USERSESSIONS_TRACK_ACTIVITY = False
SOCIALACCOUNT_ADAPTER = "wholepicture.web.accounts.adapters.ProviderAdapter"
PROVIDER_CLAIM = os.environ.get("WHOLEPICTURE_OPENID_CLAIM", "preferred_username")
PROVIDER_STRONG = [v for v in os.environ.get("WHOLEPICTURE_OPENID_STRONG", "mfa").split(",") if v]
BREACHED_PASSWORDS = os.environ.get("WHOLEPICTURE_BREACHED_PASSWORDS", "")
PROVIDER_URL = os.environ.get("WHOLEPICTURE_OPENID_URL", "")
PROVIDER = os.environ.get("WHOLEPICTURE_OPENID_NAME", "your force account") if PROVIDER_URL else ""
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": ["openid", "profile", "email"],
        "APPS": [
            {
                "provider_id": "force",
                "name": PROVIDER,
                "client_id": os.environ.get("WHOLEPICTURE_OPENID_ID", ""),
                "secret": _secret("OPENID_SECRET"),
                "settings": {"server_url": PROVIDER_URL},
            }
        ]
        if PROVIDER_URL
        else [],
    }
}
ADDRESS = os.environ.get("WHOLEPICTURE_ADDRESS", f"https://{ALLOWED_HOSTS[0]}" if ALLOWED_HOSTS else "")
DIRECTORY_HOSTS = [h for h in os.environ.get("WHOLEPICTURE_DIRECTORY_HOSTS", "").split(",") if h]
WEBHOOK_HOSTS = [h for h in os.environ.get("WHOLEPICTURE_WEBHOOK_HOSTS", "").split(",") if h]
MAIL_HOST = EMAIL_HOST = os.environ.get("WHOLEPICTURE_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("WHOLEPICTURE_MAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("WHOLEPICTURE_MAIL_USER", "")
EMAIL_HOST_PASSWORD = _secret("MAIL_PASSWORD")
EMAIL_USE_TLS = os.environ.get("WHOLEPICTURE_MAIL_TLS", "1") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("WHOLEPICTURE_MAIL_FROM", "wholepicture@localhost")
# A force's own retention rules in place of ours (core/retention/rules.toml).
# Whom somebody outside turns to: shown on the public pages.
CONTACT = os.environ.get("WHOLEPICTURE_CONTACT", "")
METRICS_TOKEN = _secret("METRICS_TOKEN")
XAPI_URL = os.environ.get("WHOLEPICTURE_XAPI_URL", "")
XAPI_KEY = os.environ.get("WHOLEPICTURE_XAPI_KEY", "")
XAPI_SECRET = _secret("XAPI_SECRET")
RETENTION_RULES = Path(os.environ.get("WHOLEPICTURE_RETENTION_RULES") or OWN_RULES)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "encounters:home"
LOGOUT_REDIRECT_URL = "account_login"
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]
LOCALE_PATHS = [Path(__file__).resolve().parents[1] / "theme" / "locale"]
TIME_ZONE = "Europe/London"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "wholepicture.web.pages.views.not_taken"
# With real data the site is served over TLS alone.
SECURE = not (DEBUG or DEMO)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
if SECURE:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_SSL_REDIRECT = True
    # A system that sends a token unencrypted is told so (theme.middleware), not led on to the right place unawares.
    SECURE_REDIRECT_EXEMPT = [r"^api/", r"^live$", r"^ready$", r"^metrics$"]
    if ALLAUTH_TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "wholepicture.web.config.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
