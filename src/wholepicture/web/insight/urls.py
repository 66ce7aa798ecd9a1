"""Addresses of insight."""

from django.urls import path

from wholepicture.web.insight import views

app_name = "insight"
urlpatterns = [
    path("force", views.home, name="home"),
    path("force/figures/<slug:ident>", views.figure, name="figure"),
    path("force/figures/<slug:ident>.csv", views.download, name="download"),
    path("force/needs", views.needs, name="needs"),
    path("force/needs/propose", views.propose, name="propose"),
    path("force/needs/<int:pk>", views.proposal, name="proposal"),
    path("force/needs/<int:pk>/decline", views.decline, name="decline"),
    path("force/health", views.health, name="health"),
    path("force/health/questions", views.questions, name="questions"),
    path("force/health/<int:pk>", views.health_check, name="health-check"),
    path("force/health/<int:pk>/close", views.close, name="health-close"),
    path("force/health/<int:pk>/export", views.export, name="health-export"),
    path("force/health/<int:pk>/act", views.act, name="health-act"),
    path("force/health/<int:pk>/evidence/<slug:area>", views.evidence, name="health-evidence"),
    path("force/health/files/<uuid:pk>", views.evidence_file, name="health-file"),
    path("force/health/<int:pk>/<slug:area>", views.area, name="health-area"),
    path("force/health/actions/<int:pk>/done", views.finish, name="health-finish"),
    path("wellbeing", views.check_in, name="wellbeing"),
    path("force/wellbeing", views.wellbeing, name="wellbeing-figures"),
]
