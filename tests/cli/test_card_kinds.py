"""Every kind of card from a terminal: kinds, formats, themes, zones, sizes of files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from inspector.files import resource
from inspector.workbench.card_themes import themes_folder
from tests.cli.terminal import benchmark_file, call, change, mark

# One process can have one application only, and the tests of the window need a full one.
pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A benchmark with two marked pictures."""
    made = benchmark_file(tmp_path)
    mark(made)
    return made


@pytest.mark.parametrize("kind", ["overview", "closeups", "flaws", "prompt", "carousel", "series"])
def test_that_every_kind_becomes_a_pdf(path: Path, tmp_path: Path, kind: str) -> None:
    done = call("card", path, "-o", tmp_path / "card.pdf", "--kind", kind)
    assert (done.code, done.out.strip()) == (0, str(tmp_path / "card.pdf"))
    data = (tmp_path / "card.pdf").read_bytes()
    assert data.startswith(b"%PDF-")
    assert b"AIPromptInformation" in data
    for secret in (str(tmp_path), str(Path.home()), "a.png"):
        assert secret.encode() not in data
        assert secret.encode("utf-16-be") not in data


def test_that_a_carousel_becomes_numbered_files_in_a_folder_that_is_made(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "post"
    done = call("card", path, "-o", folder, "--kind", "carousel", "--format", "webp", "--size", "square")
    assert done.code == 0
    written = sorted(folder.iterdir())
    assert [Path(line) for line in done.out.splitlines()] == written
    assert [file.stem.rsplit("-", 2)[1] for file in written] == [f"{n:02d}" for n in range(1, len(written) + 1)]
    for file in written:
        with Image.open(file) as made:
            assert (made.format, made.size) == ("WEBP", (1080, 1080))


def test_that_several_pages_in_one_picture_are_refused_and_nothing_is_written(path: Path, tmp_path: Path) -> None:
    done = call("card", path, "-o", tmp_path / "card.png", "--kind", "carousel")
    assert done.code == 1
    assert "pages" in done.err
    assert ".pdf" in done.err
    assert not (tmp_path / "card.png").exists()


@pytest.mark.parametrize("suffix", [".jpg", ".webp", ".avif"])
def test_that_a_card_fits_under_a_number_of_bytes(path: Path, tmp_path: Path, suffix: str) -> None:
    card = tmp_path / f"card{suffix}"
    assert call("card", path, "-o", card, "--max-bytes", 110_000).code == 0
    assert card.stat().st_size <= 110_000


def test_that_a_png_that_is_too_large_is_refused_with_a_way_out(path: Path, tmp_path: Path) -> None:
    done = call("card", path, "-o", tmp_path / "card.png", "--max-bytes", 2000)
    assert done.code == 1
    assert "Choose JPEG, WebP or AVIF" in done.err
    assert not (tmp_path / "card.png").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--kind", "poster"], "no kind of card “poster”"),
        (["--theme", "neon"], "no card theme “neon”"),
        (["--format", "gif"], "no card format “gif”"),
        (["--format", "webp"], "not the name of a WebP"),
        (["--profile", "secret"], "no profile “secret”"),
        (["--max-bytes", "-1"], "no number of bytes"),
        (["--zone", "teeth", "--zone", "teeth"], "one zone or the whole"),
        (["--kind", "closeups", "--zone", "elbow"], "no zone “elbow”"),
    ],
)
def test_that_a_wrong_wish_is_one_sentence_and_exit_code_2(
    path: Path, tmp_path: Path, words: list[str], said: str
) -> None:
    done = call("card", path, "-o", tmp_path / "card.png", *words)
    assert done.code == 2
    assert said in done.err
    assert done.err.count("\n") == 1
    assert not (tmp_path / "card.png").exists()


def test_that_a_theme_of_the_user_can_be_named(path: Path, tmp_path: Path) -> None:
    first = json.loads(resource("cards", "themes.json").read_text("utf-8"))["themes"][0]
    themes_folder().mkdir()
    (themes_folder() / "mine.json").write_text(
        json.dumps({**first, "id": "mine", "name": "Mine", "background": "#102030"}), "utf-8"
    )
    assert call("card", path, "-o", tmp_path / "card.png", "--theme", "mine").code == 0
    with Image.open(tmp_path / "card.png") as made:
        assert made.getpixel((2, 2)) == (0x10, 0x20, 0x30)


