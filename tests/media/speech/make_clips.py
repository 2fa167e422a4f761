"""Makes the spoken clips of this folder with espeak-ng: `python -m tests.media.speech.make_clips`.

Nothing but its sound is kept, without the silence around it. Needed only to change the sentences.
"""

import io
import subprocess
import wave
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from tests.speech import SENTENCES, SPEECH_RATE

_QUIET = 0.01


def main() -> None:
    for sentence in SENTENCES:
        _write(sentence.file, _spoken(sentence.text, sentence.voice))


def _spoken(text: str, voice: str) -> NDArray[np.int16]:
    words = ["espeak-ng", "-v", voice, "--stdout", text]
    said = subprocess.run(words, capture_output=True, check=True).stdout
    with wave.open(io.BytesIO(said)) as file:
        # In a pipe the length in the header is not known; what is there counts.
        raw = file.readframes(len(said))
        rate_hz = file.getframerate()
    frame = av.AudioFrame.from_ndarray(np.frombuffer(raw, "<i2")[np.newaxis], format="s16", layout="mono")
    frame.sample_rate = rate_hz
    resampler = av.AudioResampler(format="s16", layout="mono", rate=SPEECH_RATE)
    pieces = [piece.to_ndarray()[0] for piece in (*resampler.resample(frame), *resampler.resample(None))]
    samples = np.concatenate(pieces)
    loud = np.flatnonzero(np.abs(samples) > _QUIET * 32768)
    return samples[loud[0] : loud[-1] + 1]


def _write(path: Path, samples: NDArray[np.int16]) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libopus", rate=SPEECH_RATE, layout="mono")
        stream.bit_rate = 48_000
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="s16", layout="mono")
        frame.sample_rate = SPEECH_RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


if __name__ == "__main__":
    main()
