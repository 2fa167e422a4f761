"""Nothing of who was forgotten comes back, however their faces came to be theirs."""

from tests.people_desk.studio import Studio


def test_a_mistake_that_was_corrected_does_not_hold_again(studio: Studio) -> None:
    studio.film("one.mp4", "ann cem\ncem")
    ann, bob = studio.desk.create("Ann"), studio.desk.create("Bob")
    faces = studio.faces_of("ann", "one.mp4")
    studio.desk.confirm(bob, faces)
    studio.desk.confirm(ann, faces)
    studio.settle()
    assert studio.seen("one.mp4") == [{"Ann"}, set()]
    studio.desk.forget(ann)
    studio.settle()
    assert studio.seen("one.mp4") == [set(), set()]
