"""Pictures outside the benchmark file: found, told apart, found again."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.domain.benchmark import ImageRef
from inspector.domain.geometry import Size
from inspector.files import sha256_hex
from inspector.progress import Cancelled, Progress
from inspector.storage.relink import find_by_hash, located, relative_to, resolve, status

DATA = b"the pixels of a smile"


def reference(path: str | Path, data: bytes = DATA) -> ImageRef:
    """A reference to a picture with that content."""
    return ImageRef(sha256_hex(data), len(data), Size(4, 4), str(path))


def test_that_status_tells_same_changed_and_missing_by_content(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    image = reference(picture)
    assert status(image, tmp_path) == "missing"
    picture.write_bytes(DATA)
    assert status(image, tmp_path) == "same"
    picture.write_bytes(DATA.swapcase())
    assert status(image, tmp_path) == "changed"
    picture.write_bytes(DATA + b"!")
    assert status(image, tmp_path) == "changed"
    picture.unlink()
    picture.mkdir()
    assert status(image, tmp_path) == "missing"


def test_that_a_picture_beside_the_benchmark_is_found_whatever_system_wrote_the_path(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(DATA)
    for path in ("/gone/a.png", "C:\\Users\\me\\a.png", "a.png", "./a.png"):
        assert resolve(reference(path), tmp_path) == tmp_path / "a.png"
    assert resolve(reference("/gone/b.png"), tmp_path) is None
    assert resolve(reference(""), tmp_path) is None
    assert resolve(reference("nul\0.png"), tmp_path) is None


def test_that_a_picture_of_the_right_length_is_preferred(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "here").mkdir()
    (tmp_path / "there" / "a.png").write_bytes(b"another picture under the same name")
    (tmp_path / "here" / "a.png").write_bytes(DATA)
    image = reference(tmp_path / "there" / "a.png")
    assert resolve(image, tmp_path / "here") == tmp_path / "here" / "a.png"
    assert located(image.path, "a.png", tmp_path / "here", len(DATA)) == str(tmp_path / "here" / "a.png")
    right = str(tmp_path / "here" / "a.png")
    assert located(right, "../there/a.png", tmp_path / "here", len(DATA)) == right


def test_that_paths_are_seen_from_the_benchmark_with_forward_slashes(tmp_path: Path) -> None:
    assert relative_to(str(tmp_path / "in" / "a.png"), tmp_path) == "in/a.png"
    assert relative_to(str(tmp_path / "a.png"), tmp_path / "deep" / "er") == "../../a.png"
    assert relative_to("a.png", tmp_path) is None


def test_that_pictures_are_found_again_under_other_names(tmp_path: Path) -> None:
    (tmp_path / "renamed.png").write_bytes(DATA)
    (tmp_path / "same length.png").write_bytes(DATA.swapcase())
    (tmp_path / "other.png").write_bytes(b"other")
    (tmp_path / "folder.png").mkdir()
    files = [*sorted(tmp_path.iterdir()), tmp_path / "gone.png"]
    wanted = {sha256_hex(DATA): len(DATA), "0" * 64: 999}
    assert find_by_hash(files, wanted) == {sha256_hex(DATA): tmp_path / "renamed.png"}


def test_that_a_search_can_be_stopped(tmp_path: Path) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        find_by_hash([tmp_path / "a.png"], {"0" * 64: 1}, progress)
