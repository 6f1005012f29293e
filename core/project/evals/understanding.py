"""How well messages and conversations are understood: our own sets, and the demo shop by the labels of those who wrote it."""

from datetime import date
from typing import Any

from core.ai.evals import understanding
from core.ai.roles import ConversationInput, ThemeInput, Turn
from core.project.demo.scripts import load_scripts
from core.project.demo.shop import THEMES
from core.project.demo.story import StoryConversation, tell_story

TODAY = date(2026, 3, 31)  # any day: it decides which names and sums stand in the lines


def run(
    write_baseline: bool,  # noqa: FBT001 the one argument that every set takes
    *,
    is_quick: bool = False,
    is_cross_validated: bool = False,
) -> list[str]:
    """Prints marks and figures and returns what fell, one sentence each. `is_quick`: of each outside set, some rows."""
    return understanding.run_eval(write_baseline, told=read_demo(), is_quick=is_quick, is_cross_validated=is_cross_validated)


def read_demo() -> list[tuple[ConversationInput, dict[str, Any]]]:
    """Each script of the demo shop as it is first told, with its writer's labels. Nothing is trained on them."""
    first: dict[str, StoryConversation] = {}
    for told in tell_story(load_scripts(), today=TODAY):
        first.setdefault(told.script.name, told)
    themes = tuple(ThemeInput(name=name, examples=examples) for name, examples in THEMES.items())
    return [(_ask(one, themes), _expect(one)) for _, one in sorted(first.items())]


def _ask(told: StoryConversation, themes: tuple[ThemeInput, ...]) -> ConversationInput:
    turns = tuple(
        Turn(author=message.author, text=message.text, at=message.sent_at)
        for message in told.messages
        if message.author != "system" and message.text
    )
    return ConversationInput(messages=turns, themes=themes)


def _expect(told: StoryConversation) -> dict[str, Any]:
    script = told.script
    return {"theme": script.theme, "satisfaction": script.satisfaction, "resolved": script.is_resolved}