def test_that_an_archive_card_carries_the_benchmark_and_a_shared_one_does_not(path: Path, tmp_path: Path) -> None:
    for suffix in (".png", ".pdf"):
        shared, archived = tmp_path / f"shared{suffix}", tmp_path / f"archived{suffix}"
        assert call("card", path, "-o", shared).code == 0
        assert call("card", path, "-o", archived, "--profile", "archive").code == 0
        name = b"inspector:benchmark" if suffix == ".png" else b"/EmbeddedFile"
        assert name not in shared.read_bytes()
        assert name in archived.read_bytes()


@pytest.mark.parametrize("suffix", [".jpg", ".webp", ".avif"])
def test_that_a_format_without_room_gets_its_benchmark_beside_it(path: Path, tmp_path: Path, suffix: str) -> None:
    card, beside = tmp_path / f"card{suffix}", tmp_path / "card.json"
    made = call("card", path, "-o", card, "--profile", "archive")
    assert made.code == 0
    assert made.out.split() == [str(card), str(beside)]
    assert call("open", card, "-o", tmp_path / "back.inspect").code == 0
    # A card made again replaces its own file, and nobody else's.
    assert call("card", path, "-o", card, "--profile", "archive").code == 0
    beside.write_text('{"prompt": "of a generator"}')
    before = card.read_bytes()
    refused = call("card", path, "-o", card, "--profile", "archive")
    assert refused.code == 1
    assert "no benchmark of a card" in refused.err
    assert beside.read_text() == '{"prompt": "of a generator"}'
    assert card.read_bytes() == before
    assert call("card", path, "-o", card).code == 0


def test_that_people_and_a_long_description_go_into_the_file_where_asked(path: Path, tmp_path: Path) -> None:
    plain, named = tmp_path / "plain.png", tmp_path / "named.png"
    people = ("--prompt-writer", "Ada Prompt", "--creator", "Bo Maker", "--rights", "© Bo", "--describe", "At length.")
    assert call("card", path, "-o", plain).code == 0
    assert call("card", path, "-o", named, *people).code == 0
    words = [b"<Iptc4xmpExt:AIPromptWriterName>Ada Prompt<", b"Bo Maker", "© Bo".encode(), b"At length."]
    assert all(word in named.read_bytes() for word in words)
    assert not any(word in plain.read_bytes() for word in (b"AIPromptWriterName", b"dc:creator", b"dc:rights"))


def test_that_a_series_shows_every_run(path: Path, tmp_path: Path) -> None:
    change(path, lambda b: replace(b, runs=(*b.runs, replace(b.runs[0], id="second", name="Laugh", changed="seed"))))
    done = call("card", path, "-o", tmp_path / "card.png", "--kind", "series")
    assert done.code == 0
    with Image.open(tmp_path / "card.png") as made:
        assert made.size == (1080, 1350)


def test_that_a_part_of_the_scene_is_shown_close_up(path: Path, tmp_path: Path) -> None:
    done = call("card", path, "-o", tmp_path / "close.png", "--kind", "closeups", "--zone", "10,10,60,40")
    assert (done.code, done.out.strip()) == (0, str(tmp_path / "close.png"))
    over = call("card", path, "-o", tmp_path / "part.png", "--zone", "10,10,60,40")
    assert over.code == 0
    whole = call("card", path, "-o", tmp_path / "whole.png", "--whole")
    assert whole.code == 0
    assert (tmp_path / "part.png").read_bytes() != (tmp_path / "whole.png").read_bytes()


@pytest.mark.parametrize("rect", ["9000,9000,10,10", "1,2,0,5", "1,2,3", "nan,0,5,5"])
def test_that_a_part_of_the_scene_that_shows_nothing_is_refused(path: Path, tmp_path: Path, rect: str) -> None:
    done = call("card", path, "-o", tmp_path / "close.png", "--kind", "closeups", "--zone", rect)
    assert done.code != 0
    assert "Traceback" not in done.err
    assert rect in done.err
    assert not (tmp_path / "close.png").exists()
