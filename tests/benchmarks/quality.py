"""How well the search finds, by each channel and by each fusion, and how honest its verdict is.

    python -m tests.benchmarks.quality [--media FOLDER --vision FOLDER] [--check]

Without the folders, invented talk, screens and tags and drawn pictures are asked for, with the packaged
MiniLM and the tests' own small vision model. With them, real recordings, photos and clips too, with an
open_clip model. `--check` compares with the figures kept in quality_figures.toml and fails where something
became worse than chance explains; `--write` keeps the new ones.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from heimdex_desktop.domain.contracts import TextEncoder
from heimdex_desktop.inference import offline_minilm
from heimdex_desktop.inference.encoders import SentenceEncoder
from tests.benchmarks.asking import Asked, Asker
from tests.benchmarks.drawn_libraries import drawn_library, mixed_library, told_library
from tests.benchmarks.invented_libraries import screen_library, spoken_library, tag_library
from tests.benchmarks.libraries import Library, Remembering, store
from tests.benchmarks.quality_figures import ANYWHERE, FILE, WITH_MEDIA, Figures, regressions, save
from tests.benchmarks.quality_table import print_queries, print_set, print_summary, print_verdicts
from tests.benchmarks.real_libraries import Seeing, clip_libraries, photo_libraries, real_talk_library

_INVENTED: Sequence[Callable[[], Library]] = (
    spoken_library,
    screen_library,
    tag_library,
    drawn_library,
    mixed_library,
    told_library,
)


def main() -> int:
    """Measure, print, and compare or keep where that is asked for; return the exit status."""
    asked = _arguments()
    model = offline_minilm.folder()
    if model is None:
        print("The packaged sentence encoder is missing. Install the extra `offline`.")
        return 1
    text = Remembering(SentenceEncoder(model, name=offline_minilm.NAME))
    parts = {ANYWHERE: _measured((make() for make in _INVENTED), text, every=asked.every)}
    if asked.media and asked.vision:
        parts[WITH_MEDIA] = _measured(_real(asked.media, asked.vision), text, every=asked.every)
    return _concluded(parts, write=asked.write, check=asked.check)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How well the search finds.")
    parser.add_argument("--media", type=Path, help="the folder of real media with ground truth")
    parser.add_argument("--vision", type=Path, help="the folder of an open_clip model that knows objects")
    parser.add_argument("--every", action="store_true", help="show every query")
    parser.add_argument("--check", action="store_true", help=f"fail where worse than in {FILE.name}")
    parser.add_argument("--write", action="store_true", help=f"keep the figures in {FILE.name}")
    return parser.parse_args()


def _real(media: Path, vision: Path) -> Iterator[Library]:
    seeing = Seeing(vision)
    yield real_talk_library(media)
    yield from photo_libraries(media, seeing)
    yield from clip_libraries(media, seeing)


def _measured(
    libraries: Iterator[Library], text: TextEncoder, *, every: bool
) -> Mapping[str, Sequence[Asked]]:
    """Ask every library its sets; a set's name is the same only where the queries are."""
    measured: dict[str, Sequence[Asked]] = {}
    for library in libraries:
        with _asker(library, text) as asker:
            print(f"\n{library.title}: {len(library.moments)} scenes", flush=True)
            for name, wanted in library.sets.items():
                asked = [asker.ask(one) for one in wanted]
                measured[f"{name}, {library.title}"] = asked
                if asked[0].scores:
                    print_set(name, asked)
                if every:
                    print_queries(asked)
    return measured


@contextmanager
def _asker(library: Library, text: TextEncoder) -> Generator[Asker]:
    with tempfile.TemporaryDirectory() as folder:
        yield Asker(store(Path(folder), library, text), text)


def _concluded(parts: Mapping[str, Mapping[str, Sequence[Asked]]], *, write: bool, check: bool) -> int:
    everything = {name: asked for sets in parts.values() for name, asked in sets.items()}
    answerable = {name: asked for name, asked in everything.items() if asked[0].scores}
    print_summary(answerable)
    print_verdicts(answerable, {name: asked for name, asked in everything.items() if name not in answerable})
    figures = {
        part: {name: Figures.of(asked) for name, asked in sets.items()} for part, sets in parts.items()
    }
    worse = [told for part, sets in figures.items() for told in regressions(part, sets)] if check else []
    for part, sets in figures.items() if write else ():
        save(part, sets)
    print("\n".join(["", *worse] if worse else []))
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
