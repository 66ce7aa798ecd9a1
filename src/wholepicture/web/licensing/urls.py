"""Addresses of licences."""

from django.urls import path

from wholepicture.web.licensing.views import holding, registering, staff

app_name = "licensing"
urlpatterns = [
    path("licences", holding.home, name="home"),
    path("licences/desk", staff.desk, name="desk"),
    path("licences/desk/key", registering.new_key, name="new-key"),
    path("licences/register", registering.register, name="register"),
    path("licences/register/<uuid:pk>", registering.look_up, name="look-up"),
    path("licences/check", registering.check, name="check"),
    path("licences/cases", registering.loads, name="loads"),
    path("licences/cases/<int:pk>/end", registering.end_case, name="end-case"),
    path("licences/capability", registering.capability, name="capability"),
    path("licences/verify", registering.verify, name="verify"),
    path("licences/credentials/<uuid:pk>", registering.credential, name="credential"),
    path("licences/credentials/<uuid:pk>.json", registering.credential_file, name="credential-file"),
    path("licences/credentials/<uuid:pk>.svg", registering.credential_code, name="credential-code"),
    path("licences/issuers/<int:pk>/did.json", registering.did, name="did"),
    path("licences/status/<int:pk>", registering.status, name="status"),
    path("licences/files/<uuid:pk>", holding.document, name="document"),
    path("licences/evidence/<uuid:pk>/withdraw", holding.withdraw_evidence, name="withdraw-evidence"),
    path("licences/hearings/<int:pk>", staff.hearing, name="hearing"),
    path("licences/hearings/<int:pk>/stand-down", staff.stand_down, name="stand-down"),
    path("licences/hearings/<int:pk>/member", staff.join_panel, name="join-panel"),
    path("licences/hearings/<int:pk>/conclude", staff.conclude, name="conclude"),
    path("licences/schemes/<slug:slug>", registering.scheme, name="scheme"),
    path("licences/schemes/<slug:slug>/apply", holding.apply, name="apply"),
    path("licences/schemes/<slug:slug>/publish", registering.publish, name="publish"),
    path("licences/<uuid:pk>", holding.licence, name="licence"),
    path("licences/<uuid:pk>/evidence", holding.add_evidence, name="add-evidence"),
    path("licences/<uuid:pk>/bring/<uuid:evidence>", holding.bring_evidence, name="bring-evidence"),
    path("licences/<uuid:pk>/steps/<str:name>", holding.step, name="step"),
    path("licences/<uuid:pk>/declare/<str:requirement>", holding.declare, name="declare"),
    path("licences/<uuid:pk>/letters/<int:number>", holding.letter, name="letter"),
    path("licences/<uuid:pk>/case", staff.case, name="case"),
    path("licences/<uuid:pk>/case/<str:name>", staff.case_step, name="case-step"),
    path("licences/<uuid:pk>/standards/<str:ident>", staff.standard, name="standard"),
    path("licences/<uuid:pk>/finish", staff.finish, name="finish"),
    path("licences/<uuid:pk>/panel", staff.call_panel, name="call-panel"),
]
