"""Addresses of accounts."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from wholepicture.web.accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in", views.SignIn.as_view(), name="sign-in"),
    path("sign-out", LogoutView.as_view(), name="sign-out"),
    path("demo/sign-in/<slug:username>", views.demo_sign_in, name="demo-sign-in"),
]
