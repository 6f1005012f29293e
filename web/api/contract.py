"""The API as its OpenAPI document says it: every error that an operation may answer with, and no text that can't be stored."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, re_path
from django.utils.datastructures import MultiValueDict
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from core.errors import VisibleError
from web.api.door import reply_error

ERROR = {
    "type": "object",
    "title": "ErrorOut",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string", "description": "For programs."},
                "message": {"type": "string", "description": "For people, in the caller's language."},
                "field": {"type": "string", "description": "The input that is wrong, where one is."},
            },
        }
    },
}
# What each status means, whichever operation answers with it.
MEANINGS = {
    401: "Nobody is signed in, or the key or token does not hold.",
    403: "The caller's role, or the key's scopes, do not allow it.",
    404: "Not there, or not yours.",
    409: "It does not fit the state that things are in.",
    422: "The input is wrong; `field` says where.",
    429: "Too many calls; `Retry-After` says in how many seconds to come back.",
    500: "Something failed on our side; the message holds the code under which it was recorded.",
    503: "A service is down; the message says which.",
}
ALWAYS, WITH_INPUT, WITH_CHANGE = (401, 403, 429, 500, 503), (404, 422), (409,)


class CleanParser(Parser):
    """Refuses what PostgreSQL can't hold as text (NUL, and halves of characters), and a body that is no object.

    Fields are read from whatever the body is: a body of "abc" would have a `title`, the method of Python's strings.
    """

    def parse_body(self, request: HttpRequest) -> Any:
        body = super().parse_body(request)
        if not isinstance(body, dict):
            raise ValueError("a body is an object")
        check_text(body, field="body")
        return body

    def parse_querydict(self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest) -> dict[str, Any]:
        for name, values in data.lists():
            check_text([name, *(value for value in values if isinstance(value, str))], field=name)
        return super().parse_querydict(data, list_fields, request)


class ContractAPI(NinjaAPI):
    """An API whose document declares its errors, and that refuses an address or a method that it lacks in their shape, too."""

    @property
    def urls(self) -> tuple[list[URLPattern | URLResolver], str, str]:
        patterns, app_name, namespace = super().urls
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                pattern.callback = self.refuse_methods(pattern.callback)
        return [*patterns, re_path("", self.refuse_address)], app_name, namespace

    def refuse_methods(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """The view, whose refusal of a method has the one shape of errors."""

        @csrf_exempt
        @functools.wraps(view)
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = view(request, *args, **kwargs)
            if response.status_code != 405:
                return response
            error = VisibleError("wrong_method", method=str(request.method)[:20], allowed=response["Allow"])
            refusal = reply_error(self, request, error)
            refusal["Allow"] = response["Allow"]
            return refusal

        return run

    def refuse_address(self, request: HttpRequest) -> HttpResponse:
        """An address below the API's that is none of its own."""
        return reply_error(self, request, VisibleError("not_found"))

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        schema["components"].setdefault("schemas", {})["ErrorOut"] = ERROR
        scopes = self.find_key_scopes()
        for path, operations in schema["paths"].items():
            for method, operation in operations.items():
                declare_errors(method, operation)
                if (method, path) in scopes:
                    operation["x-key-scope"] = scopes[method, path]
                for parameter in operation.get("parameters", []):
                    drop_null(parameter)
        return schema

    def find_key_scopes(self) -> dict[tuple[str, str], str | None]:
        """What an API key needs for each operation that takes one, by method and path; None where any key will do."""
        found: dict[tuple[str, str], str | None] = {}
        for bound in self._get_bound_routers():
            for path, view in bound.path_operations.items():
                full = "/".join(part.strip("/") for part in (self.get_root_path({}), bound.prefix, path) if part.strip("/"))
                for operation in view.operations:
                    for method in operation.methods:
                        for door in operation.auth_callbacks:
                            scope = getattr(door, "key_scope", None)
                            found[method.lower(), f"/{full}"] = str(scope) if scope else None
        return found


def declare_errors(method: str, operation: dict[str, Any]) -> None:
    """Add to an operation of the document what it may answer beside success."""
    has_input = bool(operation.get("parameters") or operation.get("requestBody"))
    statuses = [*ALWAYS, *(WITH_INPUT if has_input else ()), *(() if method == "get" else WITH_CHANGE)]
    for status in sorted(statuses):
        response: dict[str, Any] = {
            "description": MEANINGS[status],
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorOut"}}},
        }
        if status == 429:
            response["headers"] = {"Retry-After": {"required": True, "schema": {"type": "integer"}, "description": "Seconds."}}
        operation["responses"].setdefault(status, response)


def drop_null(parameter: dict[str, Any]) -> None:
    """What stands in an address is there or left out: it can't be null."""
    schema = parameter["schema"]
    choices = [choice for choice in schema.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) == 1:
        parameter["schema"] = {name: value for name, value in schema.items() if name != "anyOf"} | choices[0]


def check_text(value: Any, *, field: str) -> None:
    """Raise VisibleError("invalid") where a string anywhere in a value can't be stored."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            waiting += [*found.keys(), *found.values()]
        elif isinstance(found, list):
            waiting += found
        elif isinstance(found, str) and ("\x00" in found or any("\ud800" <= character <= "\udfff" for character in found)):
            raise VisibleError("invalid", field=field, detail="U+0000, U+D800–U+DFFF")
