"""Finding a free TCP port on loopback for a service that only this machine talks to."""

import socket

LOOPBACK = "127.0.0.1"


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
    """The preferred port where it is free, else any free one."""
    if preferred is not None and is_port_free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
