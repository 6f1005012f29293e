"""Calls to a gateway over HTTP, and what its answers really mean: many a failure is told as a success, and some successes as failures.

Addresses are built from the connection's own base address alone, and redirects are not followed: a gateway's token opens every number
of that gateway, so it must reach nobody else. No key is in an exception's text or in a log.
"""

import functools
import json
import ssl
import time
from typing import Any, Literal

import httpx
from django.conf import settings

from core.reach import PinnedBackend, PinnedTransport
from ingestion.evolution.addresses import check_reach, clean_base_url
from ingestion.evolution.errors import GatewayError, names_unknown_number, read_sentence

_CONNECT_SECONDS = 5.0
# How the gateway words, as a 400, that its own link to WhatsApp is down; nothing was sent.
_LINK_DOWN_WORDS = ("connection closed", "not connected", "connection terminated")


class GatewayCalls:
    """One gateway with one key. `token` may change when the gateway hands out another."""

    def __init__(self, base_url: str, token: str, *, timeout_seconds: float) -> None:
        self.base_url = clean_base_url(base_url)
        self.token = token
        self._timeout_seconds = timeout_seconds
        self._http: httpx.Client | None = None

    def close(self) -> None:
        """Give the connections back."""
        if self._http is not None:
            self._http.close()
            self._http = None

    def call(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        query: dict[str, str] | None = None,
        key: str | None = None,
        seconds: float | None = None,
        is_send: bool = False,
    ) -> Any:
        """The decoded answer of a call, None for an empty one; `key` stands in for the token, `is_send` marks what must not happen twice.

        Raises GatewayError.
        """
        check_reach(self.base_url)
        if self._http is None:
            backend = PinnedBackend(allows_private=settings.GATEWAY_PRIVATE_ADDRESSES)
            transport = PinnedTransport(backend=backend, context=_get_ssl_context(), max_connections=100)
            self._http = httpx.Client(transport=transport, follow_redirects=False, trust_env=False)
        began = time.monotonic()
        try:
            response = self._http.request(
                method,
                self.base_url + path,
                json=body,
                params=query,
                headers={"apikey": self.token if key is None else key, "Accept": "application/json"},
                timeout=httpx.Timeout(seconds or self._timeout_seconds, connect=_CONNECT_SECONDS),
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise GatewayError("unreachable", f"The gateway does not answer ({type(error).__name__}).") from None
        except (httpx.LocalProtocolError, httpx.InvalidURL, ValueError):
            raise GatewayError("rejected", "The gateway's address or key can't be used in a request.") from None
        except httpx.RequestError as error:
            # The connection broke after the request went out, or may have.
            waited = f"{type(error).__name__} after {time.monotonic() - began:.0f} s"
            kind: Literal["uncertain", "unreachable"] = "uncertain" if is_send else "unreachable"
            raise GatewayError(kind, f"The gateway did not finish its answer ({waited}).") from None
        return self._read_answer(response, is_send=is_send, extra_key=key)

    def _read_answer(self, response: httpx.Response, *, is_send: bool, extra_key: str | None) -> Any:
        status = response.status_code
        try:
            answer = json.loads(response.content) if response.content.strip() else None
        except ValueError:
            if 200 <= status < 300:
                if is_send:
                    raise GatewayError("uncertain", "The gateway's answer to a message can't be read.", status=status) from None
                raise GatewayError("not_found", "This address answers with something else than Evolution API.", status=status) from None
            answer = None
        if 200 <= status < 300:
            # Some routes tell their failure as a success.
            if isinstance(answer, dict) and answer.get("error") is True:
                raise GatewayError("server", self.hide_keys(read_sentence(answer), extra_key) or "The gateway failed.", status=status)
            return answer
        raise self._make_error(status, answer, is_send=is_send, extra_key=extra_key)

    def _make_error(self, status: int, answer: Any, *, is_send: bool, extra_key: str | None) -> GatewayError:
        told = self.hide_keys(read_sentence(answer), extra_key)
        sentence = told or f"The gateway answered with HTTP {status}."
        if 300 <= status < 400:
            return GatewayError("rejected", "The gateway's address leads to another one; enter the one where it ends.", status=status)
        if status == 503 and isinstance(answer, dict) and answer.get("code") == "LICENSE_REQUIRED":
            return GatewayError("unlicensed", "The gateway's licence is not activated yet; its operator has to do so.", status=status)
        if status == 401 or (status == 403 and not told):
            return GatewayError("refused_key", "The gateway refuses the key.", status=status)
        if status == 404:
            return GatewayError("not_found", sentence, status=status)
        if names_unknown_number(answer):
            return GatewayError("number_unknown", "This number is not on WhatsApp.", status=status)
        if status == 503 or status == 429 or any(words in told.lower() for words in _LINK_DOWN_WORDS):
            return GatewayError("server", sentence, status=status)
        if is_send and (status >= 500 or status == 408 or "timed out" in told.lower()):
            # It broke somewhere on the way, perhaps behind the moment in which WhatsApp took the message.
            return GatewayError("uncertain", sentence, status=status)
        return GatewayError("server" if status >= 500 or status == 408 else "rejected", sentence, status=status)

    def hide_keys(self, text: str, extra_key: str | None = None) -> str:
        """The text with every key that it might repeat taken out."""
        for key in (self.token, extra_key):
            if key:
                text = text.replace(key, "…")
        return text


@functools.cache
def _get_ssl_context() -> ssl.SSLContext:
    """Trusted authorities, SSL_CERT_FILE's where it is set; read once, as that takes longer than many a call."""
    return httpx.create_ssl_context()
