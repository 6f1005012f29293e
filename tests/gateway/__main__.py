"""The stand-in gateway as a program: `python -m tests.gateway --port 8085 --state <folder>`; kill it, start it again, it remembers."""

import argparse
import asyncio
import json
from pathlib import Path

from tests.gateway.faults import Options
from tests.gateway.server import make_server, serve


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.gateway", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, required=True, help="the folder that holds what outlives a restart")
    parser.add_argument("--options", type=json.loads, default={}, help="JSON of tests.gateway.faults.Options")
    words = parser.parse_args()
    words.state.mkdir(parents=True, exist_ok=True)
    asyncio.run(serve(make_server(words.port), words.state, Options(**words.options)))


if __name__ == "__main__":
    main()
