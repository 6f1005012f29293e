"""How far the built-in planner and a model agree on our own questions, and how often each is right; where a model is configured."""

import time
from collections import Counter
from datetime import datetime

import click

from assistant.evals import score
from assistant.plan import Plan
from assistant.planner import Catalog, PastTurn, plan_question
from assistant.planner.by_model import is_for_model, merge_plans, plan_by_model
from core.ai.providers import Kind, make_chat_model
from core.ai.roles import ProviderError
from core.project.environment import get_environment
from core.project.models import make_environment_config

# A model takes seconds for each: every so many questions are asked, which are of every intent and language.
STEP = 5


def run(write_baseline: bool) -> list[str]:  # noqa: FBT001 the one argument that every set takes
    """Prints agreement and exact plans of both planners, and why the model's were not used. There is no baseline to fall below."""
    environment = get_environment()
    kind: Kind | None = "ollama" if environment.ollama_url else "n8n" if environment.n8n_url else None
    if kind is None:
        click.echo("  no model is configured: set OLLAMA_URL or N8N_URL")
        return []
    config = make_environment_config(kind)
    model, counts, seconds = make_chat_model(config), Counter[str](), 0.0
    catalogs: dict[str, Catalog] = {}
    for case in list(score.find_cases())[::STEP]:
        row, catalog = case.row, catalogs.setdefault(case.catalog, score.load_catalog(case.catalog))
        history = [PastTurn(turn["question"], Plan.from_dict(turn["plan"])) for turn in row["history"]]
        clock = datetime.fromisoformat(row["as_of"])
        builtin = plan_question(row["question"], history=history, catalog=catalog, clock=clock, language=row["lang"])
        counts["asked"] += 1
        counts["built-in exact"] += not score.find_differences(row["plan"], builtin.plan.to_dict())
        if not is_for_model(builtin):
            counts["left to the built-in"] += 1
            continue
        began = time.perf_counter()
        try:
            plan = plan_by_model(row["question"], model=model, history=history, catalog=catalog, clock=clock, language=builtin.language)
        except ProviderError as error:
            counts[f"no plan: {error.reason}"] += 1
            continue
        finally:
            seconds += time.perf_counter() - began
        counts["planned by the model"] += 1
        counts["not used: it gave up"] += merge_plans(builtin, plan) is None
        counts["model exact"] += not score.find_differences(row["plan"], plan.to_dict())
        counts["agree"] += not score.find_differences(builtin.plan.to_dict(), plan.to_dict())
    planned = counts["planned by the model"]
    click.echo(f"  {kind} {config.model}".rstrip())
    for name, count in counts.items():
        of = planned if name in ("model exact", "agree", "not used: it gave up") else counts["asked"]
        click.echo(f"  {name:24} {count:4}/{of:<4} {100 * count / of if of else 0:5.1f} %")
    click.echo(f"  seconds a question       {seconds / max(1, counts['asked'] - counts['left to the built-in']):.2f}")
    return []
