"""What native libraries do on the side, kept in bounds: the environment, the console, errors of their own."""

import logging
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def environment_kept() -> Generator[None]:
    """Give every variable of the environment the value again that it had before.

    OpenCV's wheel for Linux points Qt and the library path at its own Qt 5 while it is imported, which
    breaks windows of this process and programs that it starts. Other libraries import it unasked.
    """
    before = dict(os.environ)
    try:
        yield
    finally:
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)


@contextmanager
def quiet_opencv() -> Generator[None]:
    """Keep OpenCV from writing warnings past Python onto the console."""
    with environment_kept():
        from cv2.utils import logging
    level = logging.getLogLevel()
    logging.setLogLevel(logging.LOG_LEVEL_ERROR)
    try:
        yield
    finally:
        logging.setLogLevel(level)


@contextmanager
def root_log_kept() -> Generator[None]:
    """Keep a library that logs under no name of its own out of the log, and from setting the log up."""
    root, nothing = logging.getLogger(), logging.NullHandler()

    def leave_out(_: logging.LogRecord) -> bool:
        return False

    # Where the root has no handler, the first word to it would give it one for good.
    root.addHandler(nothing)
    root.addFilter(leave_out)
    try:
        yield
    finally:
        root.removeFilter(leave_out)
        root.removeHandler(nothing)


def native_errors() -> tuple[type[Exception], ...]:
    """Return what OpenCV and onnxruntime raise, where they are loaded: kin of no error of Python."""
    opencv, onnx = (sys.modules.get(name) for name in ("cv2", "onnxruntime.capi.onnxruntime_pybind11_state"))
    found: list[type[Exception]] = [opencv.error] if opencv else []
    if onnx:
        found += [onnx.Fail, onnx.RuntimeException, onnx.InvalidArgument]
        found += [onnx.InvalidGraph, onnx.InvalidProtobuf, onnx.NotImplemented]
    return tuple(found)
