"""Addresses of the public pages."""

from django.urls import path

from wholepicture.web.pages import views

app_name = "pages"
urlpatterns = [
    path("approach", views.approach, name="approach"),
    path("accessibility", views.accessibility, name="accessibility"),
]
