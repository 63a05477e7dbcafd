"""Bad input: one sentence each, the right exit code, and nothing left behind or altered."""

from __future__ import annotations

import os
import sqlite3
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.terminal import benchmark_file, call, contents, environment, mark, picture, start

# The window's tests in the same process need an application with widgets: it must be the first one.
pytestmark = pytest.mark.usefixtures("qapp")

Words = list[object]


def _new(folder: Path, bad: Path, *more: object) -> Words:
    return ["new", picture(folder / "good.png", "Aurora 3"), bad, "-o", folder / "x.inspect", *more]


def _good_new(folder: Path, *more: object) -> Words:
    return _new(folder, picture(folder / "other.png"), *more)


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def half_a_picture(folder: Path) -> Words:
    whole = picture(folder / "whole.png", "Aurora 3").read_bytes()
    return _new(folder, _written(folder / "half.png", whole[: len(whole) // 2]))


def empty_picture(folder: Path) -> Words:
    return _new(folder, _written(folder / "empty.png", b""))


def text_as_picture(folder: Path) -> Words:
    return _new(folder, _written(folder / "text.png", b"no picture at all\n" * 50))


def folder_as_picture(folder: Path) -> Words:
    (folder / "folder.png").mkdir()
    return _new(folder, folder / "folder.png")


def missing_picture(folder: Path) -> Words:
    return _new(folder, folder / "missing.png")


def pipe_as_picture(folder: Path) -> Words:
    os.mkfifo(folder / "pipe.png")
    return _new(folder, folder / "pipe.png", "--embed")


def bomb(folder: Path) -> Words:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 20_000, 20_000, 8, 6, 0, 0, 0))
    data = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(80_001))) + chunk(b"IEND", b"")
    return _new(folder, _written(folder / "bomb.png", data))


def name_with_line_ends_and_escapes(folder: Path) -> Words:
    return _new(folder, folder / "two\nlines\x1b[31m.png")


def binary_prompt(folder: Path) -> Words:
    return _good_new(folder, "--prompt-file", _written(folder / "prompt.txt", b"\xff\x00\xfe\x81" * 9))


def missing_prompt(folder: Path) -> Words:
    return _good_new(folder, "--prompt-file", folder / "prompt.txt")


def existing_benchmark(folder: Path) -> Words:
    return ["new", folder / "a.png", folder / "b.png", "-o", benchmark_file(folder)]


def no_output_folder(folder: Path) -> Words:
    return _good_new(folder, "-o", folder / "missing" / "x.inspect", "--embed")


def benchmark_named_as_folder(folder: Path) -> Words:
    (folder / "y.inspect").mkdir()
    return _good_new(folder, "-o", folder / "y.inspect", "--force")


def text_as_benchmark(folder: Path) -> Words:
    return ["info", _written(folder / "x.inspect", b"no benchmark at all\n" * 50), "--json"]


def foreign_database(folder: Path) -> Words:
    with sqlite3.connect(folder / "x.inspect") as database:
        database.execute("CREATE TABLE other (x)")
    database.close()
    return ["card", folder / "x.inspect", "-o", folder / "card.png"]


