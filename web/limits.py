"""How much one person may ask: counted in the cache, a minute at a time."""

import time

from django.conf import settings
from django.core.cache import cache

from core.errors import VisibleError
from core.models import User


def check_question_rate(viewer: User) -> None:
    """Count a question of the viewer. Raises VisibleError("too_many") beyond the limit of a minute."""
    now = time.time()
    key = f"questions:{viewer.id}:{int(now // 60)}"
    cache.add(key, 0, timeout=120)
    if cache.incr(key) > settings.QUESTIONS_PER_MINUTE:
        raise VisibleError("too_many", seconds=60 - int(now % 60))
