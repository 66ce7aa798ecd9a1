"""Addresses of encounters."""

from django.urls import path

from wholepicture.web.encounters import views

app_name = "encounters"
urlpatterns = [
    path("", views.home, name="home"),
    path("encounters/new", views.start, name="start"),
    path("encounters/<uuid:pk>/findings", views.findings, name="findings"),
    path("encounters/<uuid:pk>/findings/add", views.add, name="add"),
    path("encounters/<uuid:pk>/findings/<int:finding>", views.decide, name="decide"),
    path("encounters/<uuid:pk>/confirm", views.confirm, name="confirm"),
    path("encounters/<uuid:pk>/people/<slug:code>", views.picture, name="picture"),
    path("encounters/<uuid:pk>/people/<slug:code>/answer", views.answer, name="answer"),
]
