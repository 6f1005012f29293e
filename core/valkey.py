"""Valkey as this process speaks to it: one pool of connections for all its threads, where a request's own would be new each time.

Redis's clients wait longer and longer before they try again, for seconds in all, which nobody here has; and what was done by a first
try is done twice by a second. So there is none: a connection that broke while it lay idle is noticed by the pool before it is used.
"""

import functools

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

# Of Valkey's databases: what is live or waits for its turn, and the cache. The task queue's own is Celery's.
LIVE, CACHE = 1, 2
TIMEOUT_SECONDS = 2.0


def get_client(database: int) -> redis.Redis:
    """This process's client of a database. Its calls raise redis.RedisError or OSError where Valkey can't be reached."""
    return _connect(f"{settings.REDIS_URL}/{database}")


@functools.cache
def _connect(url: str) -> redis.Redis:
    # Pools notice a fork and begin anew, so what was made before the worker forked may be used behind it.
    client: redis.Redis = redis.Redis.from_url(
        url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS, retry=Retry(NoBackoff(), 0)
    )
    return client
