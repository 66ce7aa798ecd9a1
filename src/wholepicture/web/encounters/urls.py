"""Addresses of encounters and the people in them."""

from django.urls import path

from wholepicture.web.encounters.views import account, identity, person

app_name = "encounters"
urlpatterns = [
    path("", account.home, name="home"),
    path("encounters/new", account.start, name="start"),
    path("encounters/<uuid:pk>/findings", account.findings, name="findings"),
    path("encounters/<uuid:pk>/findings/add", account.add, name="add"),
    path("encounters/<uuid:pk>/findings/<int:finding>", account.decide, name="decide"),
    path("encounters/<uuid:pk>/confirm", account.confirm, name="confirm"),
    path("encounters/<uuid:pk>/people/<slug:code>", account.picture, name="picture"),
    path("encounters/<uuid:pk>/people/<slug:code>/answer", account.answer, name="answer"),
    path("encounters/<uuid:pk>/people/<slug:code>/who", identity.who, name="who"),
    path("encounters/<uuid:pk>/people/<slug:code>/matches", identity.matches, name="matches"),
    path("encounters/<uuid:pk>/people/<slug:code>/settle", identity.settle, name="settle"),
    path("matches", identity.queue, name="queue"),
    path("people", person.search, name="search"),
    path("people/<uuid:pk>", person.person, name="person"),
    path("people/<uuid:pk>/open", person.open_person, name="open-person"),
    path("people/<uuid:pk>/join", person.join, name="join"),
    path("people/<uuid:pk>/joins/<int:join>/undo", person.undo_join, name="undo-join"),
]
