"""Whoever is named at the desk is found in the search, and who is forgotten is not."""

from heimdex_desktop.domain.people_events import FaceRef
from heimdex_desktop.domain.search import Answer
from heimdex_desktop.index.likeness import no_encoder
from heimdex_desktop.index.search import Searcher
from heimdex_desktop.index.tag_words import TagWords
from heimdex_desktop.library.face_crops import FaceCrops
from heimdex_desktop.pipeline.known_names import KnownNames
from tests.people_desk.studio import Studio, photo_of


def _found(answer: Answer) -> set[tuple[str, int]]:
    return {(hit.scene.locations[0].name, hit.scene.span.start_ms) for hit in answer.hits}


def test_a_hit_tells_when_somebody_comes_in_and_has_their_face(studio: Studio) -> None:
    studio.film("trip.mp4", "bob\nbob ann")
    ann = studio.desk.create("Ann")
    studio.desk.add_photo(ann, photo_of("ann"), 0)
    studio.settle()
    searcher = Searcher(studio.places.lancedb, no_encoder, TagWords({}), people=studio.desk.names)
    (hit,) = searcher.search("@Ann").hits
    assert (hit.scene.span.start_ms, hit.at_ms) == (2_000, 2_500)
    assert hit.sight
    (face,) = studio.faces_of("ann", "trip.mp4")
    assert FaceRef(hit.scene.video_id, hit.sight.best_ms, hit.sight.best) == face
    assert FaceCrops(studio.places).crop(face).is_file()


def test_search_follows_the_desk(studio: Studio) -> None:
    studio.film("trip.mp4", "ann bob\nbob")
    studio.film("party.mp4", "cem\nann")
    ann = studio.desk.create("Ann")
    studio.desk.add_photo(ann, photo_of("ann"), 0)
    bob = studio.desk.create("Bob")
    studio.desk.add_photo(bob, photo_of("bob"), 0)
    studio.settle()
    by_journal = Searcher(studio.places.lancedb, no_encoder, TagWords({}), people=KnownNames(studio.places))
    by_desk = Searcher(studio.places.lancedb, no_encoder, TagWords({}), people=studio.desk.names)
    for searcher in (by_journal, by_desk):
        assert _found(searcher.search("@Ann")) == {("trip.mp4", 0), ("party.mp4", 2_000)}
        assert _found(searcher.search("@Ann @Bob")) == {("trip.mp4", 0)}
        assert _found(searcher.search("@Bob -@Ann")) == {("trip.mp4", 2_000)}
        assert _found(searcher.search("people:2")) == {("trip.mp4", 0)}
        assert searcher.search("@Ann").hits[0].because[0].words == ("Ann",)
        assert [offer.value for offer in searcher.offers().people] == ["Ann", "Bob"]
    studio.desk.rename(ann, "Anna", ["안나"])
    for searcher in (by_journal, by_desk):
        assert searcher.search("@안나").hits[0].because[0].words == ("Anna",)
    studio.desk.forget(ann)
    studio.settle()
    for searcher in (by_journal, by_desk):
        assert _found(searcher.search("@Anna")) == set()
        assert searcher.search("@Anna").query.notes
        assert all(one.name == "Bob" for hit in searcher.browse().hits for one in hit.scene.people)
