"""OpenCV as this program wants it: one thread per call, and no trace left in the environment."""

import os

_before = dict(os.environ)

import cv2  # noqa: E402 - the environment must be remembered before this import changes it

__all__ = ["cv2"]

# The wheel for Linux points Qt at the Qt 5 plugins it carries, which would break our own Qt 6 window,
# and lets every program that we start look for its libraries first.
for _name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR", "LD_LIBRARY_PATH"):
    if _name in _before:
        os.environ[_name] = _before[_name]
    else:
        os.environ.pop(_name, None)

# Two videos are decoded at the same time, and FFmpeg has threads of its own.
cv2.setNumThreads(1)
