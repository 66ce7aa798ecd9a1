"""Addresses of encounters and the people in them."""

from django.urls import path

from wholepicture.web.encounters.views import account, identity, judging, oversight, person, retention

app_name = "encounters"
urlpatterns = [
    path("", account.home, name="home"),
    path("encounters/new", account.start, name="start"),
    path("encounters/<uuid:pk>/findings", account.findings, name="findings"),
    path("encounters/<uuid:pk>/findings/add", account.add, name="add"),
    path("encounters/<uuid:pk>/findings/<int:finding>", account.decide, name="decide"),
    path("encounters/<uuid:pk>/confirm", account.confirm, name="confirm"),
    path("encounters/<uuid:pk>/people", account.add_person, name="add-person"),
    path("encounters/<uuid:pk>/people/<slug:code>/change", account.change_person, name="change-person"),
    path("encounters/<uuid:pk>/people/<slug:code>", account.picture, name="picture"),
    path("encounters/<uuid:pk>/people/<slug:code>/answer", account.answer, name="answer"),
    path("encounters/<uuid:pk>/people/<slug:code>/who", identity.who, name="who"),
    path("encounters/<uuid:pk>/people/<slug:code>/matches", identity.matches, name="matches"),
    path("encounters/<uuid:pk>/people/<slug:code>/settle", identity.settle, name="settle"),
    path("encounters/<uuid:pk>/people/<slug:code>/assess", judging.assess, name="assess"),
    path("encounters/<uuid:pk>/check", judging.check, name="check"),
    path("drafts/<uuid:once>", account.keep, name="keep-draft"),
    path("assessments", judging.reviews, name="reviews"),
    path("assessments/<int:pk>", judging.assessment, name="assessment"),
    path("assessments/<int:pk>/review", judging.review, name="review"),
    path("checks", judging.sample, name="sample"),
    path("openings", oversight.openings, name="openings"),
    path("openings/<int:pk>/review", oversight.review_opening, name="review-opening"),
    path("audit", oversight.audit, name="audit"),
    path("people/<uuid:pk>/looks", oversight.looks, name="looks"),
    path("people/<uuid:pk>/restrict", oversight.restrict, name="restrict"),
    path("people/<uuid:pk>/copy", retention.own_copy, name="own-copy"),
    path("retention", retention.due, name="retention"),
    path("retention/<uuid:pk>", retention.review, name="retention-review"),
    path("matches", identity.queue, name="queue"),
    path("people", person.search, name="search"),
    path("people/<uuid:pk>", person.person, name="person"),
    path("people/<uuid:pk>/open", person.open_person, name="open-person"),
    path("people/<uuid:pk>/join", person.join, name="join"),
    path("people/<uuid:pk>/joins/<int:join>/undo", person.undo_join, name="undo-join"),
]
