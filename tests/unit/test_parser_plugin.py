"""A user's own face-parsing model, end to end: manifest, hash, small real models, proposals, an accepted edit."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inspector.domain.benchmark import Benchmark, ImageRef, Panel, Run, new_id
from inspector.domain.geometry import Point, Size
from inspector.domain.shapes import Outline, bounds
from inspector.errors import BadInput, SetupFault, WrongUsage
from inspector.imaging.regions import area, intersect, to_geometry
from inspector.imaging.zones.parser import CLOSE_UP_NOTE, load_parser, propose_by_parser
from inspector.imaging.zones.parser_manifest import read_manifest
from inspector.imaging.zones.proposal import Proposal
from inspector.imaging.zones.seeds import proposals_from
from inspector.progress import Cancelled, Progress
from inspector.workbench.parsers import (
    BrokenParser,
    ParserInfo,
    choose_parser,
    chosen_name,
    find_with_parser,
    installed_parsers,
    parsers_folder,
)
from inspector.workbench.tools.assisted import MouthTool
from inspector.workbench.tools.base import Context, Wanted
from inspector.workbench.view import ViewState
from inspector.workbench.vocabulary import load_taxonomy
from tests.parser_models import face, install, model

SIZE = (128, 128)


def proposed(manifest: Path, *, zoom: float = 1.0, bordered: bool | None = None) -> dict[str, Proposal]:
    found = propose_by_parser(face(zoom=zoom), load_parser(read_manifest(manifest)), bordered=bordered)
    assert len({one.zone for one in found}) == len(found)
    return {one.zone: one for one in found}


def ellipse(across: float, down: float) -> Outline:
    """Return an ellipse in the middle of `face()`."""
    steps = [math.tau * k / 48 for k in range(48)]
    return Outline(tuple(Point(240.5 + across * math.cos(t), 200.5 + down * math.sin(t)) for t in steps))


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("class_map", [False, True])
def test_that_a_model_proposes_what_the_picture_shows(tmp_path: Path, layout: str, class_map: bool) -> None:
    data = model(SIZE, layout=layout, class_map=class_map)
    found = proposed(install(tmp_path / "m", data, layout=layout))
    assert list(found) == ["skin", "lips", "teeth"]
    teeth, whole = ellipse(48, 14), ellipse(70, 34)
    assert overlap(found["teeth"], teeth) > 0.9
    assert area(found["lips"].shape) == pytest.approx(area(whole) - area(teeth), rel=0.04)
    assert area(intersect(found["lips"].shape, teeth)) < 0.08 * area(teeth)
    assert all(isinstance(one.shape, Outline) and len(one.shape.points) <= 50 for one in found.values())
    assert all(one.before is not None and 0.8 < one.quality <= 1 and one.note == "" for one in found.values())


def overlap(proposal: Proposal, truth: Outline) -> float:
    common = area(intersect(proposal.shape, truth))
    return common / (area(proposal.shape) + area(truth) - common)


def test_that_the_picture_sharpens_what_a_coarse_model_says(tmp_path: Path) -> None:
    coarse = model((64, 64))
    found = proposed(install(tmp_path / "m", coarse, input_size=[64, 64]))["teeth"]
    before = found.before
    assert isinstance(before, Outline)
    truth = ellipse(48, 14)
    kept = area(intersect(before, truth)) / (area(before) + area(truth) - area(intersect(before, truth)))
    assert overlap(found, truth) > kept


def test_that_mean_std_and_order_of_channels_are_those_of_the_manifest(tmp_path: Path) -> None:
    data = model(SIZE)
    assert set(proposed(install(tmp_path / "m", data))) == {"skin", "lips", "teeth"}
    # Pixels near 0 are all nearest to the ground colour, which is no zone.
    assert proposed(install(tmp_path / "dark", data, std=[50, 50, 50])) == {}
    shifted = proposed(install(tmp_path / "light", data, mean=[-0.4, -0.4, -0.4]))
    assert "teeth" in shifted
    assert area(shifted["teeth"].shape) > area(ellipse(70, 34))


def test_that_several_classes_make_one_zone(tmp_path: Path) -> None:
    labels = {"1": "lips", "2": "lips"}
    found = proposed(install(tmp_path / "m", model(SIZE), labels=labels))
    assert list(found) == ["lips"]
    assert overlap(found["lips"], ellipse(70, 34)) > 0.95


def test_that_a_close_up_is_seen_again_with_a_grey_border_by_models_of_whole_faces(tmp_path: Path) -> None:
    manifest = install(tmp_path / "m", model(SIZE), framing="whole_face")
    assert all(one.note == "" for one in proposed(manifest).values())
    close = proposed(manifest, zoom=3.2)
    assert set(close) >= {"lips", "teeth"}
    assert all(CLOSE_UP_NOTE in one.note for one in close.values())
    assert overlap(close["teeth"], ellipse(48 * 3.2, 14 * 3.2)) > 0.9
    anywhere = install(tmp_path / "n", model(SIZE), framing="any")
    assert all(one.note == "" for one in proposed(anywhere, zoom=3.2).values())


def test_that_the_border_leaves_everything_at_its_place(tmp_path: Path) -> None:
    manifest = install(tmp_path / "m", model((256, 256)), input_size=[256, 256])
    for zone, one in proposed(manifest, bordered=True).items():
        plain = proposed(manifest, bordered=False)[zone]
        assert to_geometry(one.shape).centroid.distance(to_geometry(plain.shape).centroid) < 1.5
        assert area(one.shape) == pytest.approx(area(plain.shape), rel=0.12)


def test_that_of_eyes_both_are_proposed_and_of_the_rest_the_largest_part() -> None:
    mask = np.zeros((100, 120), np.float32)
    mask[40:55, 20:45] = mask[40:54, 75:98] = mask[80:84, 50:56] = 1
    pixels = face((480, 400))
    assert [one.zone for one in proposals_from(pixels, {"eye": mask, "skin": mask})] == ["eye", "eye", "skin"]
    eyes = proposals_from(pixels, {"eye": mask})
    assert bounds(eyes[0].shape).center.x < 240 < bounds(eyes[1].shape).center.x


def test_that_what_a_model_finds_is_taken_as_one_edit() -> None:
    install(parsers_folder() / "colours", model(SIZE))
    found = find_with_parser(face())
    panel = Panel("pa", "A", ImageRef("0" * 64, 1, Size(480, 400), "a.png"))
    run = Run("r", "Baseline", panels=(panel,))
    benchmark = Benchmark(new_id(), runs=(run,))
    context = Context(run, ViewState(run="r"), load_taxonomy())
    tool = MouthTool()
    wanted = Wanted("parser", "pa")
    tool.ask(wanted)
    shown = tool.answered(wanted, found, "", context)
    assert shown.edit is None
    assert shown.preview is not None
    assert len(shown.preview.more) == 3
    edit = tool.accept(context).edit
    assert edit is not None
    zones = edit.apply(benchmark).runs[0].zones
    assert [(zone.kind, zone.name) for zone in zones] == [("skin", "Skin"), ("lips", "Lips"), ("teeth", "Teeth")]
    assert all(isinstance(zone.shapes["pa"], Outline) for zone in zones)


def test_that_models_are_listed_with_what_is_wrong_with_them() -> None:
    assert installed_parsers() == ()
    install(parsers_folder() / "good", model(SIZE), framing="whole_face", citation="kept")
    install(parsers_folder() / "hash", model(SIZE), sha256="0" * 64)
    install(parsers_folder() / "bare", model(SIZE), licence_text=None)
    (parsers_folder() / "no manifest").mkdir()
    bare, good, wrong = installed_parsers()
    assert isinstance(good, ParserInfo)
    assert (good.name, good.manifest.framing, good.byte_size) == ("good", "whole_face", len(model(SIZE)))
    assert good.manifest.unknown == {"citation": "kept"}
    assert isinstance(bare, BrokenParser)
    assert "“licence_text” in the manifest of “bare” is missing." in str(bare.error)
    assert isinstance(wrong, BrokenParser)
    assert "is not the file that its manifest names" in str(wrong.error)
    assert "000000000000" in str(wrong.error)


def test_that_the_only_model_is_used_and_among_several_the_chosen_one() -> None:
    with pytest.raises(BadInput, match="No model is chosen"):
        find_with_parser(face())
    install(parsers_folder() / "a", model(SIZE))
    assert chosen_name() == "a"
    install(parsers_folder() / "b", model(SIZE), labels={"2": "teeth"})
    assert chosen_name() == ""
    choose_parser("b")
    assert chosen_name() == "b"
    assert [one.kind for one in find_with_parser(face())] == ["teeth"]
    with pytest.raises(WrongUsage):
        choose_parser("../a")
    (parsers_folder() / "chosen.json").write_text("[")
    assert chosen_name() == ""


def test_that_a_changed_model_is_not_run(tmp_path: Path) -> None:
    manifest = install(tmp_path / "m", model(SIZE))
    path = tmp_path / "m" / "model.onnx"
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    with pytest.raises(BadInput, match="not the file that its manifest names"):
        load_parser(read_manifest(manifest))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[(name, None) for name in ("file", "sha256", "input_size", "layout", "mean", "labels", "framing", "source")],
        ("file", "../model.onnx"),
        ("file", "C:model.onnx"),
        ("file", ".."),
        ("file", 7),
        ("sha256", "abc"),
        ("input_size", [512]),
        ("input_size", [0, 512]),
        ("input_size", [512.0, 512]),
        ("input_size", [512, 100_000]),
        ("input_size", True),
        ("layout", "CHW"),
        ("mean", [0, 0]),
        ("mean", [0, 0, True]),
        ("std", [1, 0, 1]),
        ("labels", {}),
        ("labels", ["lips"]),
        ("labels", {"lips": "1"}),
        ("labels", {"-1": "lips"}),
        ("labels", {"1": "Lips!"}),
        ("labels", {"1": "lips", "01": "teeth"}),
        ("framing", "close"),
        ("licence_text", " "),
        ("licence_text", ["MIT"]),
    ],
)
def test_that_a_broken_manifest_is_told_by_the_field_at_fault(tmp_path: Path, name: str, value: Any) -> None:
    manifest = install(tmp_path / "m", model(SIZE), **{name: value})
    with pytest.raises(BadInput) as caught:
        read_manifest(manifest)
    assert f"“{name}” in the manifest of “m”" in caught.value.message
    assert caught.value.path == manifest
    assert caught.value.hint


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"[]",
        b"\xff\xfe\x00",
        b'{"mean": NaN}',
        b'{"file": "a", "file": "b"}',
        b"[" * 100_000,
        b" " * 2_000_000,
        b"",
    ],
)
def test_that_a_manifest_which_is_none_is_one_sentence(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(data)
    with pytest.raises(BadInput):
        read_manifest(path)


def _text() -> bytes:
    return b"no model at all"


@pytest.mark.parametrize(
    ("data", "changes", "said"),
    [
        (_text, {}, "cannot be used as a model"),
        (lambda: model(SIZE), {"input_size": [64, 64]}, "could not be run"),
        (lambda: model(SIZE), {"layout": "NHWC"}, "could not be run"),
        (lambda: model(SIZE), {"labels": {"11": "lips"}}, "tells 4 classes apart, and the manifest names number 11"),
    ],
)
def test_that_a_model_which_does_not_fit_its_manifest_is_one_sentence(
    tmp_path: Path, data: Callable[[], bytes], changes: dict[str, Any], said: str
) -> None:
    manifest = install(tmp_path / "m", data(), **changes)
    with pytest.raises(BadInput, match=said) as caught:
        proposed(manifest)
    assert "\n" not in str(caught.value)


def test_that_a_model_without_its_file_and_one_that_finds_nothing_are_told() -> None:
    manifest = install(parsers_folder() / "m", model(SIZE))
    (manifest.parent / "model.onnx").unlink()
    with pytest.raises(BadInput, match="does not exist"):
        find_with_parser(face())
    install(parsers_folder() / "m", model(SIZE), std=[50, 50, 50])
    with pytest.raises(BadInput, match="found nothing"):
        find_with_parser(face())


def test_that_a_missing_runtime_is_a_matter_of_the_set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = install(tmp_path / "m", model(SIZE))
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(SetupFault, match="onnxruntime"):
        load_parser(read_manifest(manifest))


def test_that_the_search_can_be_stopped() -> None:
    install(parsers_folder() / "m", model(SIZE))
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        find_with_parser(face(), progress=progress)


def test_that_the_manifest_in_the_documentation_is_complete(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "parsers.md").read_text(encoding="utf-8")
    text = page.split("```json\n", 1)[1].split("```", 1)[0]
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    found = read_manifest(tmp_path / "manifest.json")
    assert set(json.loads(text)) == {name for name in json.loads(text) if name not in found.unknown}
    assert found.labels[12] == found.labels[13] == "lips"
