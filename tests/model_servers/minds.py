"""What stands in for a model's mind: small rules that label, and one that does whatever any text tells it to.

A mind is given the instructions, the data and the schema, and gives what the model would: text for a talk, an object for a schema.
"""

import json
import re
from collections.abc import Callable
from typing import Any

Mind = Callable[[str, Any, dict[str, Any] | None], Any]

ANGRY, GLAD = ("absurdo", "péssim", "nada", "horr", "quebrad", "atras"), ("obrigad", "ador", "ótim", "perfeit", "amei")
LABELS = {1: ("positive", "joy", "friendly"), 0: ("neutral", "neutral", "neutral"), -1: ("negative", "anger", "urgent")}
_ORDER = re.compile(r"ORDER:(\{.*\})", re.DOTALL)


def label(instructions: str, data: Any, schema: dict[str, Any] | None) -> Any:
    """Labels by a few words, talks by repeating how much it was told."""
    if isinstance(data, dict) and "messages" in data and "themes" in data:
        said = " ".join(each["text"] for each in data["messages"] if each["author"] == "customer")
        mood = _feel(said)
        themes = [theme["name"] for theme in data["themes"]]
        return {"satisfaction": {1: 4.6, 0: 3.0, -1: 1.4}[mood], "theme": themes[0] if themes and mood < 0 else None, "resolved": mood > 0}
    if isinstance(data, dict) and "messages" in data:
        return {"results": [_label_one(each) for each in data["messages"]]}
    return {"text": "ok"}


def obey(instructions: str, data: Any, schema: dict[str, Any] | None) -> Any:
    """Does what a text orders: `ORDER:{json}` inside of anything it reads becomes its whole reply; labels where nothing does."""
    for text in _find_texts(data):
        if found := _ORDER.search(text):
            try:
                return json.loads(found[1])
            except ValueError:
                return found[1]
    return label(instructions, data, schema)


def saying(*replies: Any) -> Mind:
    """Gives these replies, one a call, the last for ever."""
    left = list(replies)

    def speak(instructions: str, data: Any, schema: dict[str, Any] | None) -> Any:
        return left.pop(0) if len(left) > 1 else left[0]

    return speak


def _label_one(each: dict[str, Any]) -> dict[str, Any]:
    mood = _feel(each["text"])
    sentiment, emotion, tone = {
        1: ("positive", "joy", "friendly"),
        0: ("neutral", "neutral", "neutral"),
        -1: ("negative", "anger", "urgent"),
    }[mood]
    return {"id": each["id"], "sentiment": sentiment, "score": mood * 0.8, "emotion": emotion, "tone": tone}


def _feel(text: str) -> int:
    folded = text.lower()
    return -1 if any(word in folded for word in ANGRY) else 1 if any(word in folded for word in GLAD) else 0


def _find_texts(data: Any) -> list[str]:
    if isinstance(data, str):
        return [data]
    if isinstance(data, dict):
        data = list(data.values())
    return [text for item in data for text in _find_texts(item)] if isinstance(data, list) else []
