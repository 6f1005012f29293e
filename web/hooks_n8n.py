"""The gateway's n8n integration asks here: `chatInput` in, `output` out, in one call. An empty output sends nothing."""

import json
from typing import Any

import structlog
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bots.n8n import UnknownAddressError, answer_now
from core.crypto import SecretUnreadableError
from core.hook_tokens import read_hook_token

log = structlog.get_logger(__name__)

# A question with what it replies to; a file's bytes are not in it.
MAX_BODY_BYTES = 1_000_000


@csrf_exempt
@require_POST
def n8n(request: HttpRequest, channel_token: str) -> HttpResponse:
    """POST /hooks/n8n/{channel_token}: `{"output": text}` for the company's own people, `{"output": ""}` for everybody else."""
    address = read_hook_token(channel_token)
    if address is None:
        return JsonResponse({"output": ""}, status=404)
    structlog.contextvars.bind_contextvars(tenant_id=str(address.tenant_id), channel_id=str(address.channel_id))
    try:
        return JsonResponse({"output": answer_now(address, _read_body(request))})
    except UnknownAddressError:
        return JsonResponse({"output": ""}, status=404)
    except (DatabaseError, SecretUnreadableError) as error:
        log.error("hook.not_answered", error=type(error).__name__)
        return JsonResponse({"output": ""}, status=503)


def _read_body(request: HttpRequest) -> dict[str, Any]:
    """The body as an object; an empty one where it is none."""
    if int(request.headers.get("Content-Length") or 0) > MAX_BODY_BYTES:
        return {}
    try:
        body = json.loads(request.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
