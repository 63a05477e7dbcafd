"""`inspector check`: a folder of files, each opened or refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inspector.storage.inspect_file import InspectFile
from inspector.workbench import checking
from inspector.workbench.checking import Checked, Result
from tests.cli.terminal import benchmark_file, call, environment, picture


def test_that_each_file_is_told_with_its_outcome(tmp_path: Path) -> None:
    benchmark_file(tmp_path)
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "b\n\x1b[31m.png").write_bytes(b"no picture")
    done = call("check", tmp_path, "--json")
    found = {Path(one["file"]).name: one for one in json.loads(done.out)}
    assert done.code == 0
    assert {name: one["result"] for name, one in found.items()} == {
        "a.png": "opened",
        "b.png": "opened",
        "made.inspect": "opened",
        "b\n\x1b[31m.png": "refused",
    }
    assert set(found["a.png"]) == {"file", "result", "reason", "seconds", "peak_mb"}
    assert found["a.png"]["seconds"] > 0
    assert found["a.png"]["peak_mb"] > 10
    said = call("check", tmp_path)
    assert "\x1b" not in said.out
    assert len(said.out.splitlines()) == 4
    assert said.err == "inspector: 4 files: 3 opened, 1 refused.\n"


def test_that_a_benchmark_is_only_looked_at_and_a_damaged_one_refused(tmp_path: Path) -> None:
    path = benchmark_file(tmp_path)
    file, _, _ = InspectFile.open(path)
    before = path.read_bytes()
    (tmp_path / "half.inspect").write_bytes(before[: len(before) // 2])
    found = {Path(one["file"]).name: one["result"] for one in json.loads(call("check", tmp_path, "--json").out)}
    file.close()
    assert (found[path.name], found["half.inspect"]) == ("opened", "refused")
    assert path.read_bytes() == before


def test_that_a_crash_is_exit_code_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crashed = Checked(tmp_path / "a.png", Result.CRASHED, "It ended.", 1.0, 2.0)
    monkeypatch.setattr(checking, "check_folder", lambda *_: (crashed,))
    done = call("check", tmp_path)
    assert done.code == 1
    assert "crashed" in done.out


def test_that_no_folder_and_no_file_are_one_sentence(tmp_path: Path) -> None:
    assert call("check", tmp_path).err == "inspector: There is no file in that folder.\n"
    done = call("check", tmp_path / "nowhere")
    assert done.code == 1
    assert done.err.count("\n") == 1
    assert "does not exist" in done.err
    assert call("check", picture(tmp_path / "a.png"), "--json").code == 0
    assert call("check", tmp_path, "--seconds", "0").code == 2


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_that_ctrl_c_stops_it_cleanly(tmp_path: Path) -> None:
    one = picture(tmp_path / "one.png", size=(700, 500))
    for number in range(400):
        os.link(one, tmp_path / f"{number}.png")
    command = [sys.executable, "-m", "inspector", "check", str(tmp_path), "--json"]
    with subprocess.Popen(
        command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as child:
        children = Path(f"/proc/{child.pid}/task/{child.pid}/children")
        started = time.monotonic()
        while children.exists() and len(children.read_text().split()) < 3 and time.monotonic() - started < 30:
            time.sleep(0.02)
        os.killpg(child.pid, signal.SIGINT)
        out, err = child.communicate(timeout=60)
    assert (child.returncode, out, err) == (130, "", "inspector: Stopped.\n")
