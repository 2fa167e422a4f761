"""The vector file: what is written can be read, and nothing in it can do harm."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from heimdex_desktop.domain.errors import ForeignSidecar
from heimdex_desktop.domain.scene import EmbeddingSpace, SceneId
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.ownership import Broken, Newer, NotOurs, Owner
from heimdex_desktop.library.vectors import SceneVectors, from_npz, to_npz

OWNER = Owner(VideoId("00000000-0000-4000-8000-000000000001"), datetime(2026, 11, 2, tzinfo=UTC))
Header = dict[str, Any]
MakeVectors = Callable[..., SceneVectors]


@pytest.fixture
def written(make_vectors: MakeVectors) -> bytes:
    return to_npz(OWNER, {"text": make_vectors(OWNER.video_id)})


def _with_header(written: bytes, change: Callable[[Header], None]) -> bytes:
    """Return the file with its header changed, everything else as it was."""
    with np.load(io.BytesIO(written)) as members:
        arrays_of = dict(members)
    header: Header = json.loads(arrays_of["heimdex"].tobytes())
    change(header)
    arrays_of["heimdex"] = np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays_of)
    return file.getvalue()


def test_vectors_survive_the_round_trip(make_vectors: MakeVectors) -> None:
    text, image = make_vectors(OWNER.video_id), make_vectors(OWNER.video_id, seed=1, count=5)
    read = from_npz(to_npz(OWNER, {"text": text, "image": image}), name="a")
    assert read.owner == OWNER
    for role, before in (("text", text), ("image", image)):
        after = read.roles[role]
        assert (after.space, after.fingerprint, after.scene_ids) == (
            before.space,
            before.fingerprint,
            before.scene_ids,
        )
        assert after.matrix.dtype == np.float32
        assert np.sum(before.matrix * after.matrix, axis=1).min() > 0.99999


@given(arrays(np.float32, (4, 3), elements=st.floats(-1, 1, width=16)))
def test_rows_come_back_with_unit_length_and_zeros_stay_zeros(
    rows: "np.ndarray[tuple[int, int], np.dtype[np.float32]]",
) -> None:
    space = EmbeddingSpace("m", "r", 3)
    vectors = SceneVectors(space, "f", tuple(SceneId(str(n)) for n in range(4)), rows)
    read = from_npz(to_npz(OWNER, {"text": vectors}), name="a").roles["text"].matrix
    lengths = np.linalg.norm(read, axis=1)
    assert np.allclose(lengths[rows.any(axis=1)], 1.0, atol=1e-5)
    assert not read[~rows.any(axis=1)].any()


def test_no_scenes_are_fine_too(make_vectors: MakeVectors) -> None:
    empty = make_vectors(OWNER.video_id, count=0)
    assert from_npz(to_npz(OWNER, {"text": empty}), name="a").roles["text"].matrix.shape == (0, 384)


def test_a_file_takes_two_bytes_per_number(make_vectors: MakeVectors) -> None:
    size_bytes = len(to_npz(OWNER, {"text": make_vectors(OWNER.video_id, count=1000)}))
    assert size_bytes < 1000 * 384 * 2 * 1.1


@pytest.mark.parametrize("rows", [np.zeros((2, 3)), np.zeros((3, 2)), np.zeros(3), np.full((3, 3), np.nan)])
def test_vectors_that_do_not_fit_their_scenes_cannot_be_made(
    rows: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]",
) -> None:
    ids = (SceneId("a"), SceneId("b"), SceneId("c"))
    with pytest.raises(ValueError, match="vectors of shape"):
        SceneVectors(EmbeddingSpace("m", "r", 3), "f", ids, rows.astype(np.float32))


def test_a_file_cut_anywhere_is_broken(written: bytes) -> None:
    for length in range(0, len(written), 97):
        with pytest.raises(Broken, match="damaged"):
            from_npz(written[:length], name="a")


def test_a_changed_byte_never_trips(written: bytes) -> None:
    refused = 0
    for offset in range(0, len(written), 13):
        changed = bytearray(written)
        changed[offset] ^= 0xFF
        try:
            from_npz(bytes(changed), name="a")
        except ForeignSidecar:
            refused += 1
    assert refused > 50


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(ForeignSidecar):
        from_npz(content, name="a")


def test_a_pickle_is_never_loaded() -> None:
    file = io.BytesIO()
    np.savez(file, heimdex=np.array([{"harm": True}], dtype=object))
    with pytest.raises(Broken):
        from_npz(file.getvalue(), name="a")


def test_a_stranger_is_not_ours() -> None:
    file = io.BytesIO()
    np.savez(file, weights=np.zeros(3))
    with pytest.raises(NotOurs):
        from_npz(file.getvalue(), name="a")


def test_a_bare_array_is_broken() -> None:
    file = io.BytesIO()
    np.save(file, np.zeros(3))
    with pytest.raises(Broken):
        from_npz(file.getvalue(), name="a")


def test_a_later_major_version_is_newer(written: bytes) -> None:
    with pytest.raises(Newer):
        from_npz(_with_header(written, lambda header: header.update(version="2.0")), name="a")


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("video_id",), "../../escape"),
        (("saved_at",), None),
        (("roles",), None),
        (("roles", "text", "dimensions"), 3),
        (("roles", "text", "scene_ids"), ["one", "two"]),
        (("roles", "text", "scene_ids"), None),
        (("roles", "sound"), {}),
    ],
)
def test_a_header_that_does_not_fit_is_broken(written: bytes, path: tuple[str, ...], wrong: object) -> None:
    def change(header: Header) -> None:
        for key in path[:-1]:
            header = header[key]
        header[path[-1]] = wrong

    with pytest.raises(Broken):
        from_npz(_with_header(written, change), name="a")


def test_vectors_of_another_kind_of_number_are_broken(written: bytes) -> None:
    with np.load(io.BytesIO(written)) as members:
        kept = dict(members)
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **{**kept, "vectors.text": kept["vectors.text"].astype(np.float64)})
    with pytest.raises(Broken):
        from_npz(file.getvalue(), name="a")


def test_the_file_is_a_plain_zip(written: bytes) -> None:
    assert set(zipfile.ZipFile(io.BytesIO(written)).namelist()) == {"heimdex.npy", "vectors.text.npy"}
