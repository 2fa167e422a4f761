"""Who was recognised in the scenes of each video, kept apart from what a person said of faces."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from heimdex_desktop.domain.scene import SceneId, SeenPerson
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.disk import read_whole, remove, told_plainly, write_whole
from heimdex_desktop.library.json_fields import MalformedError, fields_of, parsed
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.scene_people import person_as_json, person_from

InScenes = Mapping[SceneId, tuple[SeenPerson, ...]]


@dataclass(frozen=True, slots=True)
class SeenPeople:
    """One private file for each video in which somebody is known; the others have none."""

    places: Places

    def load(self, video_id: VideoId) -> InScenes:
        """Return who is seen in which scene; nobody where nothing usable is kept. Raises NoAccess."""
        content = read_whole(self.places.seen_of(video_id))
        if content is None:
            return {}
        try:
            scenes = fields_of(parsed(content)).inner("scenes")
            return {
                SceneId(scene): tuple(person_from(person) for person in scenes.inners(scene))
                for scene in scenes.content
            }
        except (MalformedError, ValueError):
            # Nothing is lost: people are recognised again from what is kept of their faces.
            return {}

    def save(self, video_id: VideoId, seen: InScenes) -> bool:
        """Replace what is kept of a video, and tell whether it changed. Raises DiskFull and NoAccess."""
        place = self.places.seen_of(video_id)
        before = read_whole(place)
        scenes = {
            scene: [person_as_json(one) for one in people] for scene, people in sorted(seen.items()) if people
        }
        if not scenes:
            remove(place)
            return before is not None
        content = json.dumps({"scenes": scenes}, ensure_ascii=False).encode("utf-8", "backslashreplace")
        if content == before:
            return False
        write_whole(place, content, private=True)
        return True

    def digest(self, video_id: VideoId) -> str:
        """Return a text that differs when somebody else is seen; "" where nobody is. Raises NoAccess."""
        content = read_whole(self.places.seen_of(video_id))
        return hashlib.sha256(content).hexdigest()[:32] if content else ""

    def videos(self) -> list[VideoId]:
        """Return the videos in which somebody is seen. Raises NoAccess."""
        folder = self.places.seen
        with told_plainly(folder):
            return sorted(VideoId(file.stem) for file in folder.glob("*.json"))
