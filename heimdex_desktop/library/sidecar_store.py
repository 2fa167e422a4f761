"""Loads and saves what is known of a video: its sidecar and its vectors, wherever they can lie."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from heimdex_desktop.domain.errors import ForeignSidecar, MachineError
from heimdex_desktop.domain.scene import EmbeddingSpace, SceneId
from heimdex_desktop.domain.video import TimeSpan, Video
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.library.disk import read_whole, write_whole
from heimdex_desktop.library.filing import Filing, Saved
from heimdex_desktop.library.ownership import Owner
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.sidecar import Sidecar, from_json, spans_from, to_json
from heimdex_desktop.library.vectors import SceneVectors, VectorFile, from_npz, to_npz

SIDECAR_SUFFIX = ".heimdex.json"
VECTORS_SUFFIX = ".heimdex.npz"
_BEFORE = ".before"
_A_MOMENT = timedelta(milliseconds=1)

Kept = TypeVar("Kept", Sidecar, VectorFile)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SidecarStore:
    """Keeps a video's record and vectors beside its copies, or in the library.

    May be used from several threads. What a person should know (a damaged sidecar, a folder that cannot
    be written) is collected as sentences, each once, until `take_notices` is called.
    """

    def __init__(
        self, places: Places, *, beside_videos: bool = True, now: Callable[[], datetime] = _utc_now
    ) -> None:
        self._now = now
        self._lock = threading.RLock()
        self._notices: dict[str, None] = {}
        self._told: set[str] = set()
        self._sidecars = Filing(
            suffix=SIDECAR_SUFFIX,
            folder=places.sidecars,
            beside_videos=beside_videos,
            keeps_broken=True,
            owner_of=lambda content, name: from_json(content, name=name).owner,
        )
        # A damaged vector file is made again from the sidecar; keeping it would only take room.
        self._vectors = Filing(
            suffix=VECTORS_SUFFIX,
            folder=places.vectors,
            beside_videos=beside_videos,
            keeps_broken=False,
            owner_of=lambda content, name: from_npz(content, name=name).owner,
        )

    def load(self, video: Video) -> VideoRecord | None:
        """Return the newest record of this video, with the caller's locations; None where there is none.

        Looks beside every known location, also where the video itself is gone, then in the library.
        Never raises: files that cannot be used become notices.
        """
        with self._lock:
            newest = _newest(self._readable_sidecars(video))
        if newest is None:
            return None
        seen = replace(newest.record.video, locations=video.locations, size_bytes=video.size_bytes)
        return replace(newest.record, video=seen)

    def save(self, record: VideoRecord) -> Saved:
        """Replace the video's sidecar beside every copy that can be seen; return where it was written.

        Raises DiskFull, NoAccess and ForeignSidecar when the library refuses it too.
        """
        with self._lock:
            saved_at = self._later_than(self._readable_sidecars(record.video))
            saved = self._sidecars.write(record.video, to_json(record, saved_at))
            self._tell(saved.notices)
            return saved

    def save_settled(self, video: Video, settle: Callable[[VideoRecord | None], VideoRecord]) -> VideoRecord:
        """Save what `settle` makes of the newest record on disk, while nobody else writes any; return it.

        Raises as `save` does.
        """
        with self._lock:
            newest = _newest(self._readable_sidecars(video))
            record = settle(newest.record if newest else None)
            self.save(record)
            return record

    def spans(self, video: Video) -> dict[SceneId, TimeSpan]:
        """Return when the scenes of a video are, without reading more of its sidecars than that.

        Nothing where no copy can be reached. Never raises.
        """
        with self._lock:
            found = (spans_from(content) for _, content in self._contents(self._sidecars, video))
            return next((spans for spans in found if spans), {})

    def rewrite(self, file: Path, change: Callable[[bytes], bytes | None]) -> bool:
        """Let one file be changed while nobody else writes any; None leaves it. Tell whether it changed.

        Raises DiskFull, NoAccess and whatever `change` does.
        """
        with self._lock:
            content = read_whole(file)
            changed = None if content is None else change(content)
            if changed is not None:
                write_whole(file, changed)
            return changed is not None

    def forget(self, video: Video) -> None:
        """Delete the record and the vectors of a video wherever they can be reached; others' files stay.

        Raises NoAccess.
        """
        with self._lock:
            for filing in (self._sidecars, self._vectors):
                filing.forget(video)

    def load_vectors(
        self, video: Video, role: str, space: EmbeddingSpace | None = None
    ) -> SceneVectors | None:
        """Return the newest vectors of this video for a role ("text"), None where there are none to use.

        With a space: those in it, which may be the ones before the newest.
        """
        with self._lock:
            roles = _newest_roles(self._readable_vectors(video))
        kept = (roles.get(role), roles.get(role + _BEFORE))
        return next((vectors for vectors in kept if vectors and space in (None, vectors.space)), None)

    def save_vectors(self, video: Video, role: str, vectors: SceneVectors) -> Saved:
        """Replace the video's vectors for a role, under the same rules as `save`.

        Those of another space are kept as the ones before: the search goes on with them until all videos
        have new ones, and a person may want the model back.
        """
        with self._lock:
            files = list(self._readable_vectors(video))
            owner = Owner(video.id, self._later_than(files))
            roles = _newest_roles(files)
            former = roles.get(role)
            if former and former.space != vectors.space:
                roles[role + _BEFORE] = former
            content = to_npz(owner, {**roles, role: vectors})
            saved = self._vectors.write(video, content)
            self._tell(saved.notices)
            return saved

    def bring_along(self, video: Video) -> None:
        """Lay record and vectors beside copies of the video that have none: it was moved, or copied.

        Raises DiskFull, NoAccess and ForeignSidecar when the library refuses them too.
        """
        with self._lock:
            for filing in (self._sidecars, self._vectors):
                content = filing.newest(video) if filing.is_missing_beside(video) else None
                if content is not None:
                    self._tell(filing.write(video, content).notices)

    def take_notices(self) -> tuple[str, ...]:
        """Return the sentences that nobody has taken yet; a sentence is told once."""
        with self._lock:
            notices = tuple(self._notices)
            self._notices.clear()
            return notices

    def _readable_sidecars(self, video: Video) -> Iterator[Sidecar]:
        for name, content in self._contents(self._sidecars, video):
            try:
                sidecar = from_json(content, name=name)
            except ForeignSidecar as error:
                self._tell([str(error)])
                continue
            if sidecar.owner.video_id == video.id:
                yield sidecar

    def _readable_vectors(self, video: Video) -> Iterator[VectorFile]:
        for name, content in self._contents(self._vectors, video):
            try:
                file = from_npz(content, name=name)
            except ForeignSidecar:
                # Nothing is lost and nothing is to be done: they are made again.
                continue
            if file.owner.video_id == video.id:
                yield file

    def _contents(self, filing: Filing, video: Video) -> Iterator[tuple[str, bytes]]:
        for place in filing.places(video):
            try:
                content = read_whole(place)
            except MachineError as error:
                self._tell([str(error)])
                continue
            if content is not None:
                yield str(place), content

    def _later_than(self, copies: Iterable[Kept]) -> datetime:
        """Return now, or just after the newest copy: a clock once wrong must not hide new results."""
        return max([self._now(), *(copy.owner.saved_at + _A_MOMENT for copy in copies)])

    def _tell(self, notices: Iterable[str]) -> None:
        for notice in notices:
            if notice not in self._told:
                self._told.add(notice)
                self._notices[notice] = None


def _newest(copies: Iterable[Kept]) -> Kept | None:
    return max(copies, key=lambda copy: copy.owner.saved_at, default=None)


def _newest_roles(files: Iterable[VectorFile]) -> dict[str, SceneVectors]:
    roles: dict[str, SceneVectors] = {}
    for file in sorted(files, key=lambda file: file.owner.saved_at):
        roles.update(file.roles)
    return roles
