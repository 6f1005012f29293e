"""PostgreSQL and Valkey on this machine, without anybody installing them: `environment()` is all that a command needs.

    from core.project import embedded
    embedded.environment()   # starts what is not running; it stops by itself after the last process that asked for it

Nothing heavy is imported here.
"""

from core.project.embedded.errors import ServiceError
from core.project.embedded.home import Home, get_home
from core.project.embedded.services import Lease, environment, open_services

__all__ = ["Home", "Lease", "ServiceError", "environment", "get_home", "open_services"]
