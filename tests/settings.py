"""Settings of the tests: those of the site, with what would make tests slow or disturb it left out."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests.side_by_side import own_broker, own_folder

# Tests write nothing into the site's own folder. Processes that a test starts inherit it.
if "IMBANG_TEST_VAR" not in os.environ:
    os.environ["IMBANG_TEST_VAR"] = tempfile.mkdtemp(prefix="imbang-tests-")
    atexit.register(shutil.rmtree, os.environ["IMBANG_TEST_VAR"], ignore_errors=True)
os.environ["IMBANG_VAR"] = own_folder(os.environ["IMBANG_TEST_VAR"])
# Celery looks into the environment before it looks into the settings.
if os.environ.get("CELERY_BROKER_URL"):
    os.environ.setdefault("IMBANG_TEST_BROKER", os.environ["CELERY_BROKER_URL"])
    os.environ["CELERY_BROKER_URL"] = own_broker(os.environ["IMBANG_TEST_BROKER"])
# Tests start many processes. Where Python may not write beside the sources, each would compile Django anew.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
    os.environ["PYTHONPYCACHEPREFIX"] = str(Path(os.environ["IMBANG_TEST_VAR"]) / "bytecode")

from scorecard.settings import *  # noqa: F403

ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
