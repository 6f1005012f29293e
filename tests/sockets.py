"""A WebSocket client of the ASGI application, without a server in between."""

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator

from core.project.asgi import application

# What comes is waited for so long, on a machine that is busy with other tests too.
PATIENCE_SECONDS = 60


class Socket(ApplicationCommunicator):
    """One connection to a path, speaking JSON."""

    def __init__(self, path: str, *, authorization: str = "") -> None:
        super().__init__(
            application,
            {
                "type": "websocket",
                "path": path,
                "query_string": b"",
                "headers": [(b"origin", b"http://localhost"), *([(b"authorization", authorization.encode())] if authorization else [])],
                "subprotocols": [],
            },
        )

    async def connect(self) -> None:
        await self.send_input({"type": "websocket.connect"})
        assert (await self.receive_output(timeout=PATIENCE_SECONDS))["type"] == "websocket.accept"

    async def send_json(self, content: Any) -> None:
        await self.send_input({"type": "websocket.receive", "text": json.dumps(content)})

    async def receive_json(self, *, timeout: float = PATIENCE_SECONDS) -> Any:
        output = await self.receive_output(timeout=timeout)
        assert output["type"] == "websocket.send", output
        return json.loads(output["text"])

    async def receive_until_quiet(self, *, seconds: float = 1) -> list[Any]:
        """Everything that comes until nothing has come for some seconds."""
        heard = []
        while not await self.receive_nothing(timeout=seconds, interval=0.05):
            heard.append(await self.receive_json())
        return heard

    async def close(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(timeout=PATIENCE_SECONDS)
