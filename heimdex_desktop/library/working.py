"""Lets only one program work on a library: two would write the same index and do everything twice."""

from filelock import FileLock, Timeout

from heimdex_desktop.domain.errors import NoAccess
from heimdex_desktop.library.disk import told_plainly
from heimdex_desktop.library.places import Places

_FOR_THE_OWNER_ONLY = 0o600


class WorkLock:
    """Held until released or until the program ends, however it ends."""

    def __init__(self, places: Places) -> None:
        """Take the lock. Raises NoAccess when another program holds it, or the folder refuses it."""
        # Not of one thread: a window takes it on one and gives it back on another.
        self._lock = FileLock(places.work_lock, mode=_FOR_THE_OWNER_ONLY, thread_local=False)
        with told_plainly(places.work_lock):
            try:
                self._lock.acquire(timeout=0)
            except Timeout as error:
                raise NoAccess(
                    "Another Heimdex window or command is working on this library.",
                    "Wait until it is done, or close it, then try again.",
                ) from error

    def release(self) -> None:
        self._lock.release()
