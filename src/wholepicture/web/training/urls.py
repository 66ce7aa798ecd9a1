"""Addresses of training: learning, teaching, panels and records."""

from django.urls import path

from wholepicture.web.training.views import building, learning, lms, player, records, teaching

app_name = "training"
urlpatterns = [
    path("training", learning.home, name="home"),
    path("training/courses/<slug:slug>", learning.course, name="course"),
    path("training/courses/<slug:slug>/begin", learning.begin, name="begin"),
    path("training/courses/<slug:slug>/steps/<slug:item>", learning.step, name="step"),
    path("training/attempts/<uuid:pk>", player.read, name="attempt"),
    path("training/attempts/<uuid:pk>/arrive", player.arrive, name="arrive"),
    path("training/attempts/<uuid:pk>/mark", player.mark, name="mark"),
    path("training/attempts/<uuid:pk>/unmark", player.unmark, name="unmark"),
    path("training/attempts/<uuid:pk>/ask", player.ask, name="ask"),
    path("training/attempts/<uuid:pk>/fit", player.fit, name="fit"),
    path("training/attempts/<uuid:pk>/judge", player.judge, name="judge"),
    path("training/attempts/<uuid:pk>/debrief", player.debrief, name="debrief"),
    path("training/practice", learning.practice, name="practice"),
    path("training/record", records.record, name="record"),
    path("training/certificates/<uuid:pk>", records.certificate, name="certificate"),
    path("verify/<uuid:pk>", records.verify, name="verify"),
    path("training/completion", teaching.completion, name="completion"),
    path("training/manage", teaching.manage, name="manage"),
    path("training/manage/lms", lms.manage, name="lms"),
    path("training/manage/lms/<int:pk>/stop", lms.stop, name="lms-stop"),
    path("training/manage/lms/courses/<int:pk>/roster", lms.roster, name="lms-roster"),
    path("lti/login", lms.login, name="lti-login"),
    path("lti/launch", lms.launch, name="lti-launch"),
    path("lti/choose", lms.choose, name="lti-choose"),
    path("lti/keys", lms.keys, name="lti-keys"),
    path("training/manage/courses/<slug:slug>/scorm", teaching.scorm, name="scorm"),
    path("training/manage/classroom", teaching.classroom, name="classroom"),
    path("training/manage/scenarios/new", building.new, name="new-scenario"),
    path("training/manage/scenarios/<uuid:pk>", building.scenario, name="scenario"),
    path("training/manage/scenarios/<uuid:pk>/panel", building.panel, name="panel"),
    path("training/manage/scenarios/<uuid:pk>/preview", building.preview, name="preview"),
    path("training/keys/<int:pk>", building.seat, name="seat"),
    path("training/manage/courses/<slug:slug>", teaching.course, name="manage-course"),
    path("training/manage/courses/<slug:slug>/assign", teaching.assign, name="assign"),
    path(
        "training/manage/courses/<slug:slug>/assignments/<int:pk>/end",
        teaching.end_assignment,
        name="end-assignment",
    ),
    path("training/manage/courses/<slug:slug>/package", teaching.export, name="export"),
    path("training/manage/courses/<slug:slug>/edit", teaching.edit, name="edit"),
    path("training/manage/courses/<slug:slug>/steps/new", teaching.add_step, name="add-step"),
    path("training/manage/courses/<slug:slug>/steps/<slug:item>/out", teaching.take_out, name="take-out"),
    path("training/manage/courses/<slug:slug>/close", teaching.close, name="close"),
    path("training/manage/courses/<slug:slug>/analysis", teaching.analysis, name="analysis"),
]
