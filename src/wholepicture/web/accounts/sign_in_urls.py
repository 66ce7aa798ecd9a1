"""The addresses of allauth's pages that are in use, by the names that allauth asks for. Sign-up, email and password reset are not: an administrator makes accounts."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from allauth.socialaccount import views as provider
from allauth.usersessions import views as sessions
from django.contrib.auth.views import LogoutView
from django.urls import path

from wholepicture.web.accounts import provider as openid
from wholepicture.web.accounts.step_up import step_up
from wholepicture.web.accounts.views import Authenticate, ChangePassword, SignIn

urlpatterns = [
    path("sign-in", SignIn.as_view(), name="account_login"),
    path("sign-out", LogoutView.as_view(), name="account_logout"),
    path("sign-in/closed", account.account_inactive, name="account_inactive"),
    path("sign-in/code", Authenticate.as_view(), name="mfa_authenticate"),
    path("sign-in/again", account.reauthenticate, name="account_reauthenticate"),
    path("sign-in/again/code", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("sign-in/again/key", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("sign-in/with/<slug:provider_id>", openid.login, name="openid_connect_login"),
    path("sign-in/with/<slug:provider_id>/back", openid.callback, name="openid_connect_callback"),
    path("sign-in/not-finished", provider.login_cancelled, name="socialaccount_login_cancelled"),
    path("my-account", mfa.index, name="mfa_index"),
    path("my-account/password", ChangePassword.as_view(), name="account_change_password"),
    path("my-account/app", totp.activate_totp, name="mfa_activate_totp"),
    path("my-account/app/remove", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("my-account/keys", keys.list_webauthn, name="mfa_list_webauthn"),
    path("my-account/keys/add", keys.add_webauthn, name="mfa_add_webauthn"),
    path("my-account/keys/<int:pk>/remove", keys.remove_webauthn, name="mfa_remove_webauthn"),
    path("my-account/codes", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("my-account/codes/new", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("my-account/codes/file", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("my-account/sessions", step_up(sessions.list_usersessions), name="usersessions_list"),
]
