"""How the command line starts: commands or files, with and without a display, interrupted, unread, and gone wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import inspector
from inspector.cli import main as command_line
from inspector.cli.arguments import FILES, directed
from inspector.cli.console import harmless
from inspector.cli.invocation import Invocation
from inspector.errors import SetupFault
from inspector.progress import Cancelled
from tests.cli.terminal import Done, benchmark_file, call, contents, environment, picture, start

COMMANDS = ("new", "info", "card", "export", "import", "open", "zones", "prompt", "demo", "doctor")
_PATIENCE = 60


class Window:
    """Stands for the window: remembers what it was asked to show."""

    def __init__(self, code: int = 0) -> None:
        self.asked: list[tuple[list[str], bool]] = []
        self._code = code

    def __call__(self, paths: Sequence[Path] = (), *, demo: bool = False) -> int:
        self.asked.append(([str(path) for path in paths], demo))
        return self._code

    def run(self, *arguments: object, from_terminal: bool = True) -> Done:
        """Run the command line with this window."""
        return call(*arguments, run=partial(_run, Invocation(self, from_terminal=from_terminal)))


def _run(invocation: Invocation, arguments: Sequence[str]) -> int:
    return command_line._run(arguments, invocation)


@pytest.mark.parametrize(
    ("words", "directed_words"),
    [
        ([], []),
        (["--version"], ["--version"]),
        (["info", "x.inspect"], ["info", "x.inspect"]),
        (["--debug", "info", "x"], ["--debug", "info", "x"]),
        (["a.png", "info"], [FILES, "a.png", "info"]),
        (["./info"], [FILES, "./info"]),
        (["--debug", "a.png"], ["--debug", FILES, "a.png"]),
        (["--", "info", "-x"], [FILES, "--", "info", "-x"]),
        (["-"], [FILES, "-"]),
        ([FILES], [FILES, FILES]),
    ],
)
def test_that_a_word_which_is_no_command_begins_the_files(words: list[str], directed_words: list[str]) -> None:
    assert directed(words, COMMANDS) == directed_words


@given(st.lists(st.text(max_size=5) | st.sampled_from((*COMMANDS, "--", "--debug", FILES))))
def test_that_directing_adds_at_most_one_word(words: list[str]) -> None:
    found = directed(words, COMMANDS)
    if found != words:
        found.remove(FILES)
    assert found == words


@given(st.text())
def test_that_no_text_can_steer_the_terminal(text: str) -> None:
    shown = harmless(text)
    assert not any(ord(ch) < 32 or 0x7F <= ord(ch) < 0xA0 or 0x202A <= ord(ch) <= 0x202E for ch in shown)
    assert harmless("plain “words” 微笑") == "plain “words” 微笑"


def test_that_pictures_and_a_benchmark_open_the_window(tmp_path: Path) -> None:
    benchmark = benchmark_file(tmp_path)
    pictures = [str(tmp_path / "a.png"), str(tmp_path / "b.png")]
    window = Window(code=0)
    assert window.run().code == 0
    assert window.run(*pictures).code == 0
    assert window.run("--", benchmark).code == 0
    assert window.run("demo").code == 0
    assert window.asked == [([], False), (pictures, False), ([str(benchmark)], False), ([], True)]


def test_that_a_file_called_like_a_command_can_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture(tmp_path / "a.png").rename(tmp_path / "info")
    monkeypatch.chdir(tmp_path)
    window = Window()
    assert window.run("./info").code == 0
    assert window.run("--", "info").code == 0
    assert [Path(paths[0]).name for paths, _ in window.asked] == ["info", "info"]


def test_that_the_exit_code_of_the_window_is_passed_on(tmp_path: Path) -> None:
    assert Window(code=7).run(picture(tmp_path / "a.png")).code == 7
    assert Window(code=7).run().code == 7


def test_that_a_missing_file_is_told_in_the_terminal_and_otherwise_in_the_window(tmp_path: Path) -> None:
    window = Window()
    assert window.run(tmp_path / "missing.png").code == 1
    assert window.asked == []
    assert window.run(tmp_path / "missing.png", from_terminal=False).code == 0
    assert window.asked == [([str(tmp_path / "missing.png")], False)]


@pytest.mark.parametrize("words", [[], ["demo"], ["a.png"]])
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a display")
def test_that_without_a_display_the_window_is_refused_with_exit_code_3(tmp_path: Path, words: list[str]) -> None:
    picture(tmp_path / "a.png")
    done = start(*words, cwd=tmp_path)
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith("inspector: No display answers")
    assert done.err.count("\n") == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a display")
def test_that_a_display_which_does_not_answer_is_refused(tmp_path: Path) -> None:
    done = start("demo", cwd=tmp_path, DISPLAY=":4711", QT_QPA_PLATFORM="xcb")
    assert done.code == 3
    assert done.err.startswith("inspector: No display answers")


def test_that_the_version_and_the_help_are_told(tmp_path: Path) -> None:
    done = start("--version", cwd=tmp_path)
    assert (done.code, done.out, done.err) == (0, f"inspector {inspector.__version__}\n", "")
    assert all(f"  {command} " in call("--help").out for command in COMMANDS)
    for command in COMMANDS:
        assert call(command, "--help").out.startswith(f"Usage: inspector {command}")


def test_that_the_doctor_answers_in_words_and_in_json() -> None:
    done = call("doctor", "--json")
    found = json.loads(done.out)
    assert done.code == (0 if found["ok"] else 3)
    names = {row["name"] for row in found["findings"]}
    assert {"Python and PySide6", "Display", "Data folder"} <= names
    assert all(name in call("doctor").out for name in names)


def test_that_the_doctor_finds_a_data_folder_nobody_can_write_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").write_bytes(b"")
    monkeypatch.setenv("INSPECTOR_DATA", str(tmp_path / "a file" / "data"))
    done = call("doctor")
    assert done.code == 3
    assert "PROBLEM  Data folder" in done.out


def test_that_a_fault_of_the_program_is_one_sentence_and_goes_to_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSPECTOR_DATA", str(tmp_path))
    done = _broken(ZeroDivisionError("secret \ud800 sum"))
    assert done.code == 1
    assert done.err.count("\n") == 1
    assert "Traceback" not in done.err
    assert str(tmp_path / "inspector.log") in done.err
    log = (tmp_path / "inspector.log").read_text(encoding="utf-8")
    assert "Traceback" in log
    assert "ZeroDivisionError: secret" in log


def test_that_a_fault_of_the_program_is_shown_whole_on_demand() -> None:
    done = _broken(ZeroDivisionError("secret sum"), "--debug")
    assert done.code == 1
    assert "Traceback" in done.err
    assert "secret sum" in done.err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ImportError("libEGL.so.1: cannot open shared object file"), 3),
        (SetupFault("The demo is damaged.", hint="Install Inspector again."), 3),
        (MemoryError(), 1),
        (Cancelled(), 130),
        (KeyboardInterrupt(), 130),
    ],
)
def test_that_every_way_to_fail_has_its_exit_code_and_sentence(error: BaseException, code: int) -> None:
    done = _broken(error)
    assert done.code == code
    assert done.err.startswith("inspector: ")
    assert done.err.count("\n") == 1


def test_that_a_reader_who_stops_reading_is_no_fault(tmp_path: Path) -> None:
    path = benchmark_file(tmp_path, "--prompt", "long prompt " * 20_000)
    command = [sys.executable, "-m", "inspector", "info", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.read(10)
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no signals")
def test_that_an_interrupted_export_stops_and_leaves_no_half_card(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "inspector", "demo", "--export", str(tmp_path / "cards")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as running:
        assert _comes(lambda: (tmp_path / "cards" / "demo-ig-portrait.png").exists())
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=_PATIENCE)
    assert running.returncode == 130
    assert said == b"inspector: Stopped.\n"
    left = set(contents(tmp_path / "cards"))
    assert "demo-ig-portrait.png" in left
    assert "demo-native.png" not in left
    assert all(name.endswith(".png") for name in left)


@pytest.mark.skipif(sys.platform == "win32", reason="no terminals of this kind")
def test_that_a_terminal_shows_how_far_the_work_is(tmp_path: Path) -> None:
    import pty

    picture(tmp_path / "a.png", "Aurora 3")
    picture(tmp_path / "b.png", "Helio XL")
    try:
        ours, theirs = pty.openpty()
    except OSError:
        pytest.skip("this machine lends no terminals")
    done = subprocess.run(
        [sys.executable, "-m", "inspector", "new", "a.png", "b.png", "-o", "x.inspect"],
        cwd=tmp_path,
        env=environment(TERM="xterm"),
        stdout=subprocess.PIPE,
        stderr=theirs,
        check=False,
    )
    os.close(theirs)
    said = b"".join(_everything_from(ours)).decode()
    assert (done.returncode, done.stdout) == (0, b"x.inspect\n")
    assert "%" in said
    assert "Traceback" not in said


def test_that_names_and_output_outside_utf_8_are_no_trouble(tmp_path: Path) -> None:
    a, b = picture(tmp_path / "a.png", "Aurora 3"), picture(tmp_path / "b.png")
    if sys.platform.startswith("linux"):
        b = b.rename(tmp_path / os.fsdecode(b"b\xff.png"))
    made = start("new", a, b, "-o", tmp_path / "x.inspect", cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert (made.code, made.err) == (0, "")
    as_json = start("info", tmp_path / "x.inspect", "--json", cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert as_json.out.isascii()
    (run,) = json.loads(as_json.out)["runs"]
    assert run["prompt"] == "extreme close-up of a smile, 微笑"
    assert start("info", tmp_path / "x.inspect", cwd=tmp_path, PYTHONIOENCODING="ascii").code == 0


def _broken(error: BaseException, *options: str) -> Done:
    """Run the command line with a window that fails."""

    def window(paths: Sequence[Path] = (), *, demo: bool = False) -> int:
        raise error

    return call(*options, "demo", run=partial(_run, Invocation(window)))


def _comes(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def _everything_from(handle: int) -> Iterator[bytes]:
    try:
        while data := os.read(handle, 4096):
            yield data
    except OSError:  # Linux ends a terminal nobody writes to any more with EIO
        pass
    finally:
        os.close(handle)
