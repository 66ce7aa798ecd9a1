"""Secrets that must be kept to be used (of authenticator apps, of webhooks): encrypted under a key made from SECRET_KEY."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet
from django.conf import settings


def cipher(purpose: str) -> Fernet:
    """What encrypts the secrets of one purpose; those of another cannot be read with it."""
    key = hashlib.sha256((purpose + settings.SECRET_KEY).encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