def half_a_benchmark(folder: Path) -> Words:
    whole = benchmark_file(folder).read_bytes()
    return ["info", _written(folder / "half.inspect", whole[: len(whole) // 2])]


def empty_benchmark(folder: Path) -> Words:
    return ["card", _written(folder / "x.inspect", b""), "-o", folder / "card.png"]


def missing_benchmark(folder: Path) -> Words:
    return ["info", folder / "x.inspect"]


def folder_as_benchmark(folder: Path) -> Words:
    return ["info", folder]


def pipe_as_benchmark(folder: Path) -> Words:
    os.mkfifo(folder / "x.inspect")
    return ["info", folder / "x.inspect"]


def no_card_folder(folder: Path) -> Words:
    return ["card", benchmark_file(folder), "-o", folder / "missing" / "card.png"]


def card_named_as_folder(folder: Path) -> Words:
    (folder / "card.png").mkdir()
    return ["card", benchmark_file(folder), "-o", folder / "card.png"]


def card_over_its_own_picture(folder: Path) -> Words:
    return ["card", benchmark_file(folder), "-o", folder / "b.png"]


def card_without_its_picture(folder: Path) -> Words:
    path = benchmark_file(folder)
    (folder / "b.png").unlink()
    return ["card", path, "-o", folder / "card.png"]


def too_large_to_paint(folder: Path) -> Words:
    a, b = (picture(folder / f"{name}.png", size=(66_000, 2)) for name in "ab")
    assert call("new", a, b, "-o", folder / "x.inspect").code == 0
    return ["card", folder / "x.inspect", "-o", folder / "card.jpg", "--size", "native"]


def cards_into_a_file(folder: Path) -> Words:
    return ["demo", "--export", _written(folder / "cards", b"a file")]


def cards_below_a_file(folder: Path) -> Words:
    return ["demo", "--export", _written(folder / "cards", b"a file") / "below"]


def prompt_of_a_missing_picture(folder: Path) -> Words:
    return ["prompt", folder / "missing.png"]


def prompt_of_a_folder(folder: Path) -> Words:
    return ["prompt", folder]


def prompt_of_a_text(folder: Path) -> Words:
    return ["prompt", _written(folder / "text.png", b"no picture at all\n" * 50)]


def missing_file_for_the_window(folder: Path) -> Words:
    return [folder / "missing.png"]


FAILURES = [
    half_a_picture,
    empty_picture,
    text_as_picture,
    folder_as_picture,
    missing_picture,
    pipe_as_picture,
    bomb,
    name_with_line_ends_and_escapes,
    binary_prompt,
    missing_prompt,
    existing_benchmark,
    no_output_folder,
    benchmark_named_as_folder,
    text_as_benchmark,
    foreign_database,
    half_a_benchmark,
    empty_benchmark,
    missing_benchmark,
    folder_as_benchmark,
    pipe_as_benchmark,
    no_card_folder,
    card_named_as_folder,
    card_over_its_own_picture,
    card_without_its_picture,
    too_large_to_paint,
    cards_into_a_file,
    cards_below_a_file,
    prompt_of_a_missing_picture,
    prompt_of_a_folder,
    prompt_of_a_text,
    missing_file_for_the_window,
]

WRONG = {
    "one picture": lambda f: ["new", picture(f / "a.png"), "-o", f / "x.inspect"],
    "ten pictures": lambda f: ["new", *[picture(f / "a.png")] * 10, "-o", f / "x.inspect"],
    "more labels than pictures": lambda f: _good_new(f, "--label", "a", "--label", "b", "--label", "c"),
    "two prompts": lambda f: _good_new(f, "--prompt", "a", "--prompt-file", f / "b.txt"),
    "unknown preset": lambda f: _good_new(f, "--preset", "feet"),
    "benchmark named as a picture": lambda f: _good_new(f, "-o", picture(f / "x.png"), "--force"),
    "benchmark named as a text": lambda f: _good_new(f, "-o", f / "x.txt"),
    "unknown card format": lambda f: ["card", benchmark_file(f), "-o", f / "card.gif"],
    "no output": lambda f: ["new", picture(f / "a.png"), picture(f / "b.png")],
    "unknown size": lambda f: ["card", benchmark_file(f), "-o", f / "c.png", "--size", "huge"],
    "run out of range": lambda f: ["card", benchmark_file(f), "-o", f / "c.png", "--run", "7"],
    "run that is no number": lambda f: ["card", benchmark_file(f), "-o", f / "c.png", "--run", "x"],
    "unknown zone": lambda f: ["card", benchmark_file(f), "-o", f / "c.png", "--zone", "tail"],
    "zone not drawn": lambda f: ["card", benchmark_file(f), "-o", f / "c.png", "--zone", "teeth"],
    "zone and whole": lambda f: ["card", benchmark_file(f), "-o", f / "c.png", "--zone", "teeth", "--whole"],
    "quality out of range": lambda f: ["card", benchmark_file(f), "-o", f / "c.jpg", "--quality", "0"],
    "unknown option": lambda f: ["info", f, "--xml"],
    "no file": lambda f: ["info"],
    "benchmark among pictures": lambda f: [benchmark_file(f), f / "a.png"],
    "mistyped command": lambda f: ["inof", f],
}


@pytest.mark.parametrize("case", FAILURES)
def test_that_bad_input_gives_its_sentence_and_exit_code_1(tmp_path: Path, case: Callable[[Path], Words]) -> None:
    words = case(tmp_path)
    before = contents(tmp_path)
    done = call(*words)
    _is_one_sentence(done.err)
    assert (done.code, done.out) == (1, "")
    assert contents(tmp_path) == before


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG)
def test_that_wrong_usage_gives_its_sentence_and_exit_code_2(tmp_path: Path, case: Callable[[Path], Words]) -> None:
    words = case(tmp_path)
    before = contents(tmp_path)
    done = call(*words)
    _is_one_sentence(done.err)
    assert (done.code, done.out) == (2, "")
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--size", "huge"], ["ig-portrait", "square", "story", "landscape", "native"]),
        (["--run", "2"], ["1 (Baseline)"]),
        (["--zone", "skin"], ["Teeth"]),
    ],
)
def test_that_a_wrong_choice_is_answered_with_the_right_ones(
    tmp_path: Path, words: list[str], named: list[str]
) -> None:
    path = benchmark_file(tmp_path)
    mark(path)
    said = call("card", path, "-o", tmp_path / "card.png", *words).err
    assert all(name in said for name in named)


