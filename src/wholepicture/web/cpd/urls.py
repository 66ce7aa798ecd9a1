"""Addresses of continuing development."""

from django.urls import path

from wholepicture.web.cpd import views

app_name = "cpd"
urlpatterns = [
    path("cpd", views.home, name="home"),
    path("cpd/record.csv", views.own_record, name="record"),
    path("cpd/briefing", views.show_briefing, name="briefing"),
    path("cpd/lead", views.lead, name="lead"),
    path("cpd/frameworks/<slug:slug>/begin", views.begin, name="begin"),
    path("cpd/frameworks/<slug:slug>/draw", views.draw, name="draw"),
    path("cpd/frameworks/<slug:slug>/publish", views.publish, name="publish"),
    path("cpd/cycles/<int:pk>", views.cycle, name="cycle"),
    path("cpd/cycles/<int:pk>/plan", views.plan, name="plan"),
    path("cpd/cycles/<int:pk>/entries", views.new_entry, name="new-entry"),
    path("cpd/cycles/<int:pk>/training", views.from_training, name="from-training"),
    path("cpd/cycles/<int:pk>/file", views.from_file, name="from-file"),
    path("cpd/cycles/<int:pk>/shared", views.shared, name="shared"),
    path("cpd/entries/<uuid:pk>", views.entry, name="entry"),
    path("cpd/entries/<uuid:pk>/share", views.share, name="share"),
]
