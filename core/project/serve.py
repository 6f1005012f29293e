"""The web process: HTTP and WebSockets by uvicorn, its log lines in the same shape as everybody else's."""

import argparse
import importlib
from typing import Any

# A socket that stays open must not keep a stopping server waiting.
GRACE_SECONDS = 5
# Shorter than the idle time-out of common proxies.
PING_SECONDS = 20


def make_application() -> Any:
    """The ASGI application with every route imported: what is broken fails the start, and the first visitor waits for nothing."""
    application = importlib.import_module("core.project.asgi").application
    importlib.import_module("core.project.urls")
    return application


def main() -> None:
    """Serve until a signal comes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, default=1)
    arguments = parser.parse_args()

    import uvicorn

    uvicorn.run(
        "core.project.serve:make_application",
        factory=True,
        host=arguments.host,
        port=arguments.port,
        workers=arguments.workers,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        ws_ping_interval=PING_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


if __name__ == "__main__":
    main()
