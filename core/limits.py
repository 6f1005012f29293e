"""How much one person may do in a while: counted in the cache, a stretch of time at a time."""

import time

from django.conf import settings
from django.core.cache import cache

from core.errors import VisibleError
from core.models import User


def check_question_rate(viewer: User) -> None:
    """Count a question of the viewer. Raises VisibleError("too_many") beyond the limit of a minute."""
    check_rate(f"questions:{viewer.id}", most=settings.QUESTIONS_PER_MINUTE, seconds=60)


def check_rate(name: str, *, most: int, seconds: int) -> None:
    """Count one more of `name`. Raises VisibleError("too_many") beyond `most` in a stretch of so many seconds."""
    now = time.time()
    key = f"{name}:{int(now // seconds)}"
    cache.add(key, 0, timeout=2 * seconds)
    if cache.incr(key) > most:
        raise VisibleError("too_many", seconds=seconds - int(now % seconds))
