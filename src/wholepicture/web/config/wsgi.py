"""The server interface."""

import os

from django.core.wsgi import get_wsgi_application

from wholepicture.core.recognition import default_recogniser

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wholepicture.web.config.settings")
application = get_wsgi_application()

# Read the catalogue before the first request comes: a worker that is asked is ready.
default_recogniser()
