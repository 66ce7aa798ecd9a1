"""Secrets that must be kept to be used (of authenticator apps, of webhooks): encrypted under a key made from SECRET_KEY."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def cipher(purpose: str) -> MultiFernet:
    """What encrypts the secrets of one purpose; those of another cannot be read with it. Reads what older keys encrypted."""
    return MultiFernet([_one(purpose, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _one(purpose: str, secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256((purpose + secret).encode()).digest()))
