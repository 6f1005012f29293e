"""Finding a free TCP port on loopback for a service that only this machine talks to."""

import random
import socket

LOOPBACK = "127.0.0.1"
# Below the ports that systems give to outgoing connections (32768 up on Linux, 49152 up elsewhere): between choosing one and
# listening on it, any connection of this machine could take one of those.
FIRST_PORT, LAST_PORT = 20_000, 32_000
TRIES = 1000


def is_port_free(port: int, *, host: str = LOOPBACK) -> bool:
    """Whether a server could listen on this port now."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def find_port(preferred: int | None = None) -> int:
    """The preferred port where it is free, else any free one. Raise OSError where none is."""
    if preferred is not None and is_port_free(preferred):
        return preferred
    chooser = random.SystemRandom()  # a seed that tests share would send two processes to the same port
    for _ in range(TRIES):
        port = chooser.randint(FIRST_PORT, LAST_PORT)
        if is_port_free(port):
            return port
    raise OSError(f"No port from {FIRST_PORT} to {LAST_PORT} is free.")
