"""Addresses of users and of the demo's switcher; sign_in_urls.py has those that allauth names."""

from django.urls import path

from wholepicture.web.accounts import beginning, views

app_name = "accounts"
urlpatterns = [
    path("users", views.accounts, name="accounts"),
    path("users/new", views.new_account, name="new-account"),
    path("users/import", beginning.import_staff, name="import-staff"),
    path("set-up/<str:code>", beginning.set_up, name="set-up"),
    path("users/<int:pk>", views.account, name="account"),
    path("users/<int:pk>/change", views.change_account, name="change-account"),
    path("systems", views.systems, name="systems"),
    path("systems/change", views.change_systems, name="change-systems"),
    path("held", views.held, name="held"),
    path("held/<int:pk>", views.send_held, name="send-held"),
    path("demo/sign-in/<slug:username>", views.demo_sign_in, name="demo-sign-in"),
]
