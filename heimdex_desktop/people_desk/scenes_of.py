"""When the scenes of videos are, and what these are called: read when first asked for, then remembered."""

from bisect import bisect_right
from collections.abc import Collection, Mapping

from heimdex_desktop.domain.scene import SceneId
from heimdex_desktop.domain.video import TimeSpan, Video, VideoId
from heimdex_desktop.library.catalogue import Catalogue
from heimdex_desktop.library.sidecar_store import SidecarStore


class ScenesOf:
    """Reads sidecars, which may be away; then nothing is known of the spans."""

    def __init__(self, catalogue: Catalogue, sidecars: SidecarStore) -> None:
        self._catalogue = catalogue
        self._sidecars = sidecars
        self._spans: dict[VideoId, dict[SceneId, TimeSpan]] = {}
        self._videos: dict[VideoId, Video] = {}

    def look_anew(self, only: Collection[VideoId] | None = None) -> None:
        """Look at the list of videos, and forget the spans of all or of these: videos are cut anew."""
        self._videos = {video.id: video for video in self._catalogue.videos()}
        for video_id in list(self._spans) if only is None else only:
            self._spans.pop(video_id, None)

    @property
    def videos(self) -> Mapping[VideoId, Video]:
        return self._videos

    def name(self, video_id: VideoId) -> str:
        """Return the name of a video's file; "" where the library does not hold it any more."""
        video = self._videos.get(video_id)
        return video.home.name if video else ""

    def spans(self, video_id: VideoId) -> Mapping[SceneId, TimeSpan]:
        """Return when the scenes of a video are; nothing where that cannot be read now."""
        if video_id not in self._spans and video_id in self._videos:
            found = self._sidecars.spans(self._videos[video_id])
            self._spans[video_id] = dict(sorted(found.items(), key=lambda scene: scene[1]))
        return self._spans.get(video_id, {})

    def scene_at(self, video_id: VideoId, at_ms: int) -> SceneId | None:
        """Return the scene of a video at a moment; the last one at and after its end."""
        spans = self.spans(video_id)
        ids = list(spans)
        place = bisect_right([span.start_ms for span in spans.values()], at_ms) - 1
        return ids[place] if place >= 0 else None
