"""The one settings file of Django. Everything that differs between installations comes from mifeng.site.env."""

import secrets
from pathlib import Path

from mifeng.rooms import ORDER
from mifeng.site import database, env

ENV = env.read()
SITE = Path(__file__).resolve().parent

DEBUG = ENV.debug
ALLOWED_HOSTS = ["*"]  # the listening address is what guards (checks.py); Host is never used to build a link
# Signs nothing that lasts: sessions are rows, tickets are rows. A fresh key per process is enough for the CSRF mask.
SECRET_KEY = secrets.token_urlsafe(32)

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "django_htmx",
    "mifeng.base",
    *(f"mifeng.rooms.{room}" for room in ORDER),
    "mifeng.site",
]

MIDDLEWARE = [
    "mifeng.site.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mifeng.site.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "mifeng.site.middleware.SealedHouse",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mifeng.site.middleware.Answers",
    "mifeng.site.middleware.WhoIsThere",
]

ROOT_URLCONF = "mifeng.site.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "mifeng.site.shell.shell",
            ],
            "builtins": ["django.templatetags.i18n", "mifeng.base.templatetags.mifeng"],
        },
    }
]

DATABASES = {"default": database.settings_for(ENV.database_url, ENV.home, ENV.fast_disk)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False  # a deed opens its own durable transaction

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [SITE.parents[2] / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"  # the company's own zone is a row, applied by base.clock

STATIC_URL = "/static/"
STATIC_ROOT = ENV.home / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG

# Uploads never touch a plain temporary file: both default handlers are replaced by the encrypted spool.
FILE_UPLOAD_HANDLERS = ["mifeng.base.uploads.SpoolHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FILES = 60

PASSWORD_HASHERS = ["mifeng.rooms.people.credentials.Argon2id"]

CSRF_COOKIE_NAME = "mf_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = ENV.tls
CSRF_FAILURE_VIEW = "mifeng.site.answers.csrf_failure"
APPEND_SLASH = True
X_FRAME_OPTIONS = "DENY"

# No traceback with locals, no e-mail of errors, no SQL with parameters in any log.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": True,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"no_content": {"()": "mifeng.site.quiet.NoContent"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_content"]}},
    # Our own modules that were loaded before the settings go on speaking; everybody else's fall silent.
    "loggers": {"mifeng": {}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
