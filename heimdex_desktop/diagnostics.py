"""The log: JSON lines in a rotating file, so that a report can be read by people and programs.

What a person said, wrote or is called never goes in: no transcripts, queries, names or vectors.
"""

import logging
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

import structlog

_OURS = "heimdex_desktop"
_MAX_BYTES = 2_000_000
_KEPT_FILES = 3


class _LogFile(RotatingFileHandler):
    """A log file that loses a line, without a word, where it cannot be written: a full drive, say."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        del record

    def close(self) -> None:
        with suppress(OSError):
            super().close()


def start_log(folder: Path, name: str) -> None:
    """Send this process's log to `folder/name.log`; each process has a file of its own.

    Two processes that rotate one file would lose lines. A folder that cannot be written to only
    costs the log.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = _LogFile(
            folder / f"{name}.log", maxBytes=_MAX_BYTES, backupCount=_KEPT_FILES, encoding="utf-8", delay=True
        )
    except OSError:
        return
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.processors.format_exc_info,
            ],
        )
    )
    stop_log()
    ours = logging.getLogger(_OURS)
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    ours.propagate = False


def stop_log() -> None:
    """Close the log's file."""
    ours = logging.getLogger(_OURS)
    for handler in ours.handlers[:]:
        ours.removeHandler(handler)
        handler.close()
