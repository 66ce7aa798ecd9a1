"""Addresses of programmes."""

from django.urls import path

from wholepicture.web.programmes import views

app_name = "programmes"
urlpatterns = [
    path("programmes", views.home, name="home"),
    path("programmes/<slug:slug>", views.programme, name="programme"),
    path("programmes/<slug:slug>/propose", views.propose, name="propose"),
    path("programmes/<slug:slug>/versions/<int:number>", views.version, name="version"),
]
