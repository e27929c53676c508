"""Keyed pseudonyms: names for people that nobody without the key can turn back or repeat."""

import hashlib
import hmac
import os
import secrets

KEY = "COTERIE_PSEUDONYM_KEY"
_FORGOTTEN = secrets.token_bytes(32)  # of this process: without a key nobody can link two releases


def pseudonym(customer_id: str, purpose: str, key: bytes | None = None) -> str:
    """Return the pseudonym of a customer for one purpose: ten hexadecimal digits of an HMAC.

    Args:
        customer_id: whose.
        purpose: another purpose gives another pseudonym, so that two pages cannot be joined.
        key: secret; by default the environment variable COTERIE_PSEUDONYM_KEY, and without it a
            random key that is forgotten with the process.

    """
    secret = key or os.environ.get(KEY, "").encode() or _FORGOTTEN
    message = f"{purpose}\0{customer_id}".encode()
    return hmac.new(secret, message, hashlib.sha256).hexdigest()[:10]
