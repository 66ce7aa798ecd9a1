"""Addresses of the public pages, and of a force's first days."""

from django.urls import path

from wholepicture.web.pages import starting, views

app_name = "pages"
urlpatterns = [
    path("approach", views.public, {"slug": "approach"}, name="approach"),
    path("accessibility", views.public, {"slug": "accessibility"}, name="accessibility"),
    path("work", views.public, {"slug": "work"}, name="work"),
    path("asked-of-partners", views.public, {"slug": "asked-of-partners"}, name="asked-of-partners"),
    path("contact", views.public, {"slug": "contact"}, name="contact"),
    path("privacy", views.public, {"slug": "privacy"}, name="privacy"),
    path("cookies", views.public, {"slug": "cookies"}, name="cookies"),
    path("cy/<slug:slug>", views.welsh, name="welsh"),
    path("tour", starting.tour, name="tour"),
    path("getting-started", starting.getting_started, name="getting-started"),
]
