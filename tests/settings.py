"""The site's own settings, with what tests need set before they are read."""

import os
import tempfile

os.environ.setdefault("WHOLEPICTURE_VAR", tempfile.mkdtemp(prefix="wholepicture-test-"))
os.environ["WHOLEPICTURE_DEMO"] = "1"
os.environ["WHOLEPICTURE_DEBUG"] = "0"
os.environ["WHOLEPICTURE_SECRET_KEY"] = "for tests only, never for use"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

from wholepicture.web.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if "sqlite3" in str(DATABASES["default"]["ENGINE"]):  # noqa: F405
    # A file, as in use: threads of a test meet each other as officers do. (Memory shared between threads locks otherwise.)
    DATABASES["default"]["TEST"] = {"NAME": VAR / "test.sqlite3"}  # noqa: F405
# Open edX's LTI code, which the tests use as a learning system, asks for these.
PLATFORM_NAME = "A learning system of the tests"
OPENEDX_TELEMETRY: list[str] = []
