"""Where everything of one library lies: all under one folder that belongs to the person alone."""

from dataclasses import dataclass
from pathlib import Path

from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.disk import told_plainly

_FOR_THE_OWNER_ONLY = 0o700


@dataclass(frozen=True, slots=True)
class Places:
    """The folders and files under `root`, the library folder."""

    root: Path

    @property
    def lancedb(self) -> Path:
        """The folder of the search index."""
        return self.root / "lancedb"

    @property
    def stills(self) -> Path:
        """The folder of the pictures that stand for scenes."""
        return self.root / "stills"

    def stills_of(self, video_id: VideoId) -> Path:
        return self.stills / video_id

    @property
    def sidecars(self) -> Path:
        """Sidecars that cannot lie beside their video, and those of videos that were replaced."""
        return self.root / "sidecars"

    @property
    def vectors(self) -> Path:
        """Vectors that cannot lie beside their video."""
        return self.root / "vectors"

    @property
    def drafts(self) -> Path:
        """What long work has found so far, so that it can go on after being stopped."""
        return self.root / "drafts"

    @property
    def models(self) -> Path:
        """The folders of the models; made with the first one, for many a library needs none."""
        return self.root / "models"

    @property
    def faces(self) -> Path:
        """Faces with their vectors: personal, so they lie here and nowhere else."""
        return self.root / "faces"

    def faces_of(self, video_id: VideoId) -> Path:
        return self.faces / f"{video_id}.npz"

    @property
    def crops(self) -> Path:
        """Pictures of the faces that were found: as personal as their vectors."""
        return self.root / "crops"

    def crops_of(self, video_id: VideoId) -> Path:
        return self.crops / video_id

    @property
    def people(self) -> Path:
        """Who is known, with their photos: personal, so it lies here and nowhere else."""
        return self.root / "people"

    @property
    def people_journal(self) -> Path:
        return self.people / "journal.jsonl"

    @property
    def photos(self) -> Path:
        """The photos of people, each with the face in it."""
        return self.people / "photos"

    @property
    def seen(self) -> Path:
        """Who was recognised in which video."""
        return self.people / "seen"

    def seen_of(self, video_id: VideoId) -> Path:
        return self.seen / f"{video_id}.json"

    @property
    def remembered_models(self) -> Path:
        """Which models made the vectors that the search uses."""
        return self.root / "models.json"

    @property
    def saved_searches(self) -> Path:
        """Queries that the person keeps."""
        return self.root / "searches.json"

    @property
    def catalogue_file(self) -> Path:
        return self.root / "catalogue.sqlite3"

    @property
    def work_lock(self) -> Path:
        """Held by the one program that works on the library; searching needs no lock."""
        return self.root / "work.lock"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    def create(self) -> None:
        """Make the folders that are missing, readable by their owner only (POSIX mode 0700).

        A folder that is already there keeps its mode. Raises DiskFull and NoAccess.
        """
        self._make(self.root)
        for folder in (
            self.lancedb,
            self.stills,
            self.sidecars,
            self.vectors,
            self.drafts,
            self.faces,
            self.crops,
            self.people,
            self.photos,
            self.seen,
            self.logs,
        ):
            self._make(folder)

    def _make(self, folder: Path) -> None:
        with told_plainly(folder):
            folder.mkdir(mode=_FOR_THE_OWNER_ONLY, parents=True, exist_ok=True)
