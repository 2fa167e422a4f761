"""The stage that listens: what is said in a video without subtitles, minute by minute."""

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace

from heimdex_desktop.domain.contracts import SOUND_RATE, Sound, Transcriber
from heimdex_desktop.domain.scene import (
    Scene,
    Segment,
    Transcript,
    TranscriptSource,
    Word,
    with_transcript,
)
from heimdex_desktop.domain.video import TimeSpan
from heimdex_desktop.library.drafts import Drafts, SpeechDraft
from heimdex_desktop.media.pauses import cut_at_pauses
from heimdex_desktop.media.sound import read_sound
from heimdex_desktop.pipeline.stage import Stage, StageJob, StageRun

# The whole is done only when the words are with their scenes.
_NEARLY_DONE = 0.99


def hear(transcriber: Transcriber, drafts: Drafts, language: str | None = None) -> Stage:
    """Return the stage that gives scenes the words that are spoken in them.

    Subtitles are better than any listening: a video that has words from them stays as it is. `language`
    is a BCP 47 tag, None to find it out from the first stretch in which something is said. After each
    stretch of at most a minute the draft is saved, and a later run goes on from there. The draft stays
    until its result is safe, for the runner to settle. A segment goes whole, with all its words, to the
    scene in which most of it is spoken: a sentence across a cut is found as a sentence, and its words
    keep their true times, which may lie beyond the scene.

    A stretch that is being listened to cannot be interrupted between two segments: a yield may take as
    long as the model needs for its window.
    """

    def run(job: StageJob) -> StageRun:
        yield 0.0
        if not job.record.scenes or _has_subtitles(job.record.scenes):
            return job.record
        draft = drafts.load(job.video_id, job.fingerprint) or SpeechDraft(language=language)
        end_ms = job.record.scenes[-1].span.end_ms
        with closing(read_sound(job.source, start_ms=draft.heard_ms, end_ms=end_ms)) as sound:
            for stretch in cut_at_pauses(sound):
                draft = yield from _listen(transcriber, stretch, draft, end_ms)
                drafts.save(job.video_id, job.fingerprint, draft)
                yield _share(draft.heard_ms, end_ms)
        return replace(job.record, scenes=with_transcript(job.record.scenes, _transcript(draft)))

    return run


def _has_subtitles(scenes: Sequence[Scene]) -> bool:
    return any(
        scene.transcript.segments and scene.transcript.source is not TranscriptSource.SPEECH
        for scene in scenes
    )


def _listen(
    transcriber: Transcriber, stretch: Sound, draft: SpeechDraft, end_ms: int
) -> Generator[float, None, SpeechDraft]:
    """Add to the draft what is said in the stretch that follows on it."""
    segments: list[Segment] = []
    language = draft.language or transcriber.language_of(stretch)
    if language is not None:
        for segment in transcriber.transcribe(stretch, language):
            segments.append(_later(segment, draft.heard_ms))
            yield _share(segments[-1].span.end_ms, end_ms)
    return SpeechDraft(
        heard_ms=draft.heard_ms + len(stretch) * 1000 // SOUND_RATE,
        # A noise that was taken for a voice must not decide what language all the rest is in.
        language=language if segments else draft.language,
        segments=(*draft.segments, *segments),
    )


def _later(segment: Segment, by_ms: int) -> Segment:
    words = tuple(Word(_moved(word.span, by_ms), word.text) for word in segment.words)
    return Segment(_moved(segment.span, by_ms), segment.text, words)


def _moved(span: TimeSpan, by_ms: int) -> TimeSpan:
    return TimeSpan(span.start_ms + by_ms, span.end_ms + by_ms)


def _share(heard_ms: int, end_ms: int) -> float:
    return min(heard_ms / max(1, end_ms), _NEARLY_DONE)


def _transcript(draft: SpeechDraft) -> Transcript:
    if not draft.segments:
        return Transcript()
    return Transcript(draft.segments, draft.language, TranscriptSource.SPEECH)
