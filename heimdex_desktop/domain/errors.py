"""Everything that can go wrong in a way a person should hear about.

HeimdexError
├─ InputError        the file or the query: say so, skip
│  ├─ UnreadableVideo
│  ├─ NoVideoStream    sound without a picture
│  └─ ForeignSidecar   a sidecar that is broken, newer, or not ours
└─ MachineError      the machine: say what to do, offer Retry
   ├─ FileGone
   ├─ NoAccess
   ├─ DiskFull
   ├─ OutOfMemory
   ├─ ModelMissing
   └─ WorkerCrashed
Anything else is our bug: keep going, log the trace, offer a report.
"""


class HeimdexError(Exception):
    """A failure told in one sentence, with what to do about it.

    Both arguments reach `Exception`, so that the error survives pickling between processes.
    """

    def __init__(self, sentence: str, advice: str = "") -> None:
        super().__init__(sentence, advice)
        self.sentence = sentence
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.sentence} {self.advice}".strip()


class InputError(HeimdexError):
    """The file or the query cannot be used."""


class UnreadableVideo(InputError):
    """No picture can be decoded from the file."""


class NoVideoStream(InputError):
    """The file holds sound but no picture."""


class ForeignSidecar(InputError):
    """The file at a sidecar's place must not be overwritten."""


class MachineError(HeimdexError):
    """The computer stands in the way; trying again may help."""


class FileGone(MachineError):
    """The file was there and is not any more."""


class NoAccess(MachineError):
    """The file or folder may not be read or written."""


class DiskFull(MachineError):
    """No room is left on a drive."""


class OutOfMemory(MachineError):
    """Neither the device nor the computer had enough memory."""


class ModelMissing(MachineError):
    """A model that was asked for is not on this computer."""


class WorkerCrashed(MachineError):
    """The child process that did the work died."""
