"""Threads for what waits: few for the database, more for gateways, so that a gateway that doesn't answer holds up no event."""

import asyncio
import functools
import random
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from django.db import close_old_connections, connections

P = ParamSpec("P")
R = TypeVar("R")


class Pools:
    """The threads of one listener. Every job begins with a database connection that works, or none."""

    def __init__(self, *, database_threads: int = 4, gateway_threads: int = 16) -> None:
        self._database = ThreadPoolExecutor(database_threads, thread_name_prefix="database")
        self._gateway = ThreadPoolExecutor(gateway_threads, thread_name_prefix="gateway")
        # Of one thread, so that leases that are given back are not taken again by a job that began before.
        self._leases = ThreadPoolExecutor(1, thread_name_prefix="leases")
        self._spawned: set[asyncio.Task[None]] = set()

    async def ask_database(self, job: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a short job in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._database, functools.partial(_run, job, *args, **kwargs))

    async def ask_leases(self, job: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a job on leases in a thread, after those that were asked for before."""
        return await asyncio.get_running_loop().run_in_executor(self._leases, functools.partial(_run, job, *args, **kwargs))

    async def ask_gateway(self, job: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a job in a thread that may wait for others."""
        return await asyncio.get_running_loop().run_in_executor(self._gateway, functools.partial(_run_and_leave, job, *args, **kwargs))

    @property
    def executors(self) -> tuple[ThreadPoolExecutor, ...]:
        return self._database, self._gateway, self._leases

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Let work go on by itself."""
        task = asyncio.get_running_loop().create_task(work)
        self._spawned.add(task)
        task.add_done_callback(self._spawned.discard)

    def close(self) -> None:
        """Take no more jobs; those that run are not waited for."""
        for pool in self.executors:
            pool.shutdown(wait=False, cancel_futures=True)


def _run(job: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    close_old_connections()
    try:
        return job(*args, **kwargs)
    finally:
        close_old_connections()


def _run_and_leave(job: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """These threads are many and seldom need the database: none keeps a connection to it."""
    try:
        return job(*args, **kwargs)
    finally:
        connections.close_all()


def jitter(seconds: float) -> float:
    """About so many seconds: a thousand channels must not knock at the same moment."""
    return seconds * random.uniform(0.7, 1.3)
