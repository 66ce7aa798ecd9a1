"""The LTI 1.3 tool behind one door: django-lti and PyLTI1p3, with what they leave open closed (docs/decisions/0014).

PyLTI1p3 2.0 checks a nonce against a store but does not use it up, takes a token without an end, and asks for an audience only in
order to find the registration; django-lti makes a deployment it does not know. All four are refused here.
"""

from __future__ import annotations

import hashlib
import time
from typing import Any

import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from jwcrypto.jwk import JWK
from lti_tool.models import LtiDeployment, LtiLaunch
from lti_tool.utils import DjangoToolConfig
from pylti1p3.contrib.django import DjangoCacheDataStorage, DjangoMessageLaunch, DjangoOIDCLogin
from pylti1p3.deployment import Deployment
from pylti1p3.exception import LtiException
from pylti1p3.registration import Registration
from pylti1p3.service_connector import ServiceConnector

from wholepicture.web.accounts.sealed import cipher
from wholepicture.web.training.models import Lms, UsedLaunch

PATIENCE_SECONDS = 10
OLDEST_TOKEN_SECONDS = 3_600
ALGORITHMS = ("RS256",)


class _Patient(requests.Session):
    """Never waits for ever, never follows an answer that leads elsewhere, and takes no proxy from the environment."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.headers["User-Agent"] = "Wholepicture"

    def request(self, *args: Any, **more: Any) -> requests.Response:
        more.setdefault("timeout", PATIENCE_SECONDS)
        more["allow_redirects"] = False
        return super().request(*args, **more)


def make_keys() -> tuple[str, str]:
    """A new private key, encrypted to be kept, and its public half (PEM)."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return cipher("lti").encrypt(private).decode(), public.decode()


def public_keys() -> dict[str, Any]:
    """Our public keys, by which learning systems know what we send (a JWK set)."""
    keys = []
    for public in Lms.objects.values_list("public_key", flat=True):
        keys.append(
            {**JWK.from_pem(public.encode()).export_public(as_dict=True), "alg": "RS256", "use": "sig"}
        )
    return {"keys": keys}


def registration_of(lms: Lms) -> Registration:
    """A learning system as PyLTI1p3 knows one, with our key to it."""
    kept = lms.registration
    made = Registration()
    made.set_auth_login_url(kept.auth_url)
    made.set_auth_token_url(kept.token_url)
    made.set_client_id(kept.client_id)
    made.set_key_set_url(kept.keyset_url)
    made.set_issuer(kept.issuer)
    if kept.audience:
        made.set_auth_audience(kept.audience)
    made.set_tool_public_key(lms.public_key)
    made.set_tool_private_key(cipher("lti").decrypt(lms.key.encode()).decode())
    return made


def connector_of(lms: Lms) -> ServiceConnector:
    """What speaks to a learning system's services."""
    return ServiceConnector(registration_of(lms), requests_session=_Patient())


class ToolConfig(DjangoToolConfig):
    """Learning systems that are set up here; a deployment that is not is not made up."""

    def find_registration_by_params(
        self, iss: str, client_id: str, *_: Any, **__: Any
    ) -> Registration | None:
        """The registration of an issuer and client, if it is set up and not stopped."""
        lookups = {"registration__issuer": iss, "registration__is_active": True}
        if client_id:
            lookups["registration__client_id"] = client_id
        found = Lms.objects.filter(**lookups).select_related("registration")
        if len(found) != 1:  # an issuer alone, with more than one client, does not say which
            return None
        self.registration = found[0].registration
        return registration_of(found[0])

    def find_registration_by_issuer(self, iss: str, *_: Any, **__: Any) -> Registration | None:
        """The registration of an issuer that has only one client here."""
        return self.find_registration_by_params(iss, "")

    def find_deployment_by_params(
        self, iss: str, deployment_id: str, client_id: str, *_: Any, **__: Any
    ) -> Deployment | None:
        """A deployment that was set up."""
        self.deployment = LtiDeployment.objects.filter(
            registration__issuer=iss,
            registration__client_id=client_id,
            registration__is_active=True,
            deployment_id=deployment_id,
            is_active=True,
        ).first()
        return Deployment().set_deployment_id(deployment_id) if self.deployment else None

    def find_deployment(self, iss: str, deployment_id: str) -> Deployment | None:
        """Not asked: an issuer may have several clients here."""
        return None


class StrictLaunch(DjangoMessageLaunch):
    """A launch whose token has our audience and an end, is young, is signed as we expect, and is used once."""

    def validate_jwt_signature(self) -> StrictLaunch:
        """The signature, and the claims that the base library leaves unchecked."""
        header, body = self._jwt.get("header") or {}, self._get_jwt_body()
        if header.get("alg") not in ALGORITHMS:
            raise LtiException("The token is signed in a way that is not accepted.")
        super().validate_jwt_signature()
        audience = body.get("aud")
        parties = audience if isinstance(audience, list) else [audience]
        client = self._registration.get_client_id() if self._registration else None
        if (
            client not in parties
            or (len(parties) > 1 and body.get("azp") != client)
            or body.get("azp", client) != client
        ):
            raise LtiException("The token is meant for somebody else.")
        made, ends, now = body.get("iat"), body.get("exp"), time.time()
        if not isinstance(ends, (int, float)) or not isinstance(made, (int, float)):
            raise LtiException("The token does not say when it was made and when it ends.")
        if made > now + 60 or made < now - OLDEST_TOKEN_SECONDS:
            raise LtiException("The token was not made just now.")
        if not body.get("sub"):
            raise LtiException("The token does not say who comes.")
        return self

    def validate(self) -> StrictLaunch:
        """Everything, and then the token is used up: in the database, so that all workers know."""
        super().validate()
        body = self._get_jwt_body()
        digest = hashlib.sha256(
            f"{body['iss']}\0{self.get_client_id()}\0{body['nonce']}".encode()
        ).hexdigest()
        try:
            with transaction.atomic():
                UsedLaunch.objects.create(digest=digest)
        except IntegrityError:
            self._validated = False
            raise LtiException("This way in has been used already.") from None
        return self


def login(request: HttpRequest, target: str) -> Any:
    """Send whoever comes from a learning system back to it, to say who they are."""
    flow = DjangoOIDCLogin(request, ToolConfig(), launch_data_storage=DjangoCacheDataStorage())
    return flow.redirect(target)


def launch(request: HttpRequest) -> LtiLaunch:
    """The launch that a learning system sends.

    Raises:
        LtiException: it may not come in; the message says why.
    """
    message = StrictLaunch(
        request, ToolConfig(), launch_data_storage=DjangoCacheDataStorage(), requests_session=_Patient()
    )
    message.validate()
    return LtiLaunch(message)
