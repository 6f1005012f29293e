"""Documentation that is written from the code: settings, metrics and the API. What is not documented fails the check."""

import json
from collections.abc import Callable
from pathlib import Path

from assistant.planner.manual import write_manual
from core.metrics import METRICS
from core.project.api_document import write_api
from core.project.environment import CHECKOUT, Environment

HEADER = "<!-- Written from the code by `evosense docs`; change it there. -->\n\n"


def write_settings() -> str:
    """Every setting of an installation. Raises ValueError where one has no description."""
    lines = [
        HEADER + "# Settings\n",
        "Each is an environment variable. Nothing needs to be set for `make demo`: the embedded PostgreSQL and Valkey write theirs",
        "to `.evosense/run/env.json`. A variable that is set wins over that file.\n",
        "| variable | meaning | default |",
        "| --- | --- | --- |",
    ]
    for field in Environment.model_fields.values():
        if not field.description:
            raise ValueError(f"{field.validation_alias} has no description in core/project/environment.py")
        default = "none" if field.default in (None, "") else str(field.default).replace(str(CHECKOUT), "the checkout")
        lines.append(f"| `{field.validation_alias}` | {field.description} | `{default}` |")
    return "\n".join(lines) + "\n"


def write_metrics() -> str:
    """Every metric with its definition."""
    lines = [HEADER + "# Metrics\n", "| name | label | unit | better | definition |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| `{metric.slug}` | {metric.labels['en']} | {metric.unit} | {metric.better or '—'} | {metric.definitions['en']} |"
        for metric in METRICS.values()
    ]
    return "\n".join(lines) + "\n"


def write_openapi() -> str:
    """The API's OpenAPI document. Raises ValueError where an operation has no description."""
    from web.api.assembly import api

    schema = api.get_openapi_schema()
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            if not operation.get("description"):
                raise ValueError(f"{method.upper()} {path} has no docstring")
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True, default=str) + "\n"


# Where each document lies below the checkout.
DOCUMENTS: dict[str, Callable[[], str]] = {
    "docs/settings.md": write_settings,
    "docs/metrics.md": write_metrics,
    "docs/what-you-can-ask.md": lambda: HEADER + write_manual(),
    "docs/openapi.json": write_openapi,
    "docs/api.md": lambda: HEADER + write_api(),
}


def write_all() -> list[Path]:
    """Write every document anew; the paths of those that changed."""
    changed = find_stale()
    for path in changed:
        path.parent.mkdir(exist_ok=True)
        path.write_text(DOCUMENTS[str(path.relative_to(CHECKOUT))](), encoding="utf-8")
    return changed


def find_stale() -> list[Path]:
    """The documents that differ from what the code says now."""
    return [
        CHECKOUT / name
        for name, write in DOCUMENTS.items()
        if not (CHECKOUT / name).exists() or (CHECKOUT / name).read_text(encoding="utf-8") != write()
    ]
