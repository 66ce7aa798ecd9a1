"""Sign-in with the force's own OpenID Connect provider, more strictly than allauth does it: the ID token's signature is always
checked, with algorithms we name, and the provider's own account of itself must be of the provider we were told of."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.decorators import login_not_required
from allauth.core.internal.deferred import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
WELL_KNOWN = "/.well-known/openid-configuration"


class StrictAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """One provider, known beforehand."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself.

        Raises:
            OAuth2Error: it says that it is another.
        """
        config: dict[str, Any] = super().openid_config
        told = settings.PROVIDER_URL.removesuffix(WELL_KNOWN).rstrip("/")
        if str(config.get("issuer", "")).rstrip("/") != told:
            raise OAuth2Error("The provider says that it is another than the one that was set.")
        return config

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(id_token)
            if header.get("alg") not in ALGORITHMS:
                raise OAuth2Error(f"An ID token signed with {header.get('alg')} is not taken.")
            read: dict[str, Any] = jwt.decode(
                id_token,
                self._published(header.get("kid")),
                algorithms=[header["alg"]],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                options={"require": ["exp", "iss", "aud", "sub"]},
                leeway=60,
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error("The provider's ID token does not hold.") from error
        jwtkit.verify_jti(read)
        return read

    def _published(self, kid: str | None) -> Any:
        """The key of that name that the provider publishes; its only one, where it names none."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        keys = jwt.PyJWKSet.from_dict(answer.json()).keys
        fitting = [k for k in keys if k.key_id == kid] if kid else keys
        if len(fitting) != 1:
            raise OAuth2Error("The provider publishes no key of that name.")
        return fitting[0].key


@login_not_required
def login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """To the provider."""
    return _view(OAuth2LoginView, request, provider_id)


@login_not_required
def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from it."""
    return _view(OAuth2CallbackView, request, provider_id)


def _view(kind: Any, request: HttpRequest, provider_id: str) -> HttpResponseBase:
    try:
        answer: HttpResponseBase = kind.adapter_view(StrictAdapter(request, provider_id))(request)
        return answer
    except SocialApp.DoesNotExist:
        raise Http404 from None
