"""Every address of the site."""

from django.urls import include, path

from wholepicture.web.config import watching
from wholepicture.web.encounters.api import api
from wholepicture.web.licensing.api import router as licences
from wholepicture.web.partners.api import router as partners
from wholepicture.web.programmes.api import router as programmes

api.add_router("", programmes)
api.add_router("", licences)
api.add_router("", partners)

urlpatterns = [
    path("", include("wholepicture.web.encounters.urls")),
    path("", include("wholepicture.web.partners.urls")),
    path("", include("wholepicture.web.training.urls")),
    path("", include("wholepicture.web.programmes.urls")),
    path("", include("wholepicture.web.cpd.urls")),
    path("", include("wholepicture.web.licensing.urls")),
    path("", include("wholepicture.web.insight.urls")),
    path("", include("wholepicture.web.accounts.urls")),
    path("", include("wholepicture.web.accounts.sign_in_urls")),
    path("", include("wholepicture.web.pages.urls")),
    path("api/v1/", api.urls),
    path("live", watching.live, name="live"),
    path("ready", watching.ready, name="ready"),
    path("metrics", watching.metrics, name="metrics"),
]
handler404 = "wholepicture.web.pages.views.not_found"
handler403 = "wholepicture.web.pages.views.not_allowed"
handler500 = "wholepicture.web.pages.views.broken"
handler400 = "wholepicture.web.pages.views.bad_request"
