"""A Whisper model in the format of CTranslate2, in a folder: is it whole, what can it do, load it."""

import json
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heimdex_desktop.domain.errors import HeimdexError, MachineError, ModelMissing
from heimdex_desktop.inference.room import Seat, Seated, keep_quiet, memory_errors_told, says_no_room

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

WEIGHTS_FILE = "model.bin"

# Without its tokenizer the library would ask a network for one.
_NEEDED_FILES = (WEIGHTS_FILE, "config.json", "tokenizer.json")
_OFFLINE = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "TOKENIZERS_PARALLELISM": "false"}
_GET_IT = "Put the whole model into that folder, or choose another one."
_NO_DEVICE = ("cuda", "cublas", "cudnn", "compute type")


class SpeechModel:
    """The files of a model and, from the first use on, the model itself. Nothing is asked of a network.

    With `threads` of 0, OMP_NUM_THREADS counts on the CPU. Where its `seat` has no room for the model it
    goes to the CPU, and `tell` hears it.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str = "",
        seat: Seat | None = None,
        threads: int = 0,
        tell: Callable[[str], None] = keep_quiet,
    ) -> None:
        self._folder = folder
        self._name = name or folder.name
        self._threads = threads
        self.seated = Seated(f"the speech model {self._name}", self._load, seat, tell=tell)

    @property
    def network(self) -> "WhisperModel":
        """The loaded model; raises ModelMissing, MachineError where the device is not usable, OutOfMemory."""
        return self.seated.network()

    def _load(self, seat: Seat) -> "WhisperModel":
        self._confirm_whole()
        # It is read when the libraries are imported, and only then.
        os.environ.update({key: value for key, value in _OFFLINE.items() if key not in os.environ})
        from faster_whisper import WhisperModel

        with self.our_errors():
            try:
                network = WhisperModel(
                    str(self._folder),
                    device=seat.device,
                    compute_type=seat.precision.value,
                    cpu_threads=self._threads,
                    local_files_only=True,
                )
            except (RuntimeError, ValueError, OSError) as error:
                if says_no_room(error) or _names_device(error):
                    raise
                raise self._unusable("cannot be loaded") from error
        if network.model.n_mels != len(network.feature_extractor.mel_filters):
            raise self._unusable("lacks its preprocessor_config.json, or has that of another model")
        return network

    @property
    def longest_ms(self) -> int:
        """How much sound it hears at a time: a little less than its window, so that nothing falls off."""
        return int(self.network.feature_extractor.chunk_length) * 1000 - 500

    @property
    def is_multilingual(self) -> bool:
        return bool(self.network.model.is_multilingual)

    @cached_property
    def tells_words(self) -> bool:
        """Whether it can say when each word is spoken; without alignment heads CTranslate2 would fail."""
        return bool(self._read_json("config.json").get("alignment_heads"))

    def does_not_know(self, language: str) -> ModelMissing:
        return ModelMissing(
            f"The speech model {self._name} does not know the language “{language}”.",
            "Choose another speech model, or let it find out the language.",
        )

    @contextmanager
    def our_errors(self) -> Generator[None]:
        """Turn what CTranslate2 says about memory and devices into OutOfMemory and MachineError."""
        try:
            with memory_errors_told(self.seated.what):
                yield
        except (RuntimeError, ValueError) as error:
            if not _names_device(error):
                raise
            where = f"{self.seated.seat.device} ({self.seated.seat.precision})"
            raise MachineError(
                f"The speech model {self._name} cannot run on {where}.", "Choose the processor (cpu) instead."
            ) from error

    def _confirm_whole(self) -> None:
        for file in _NEEDED_FILES:
            if not (self._folder / file).is_file():
                sentence = f"The speech model is not in {self._folder}: {file} is missing there."
                raise ModelMissing(sentence, _GET_IT)
        if not isinstance(self._read_json("tokenizer.json").get("model"), dict):
            raise self._unusable("has a damaged tokenizer.json")

    def _read_json(self, file: str) -> dict[str, Any]:
        try:
            read = json.loads((self._folder / file).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return read if isinstance(read, dict) else {}

    def _unusable(self, why: str) -> HeimdexError:
        return ModelMissing(f"The speech model in {self._folder} {why}.", _GET_IT)


def _names_device(error: Exception) -> bool:
    # CTranslate2 has no types of its own for this; the text has to tell.
    return any(word in str(error).lower() for word in _NO_DEVICE)