def test_that_an_unknown_preset_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    said = call(*_good_new(tmp_path, "--preset", "feet")).err
    assert all(name in said for name in ("mouth", "face", "low-light"))


def test_that_no_page_of_a_carousel_replaces_a_judged_picture(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    first = benchmark_file(tmp_path, "--title", "Smile")
    written = call("card", first, "-o", folder, "--kind", "carousel").out.splitlines()
    page = Path(written[0])
    second = tmp_path / "second.inspect"
    assert call("new", page, tmp_path / "b.png", "-o", second, "--title", "Smile").code == 0
    before = contents(tmp_path)
    done = call("card", second, "-o", folder, "--kind", "carousel")
    assert done.code == 1
    assert "picture of this benchmark" in done.err
    assert contents(tmp_path) == before


def test_that_each_bad_picture_gets_its_own_sentence(tmp_path: Path) -> None:
    empty, text = _written(tmp_path / "empty.png", b""), _written(tmp_path / "text.png", b"text " * 99)
    done = call("new", empty, picture(tmp_path / "good.png"), text, tmp_path / "gone.png", "-o", tmp_path / "x.inspect")
    assert done.code == 1
    assert all(name in line for name, line in zip(("empty", "text", "gone"), done.err.splitlines(), strict=True))
    assert not (tmp_path / "x.inspect").exists()


def test_that_what_is_no_picture_is_not_said_to_have_no_prompt(tmp_path: Path) -> None:
    said = call(*prompt_of_a_text(tmp_path)).err
    assert "not a picture" in said
    assert "made" not in said


def test_that_the_sentence_names_the_file_with_its_folder(tmp_path: Path) -> None:
    assert str(tmp_path / "missing.png") in call("prompt", tmp_path / "missing.png").err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read and write everything")
def test_that_files_without_permission_are_refused(tmp_path: Path) -> None:
    locked = picture(tmp_path / "locked.png")
    locked.chmod(0)
    done = call("prompt", locked)
    assert done.code == 1
    _is_one_sentence(done.err)


@pytest.mark.skipif(sys.platform == "win32", reason="no file size limits")
@pytest.mark.parametrize("words", [["card", "made.inspect", "-o", "a card.png"], ["new", "a.png", "b.png", "--embed"]])
def test_that_a_full_disk_leaves_everything_as_it_was(tmp_path: Path, words: list[str]) -> None:
    benchmark_file(tmp_path)
    if words[0] == "card":
        (tmp_path / "a card.png").write_bytes(b"the old card")
    else:
        words = [*words, "-o", "made.inspect", "--force"]
    before = contents(tmp_path)

    import resource

    def fill_the_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))

    done = start(*words, cwd=tmp_path, before=fill_the_disk, PYTHONDONTWRITEBYTECODE="1")
    assert done.code == 1
    _is_one_sentence(done.err)
    assert words[-1] in done.err or "made.inspect" in done.err
    assert contents(tmp_path) == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_that_output_that_cannot_be_written_is_no_success(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "inspector", "prompt", str(picture(tmp_path / "a.png", "Aurora 3")), "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment(),
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 1
    _is_one_sentence(done.stderr)


def _is_one_sentence(said: str) -> None:
    assert said.startswith("inspector: ")
    assert said.endswith("\n")
    assert said.count("\n") == 1
    assert "Traceback" not in said
    assert not any(ord(ch) < 32 for ch in said[:-1])
