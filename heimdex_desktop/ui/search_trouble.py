"""What becomes of a search that fails: an answer that says why, or a failure to tell."""

import logging
from collections.abc import Callable

from heimdex_desktop.domain.errors import HeimdexError, InputError
from heimdex_desktop.domain.search import Answer, Beside, LikePicture, Query, Verdict
from heimdex_desktop.domain.work import Failure
from heimdex_desktop.pipeline.worker_process import JobBroken

log = logging.getLogger(__name__)

BROKE = (
    "Something in Heimdex broke; the log file says more. Try once more, and report it if it happens again."
)


def tried(text: str, beside: Beside | None, search: Callable[[], Answer]) -> Answer:
    """Return the answer, or what is wrong with the question; a picture may be what breaks its encoder.

    Raises whatever else the search raises.
    """
    try:
        return search()
    except (HeimdexError, JobBroken) as error:
        if not isinstance(error, InputError) and not isinstance(beside, LikePicture):
            raise
        query = Query(text, typed=text)
        return Answer(query, 0, Verdict.NONE, beside=beside, trouble=failure_of(error))


def failure_of(error: HeimdexError | JobBroken) -> Failure:
    """Return a failure for a person; what is a bug of ours goes into the log."""
    if isinstance(error, HeimdexError):
        return Failure.of(error)
    log.error("an encoder broke", extra={"trace": str(error)})
    return Failure(type(error).__name__, BROKE)
