"""The listener's process: every channel's WebSocket in one event loop, until a signal comes."""

import asyncio
import logging
import os
import signal

import django


def main() -> None:
    """Listen until SIGTERM or SIGINT; then store what was heard, give the leases back, and end within about two seconds."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.project.settings")
    django.setup()
    # Tasks are queued by name, and it is the application that knows the queue.
    import core.project.celery  # noqa: F401

    asyncio.run(listen())
    logging.shutdown()
    # A thread may still wait for a gateway that doesn't answer; nothing depends on it.
    os._exit(0)


async def listen() -> None:
    """Run a listener until a signal asks for its end."""
    from ingestion.evolution.listener import Listener

    work = asyncio.create_task(Listener().run())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    try:
        await work
    except asyncio.CancelledError:
        return


if __name__ == "__main__":
    main()
