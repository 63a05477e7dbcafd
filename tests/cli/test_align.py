"""Aligning from the command line: by anchors, by pictures, refused, and only looked at."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import cv2
import pytest

from inspector.cli.coordinates import pairs_in
from inspector.domain.alignment import Match
from inspector.domain.benchmark import Run
from inspector.domain.geometry import Point, Similarity
from inspector.domain.placing import displacement
from inspector.errors import WrongUsage
from inspector.storage.inspect_file import InspectFile
from tests.cli.terminal import Done, call, contents
from tests.evaluation.alignment_accuracy import framed, view
from tests.unit.test_registration import texture

SIZE = (320, 260)
TO_FIXED = framed(Point(450, 450), 420, SIZE)
TO_MOVING = framed(Point(462, 445), 500, SIZE, 0.03)
TRUE = TO_MOVING.inverse().then(TO_FIXED)


def made(folder: Path, *, third: bool = False) -> Path:
    """Make a benchmark of two framings of one picture, and of another picture when asked for."""
    shown = texture(4)
    pictures = [view(shown, TO_FIXED, SIZE), view(shown, TO_MOVING, SIZE)]
    if third:
        pictures.append(view(texture(9), TO_FIXED, SIZE))
    paths = []
    for letter, pixels in zip("abc", pictures, strict=False):
        paths.append(folder / f"{letter}.png")
        cv2.imwrite(str(paths[-1]), pixels[..., :3])
    done = call("new", *paths, "-o", folder / "x.inspect")
    assert done.code == 0, done.err
    return folder / "x.inspect"


def run_in(path: Path) -> Run:
    """The run a file holds now."""
    file, history, _ = InspectFile.open(path, read_only=True)
    file.close()
    return history.present.runs[0]


def answer(done: Done) -> dict[str, Any]:
    """The one panel that a command reports."""
    found: dict[str, Any] = json.loads(done.out)
    (panel,) = found["panels"]
    return dict(panel)


def test_that_pictures_that_certainly_show_the_same_are_aligned_in_one_undo_step(tmp_path: Path) -> None:
    path = made(tmp_path)
    done = call("align", path, "--auto", "--json")
    assert done.code == 0, done.err
    told = answer(done)
    assert told["accepted"]
    assert told["correlation"] > 0.95
    assert told["scale"] == pytest.approx(TRUE.scale, abs=0.002)
    assert told["rotation"] == pytest.approx(math.degrees(TRUE.rotation), abs=0.1)
    panel = run_in(path).panels[1]
    assert displacement(panel, TRUE, panel.to_scene) < 1.0
    file, history, _ = InspectFile.open(path, read_only=True)
    file.close()
    assert len(history.past) == 1
    assert history.undone().present.runs[0].panels[1].to_scene == Similarity()


def test_that_aligning_again_changes_nothing(tmp_path: Path) -> None:
    path = made(tmp_path)
    assert call("align", path, "--auto").code == 0
    before = run_in(path)
    assert call("align", path, "--auto").code == 0
    assert run_in(path) == before


def test_that_another_picture_is_refused_in_a_sentence_and_the_rest_is_done(tmp_path: Path) -> None:
    path = made(tmp_path, third=True)
    done = call("align", path, "--auto", "--json")
    assert done.code == 1
    assert "C does not show the same picture as A" in done.err
    assert [panel["accepted"] for panel in json.loads(done.out)["panels"]] == [True, False]
    a, b, c = run_in(path).panels
    assert displacement(b, TRUE, b.to_scene) < 1.0
    assert (a.to_scene, c.to_scene) == (Similarity(), Similarity())


def test_that_a_refusal_alone_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = made(tmp_path, third=True)
    before = run_in(path)
    assert call("align", path, "--auto", "--panel", "c").code == 1
    assert run_in(path) == before


def test_that_anchors_align_and_are_kept(tmp_path: Path) -> None:
    path = made(tmp_path)
    places = (Point(60, 50), Point(250, 80), Point(140, 190))
    ends = [(at, TRUE.inverse().apply(at)) for at in places]
    text = " ".join(f"{a.x},{a.y}={b.x:.4f},{b.y:.4f}" for a, b in ends)
    done = call("align", path, "--anchors", text, "--json")
    assert done.code == 0, done.err
    told = answer(done)
    assert told["anchors"] == 3
    assert told["residual"] == pytest.approx(0, abs=0.01)
    assert told["placed"] == "aligned by 3 anchors (0.0 %)"
    run = run_in(path)
    assert run.match is Match.ANCHORS
    assert displacement(run.panels[1], TRUE, run.panels[1].to_scene) < 0.01
    assert [len(panel.anchors) for panel in run.panels] == [3, 3]
    shown = call("align", path)
    assert "aligned by 3 anchors (0.0 %)" in shown.out
    assert "Residual" in shown.out


def test_that_anchors_of_one_panel_leave_those_of_another(tmp_path: Path) -> None:
    path = made(tmp_path, third=True)
    assert call("align", path, "--panel", "B", "--anchors", "60,50=70,60 250,80=240,85").code == 0
    first = run_in(path).panels[1]
    assert call("align", path, "--panel", "C", "--anchors", "10,10=20,20 200,80=210,90 100,200=112,208").code == 0
    run = run_in(path)
    assert run.panels[1].to_scene == first.to_scene
    assert [len(panel.anchors) for panel in run.panels] == [5, 2, 3]


def test_that_looking_changes_no_byte(tmp_path: Path) -> None:
    path = made(tmp_path)
    before = contents(tmp_path)
    done = call("align", path, "--json")
    assert done.code == 0
    told = answer(done)
    assert (told["placed"], told["scale"], told["accepted"], told["residual"]) == ("by size", 1.0, None, None)
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--auto", "--anchors", "1,1=2,2 3,3=4,4"), "two ways"),
        (("--anchors", "1,1=2,2"), "1 pairs"),
        (("--anchors", "1,1=1,1 1,1=1,1"), "one spot"),
        (("--anchors", "1,1=999,2 3,3=4,4"), "outside picture B"),
        (("--panel", "Q"), "no panel"),
        (("--panel", "A"), "no panel"),
        (("--run", "7"), "no run"),
        (("--run", "other"), "no run"),
    ],
)
def test_that_wrong_requests_are_told_in_a_sentence(tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    path = made(tmp_path)
    before = contents(tmp_path)
    done = call("align", path, *options)
    assert done.code == 2
    assert words in done.err
    assert contents(tmp_path) == before


def test_that_a_run_is_found_by_its_name(tmp_path: Path) -> None:
    path = made(tmp_path)
    assert call("align", path, "--run", run_in(path).name.upper()).code == 0


def test_that_a_missing_picture_is_told(tmp_path: Path) -> None:
    path = made(tmp_path)
    (tmp_path / "b.png").unlink()
    done = call("align", path, "--auto")
    assert done.code == 1
    assert "not found" in done.err


@pytest.mark.parametrize("text", ["", "1,2", "1,2=3", "1,2=3,4=5,6", "a,b=c,d", "1,2=3,nan"])
def test_that_what_is_no_pair_is_refused(text: str) -> None:
    with pytest.raises(WrongUsage):
        pairs_in(text, "--anchors")


def test_that_pairs_may_have_spaces_inside() -> None:
    assert pairs_in("1, 2 = 3 ,4; 5,6=7,8", "--anchors") == (
        (Point(1, 2), Point(3, 4)),
        (Point(5, 6), Point(7, 8)),
    )
