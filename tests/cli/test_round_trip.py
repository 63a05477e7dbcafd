"""From pictures to a benchmark, to what it holds, to a card, and back out of the card."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from inspector.domain.benchmark import Run
from inspector.storage.inspect_file import InspectFile
from tests.cli.terminal import benchmark_file, call, change, contents, mark, picture, start

# The window's tests in the same process need an application with widgets: it must be the first one.
pytestmark = pytest.mark.usefixtures("qapp")

_SIZES = {
    "ig-portrait": (1080, 1350),
    "ig-tall": (1080, 1440),
    "square": (1080, 1080),
    "story": (1080, 1920),
    "landscape": (1600, 900),
    "link": (1200, 630),
    "pinterest": (1000, 1500),
}


def test_that_a_benchmark_takes_models_and_prompt_from_the_pictures(tmp_path: Path) -> None:
    found = json.loads(call("info", benchmark_file(tmp_path), "--json").out)
    assert found["title"] == "Aurora 3 vs Helio XL"
    assert found["preset"] == "mouth"
    (run,) = found["runs"]
    assert run["name"] == "Baseline"
    assert run["prompt"] == "extreme close-up of a smile, 微笑"
    assert run["negative"] == "blurry"
    assert [(p["letter"], p["label"]) for p in run["panels"]] == [("A", "Aurora 3"), ("B", "Helio XL")]
    image = run["panels"][0]["image"]
    assert (image["name"], image["width"], image["height"]) == ("a.png", 160, 120)
    assert (image["status"], image["embedded"]) == ("same", False)
    assert len(image["sha256"]) == 64


def test_that_info_tells_zones_flaws_and_checks(tmp_path: Path) -> None:
    path = benchmark_file(tmp_path)
    mark(path)
    (run,) = json.loads(call("info", path, "--json").out)["runs"]
    assert run["zones"][0] == {"name": "Teeth", "kind": "teeth", "shapes": {"A": "ellipse", "B": "ellipse"}}
    assert run["zones"][1]["shapes"] == {}
    first, second = run["flaws"]
    assert (first["number"], first["panel"], first["zone"], first["kind"]) == (1, "A", "Teeth", "teeth.fused")
    assert (first["severity"], first["note"]) == (3, "three [red]teeth[/red] in one")
    assert first["name"]
    assert set(first) >= {"visible_at", "confidence", "cause"}
    assert (second["panel"], second["zone"]) == ("B", "")
    states = {(check["zone"], check["panel"]): check["state"] for check in run["checks"]}
    assert states["Teeth", "A"] == "flawed"
    assert states["Teeth", "B"] == "clean"
    assert states["Lip edge", "A"] == "not visible"
    assert states["Skin", "A"] == "not checked"


def test_that_info_in_words_shows_texts_as_they_are_and_starts_nothing_in_the_terminal(tmp_path: Path) -> None:
    path = benchmark_file(tmp_path, "--title", "Teeth [bold]up close[/bold] \x1b[31m\u202etset")
    mark(path)
    shown = call("info", path).out
    assert "Teeth [bold]up close[/bold]" in shown
    assert "three [red]teeth[/red] in one" in " ".join(shown.split())
    assert "Aurora 3" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_that_info_changes_nothing(tmp_path: Path) -> None:
    path = benchmark_file(tmp_path)
    before = contents(tmp_path)
    assert call("info", path).code == 0
    assert call("info", path, "--json").code == 0
    assert contents(tmp_path) == before


def test_that_info_says_which_pictures_changed_or_are_missing(tmp_path: Path) -> None:
    path = benchmark_file(tmp_path)
    picture(tmp_path / "a.png", "another model")
    (tmp_path / "b.png").unlink()
    panels = json.loads(call("info", path, "--json").out)["runs"][0]["panels"]
    assert [panel["image"]["status"] for panel in panels] == ["changed", "missing"]


def test_that_embedded_pictures_need_no_files(tmp_path: Path) -> None:
    path = benchmark_file(tmp_path, "--embed")
    before = set(contents(tmp_path))
    assert before == {"a.png", "b.png", "made.inspect"}
    for name in ("a.png", "b.png"):
        (tmp_path / name).unlink()
    panels = json.loads(call("info", path, "--json").out)["runs"][0]["panels"]
    assert [(p["image"]["status"], p["image"]["embedded"]) for p in panels] == [("same", True)] * 2
    assert call("card", path, "-o", tmp_path / "card.png").code == 0
    file, history, _ = InspectFile.open(path)
    with contextlib.closing(file):
        assert history.undo_text == ""


def test_that_labels_title_and_prompt_are_taken_from_the_command_line(tmp_path: Path) -> None:
    pictures = [picture(tmp_path / f"{name}.png", f"Model {name}") for name in "abc"]
    prompt = tmp_path / "prompt.txt"
    prompt.write_bytes("\ufeffa cat\nwith [brackets]\n".encode())
    done = call(
        *("new", *pictures, "-o", tmp_path / "x.inspect", "--label", "First", "--label", "Second"),
        *("--prompt-file", prompt, "--title", "Cats"),
    )
    assert (done.code, done.err) == (0, "")
    assert done.out.strip() == str(tmp_path / "x.inspect")
    found = json.loads(call("info", tmp_path / "x.inspect", "--json").out)
    assert found["title"] == "Cats"
    assert found["runs"][0]["prompt"] == "a cat\nwith [brackets]"
    assert found["runs"][0]["negative"] == ""
    assert [panel["label"] for panel in found["runs"][0]["panels"]] == ["First", "Second", "Model c"]


def test_that_an_existing_benchmark_is_replaced_on_demand_only(tmp_path: Path) -> None:
    path = benchmark_file(tmp_path, "--title", "Old")
    again = ("new", tmp_path / "a.png", tmp_path / "b.png", "-o", path, "--title", "New")
    assert call(*again).code == 1
    assert json.loads(call("info", path, "--json").out)["title"] == "Old"
    assert call(*again, "--force", "--embed").code == 0
    assert json.loads(call("info", path, "--json").out)["title"] == "New"
    assert set(contents(tmp_path)) == {"a.png", "b.png", "made.inspect"}


@pytest.mark.parametrize("size", list(_SIZES))
def test_that_a_card_has_the_size_asked_for(tmp_path: Path, size: str) -> None:
    path, card = benchmark_file(tmp_path), tmp_path / "card.jpg"
    done = call("card", path, "-o", card, "--size", size)
    assert done.code == 0
    assert done.out.strip() == str(card)
    with Image.open(card) as made:
        assert (made.format, made.size) == ("JPEG", _SIZES[size])


def test_that_a_card_is_portrait_unless_something_else_was_chosen_for_the_benchmark(tmp_path: Path) -> None:
    path, card = benchmark_file(tmp_path), tmp_path / "card.png"
    call("card", path, "-o", card)
    with Image.open(card) as made:
        assert (made.format, made.size) == ("PNG", (1080, 1350))
    change(path, lambda benchmark: replace(benchmark, card={"size": "square"}))
    call("card", path, "-o", card)
    with Image.open(card) as made:
        assert made.size == (1080, 1080)


def test_that_a_zone_is_shown_by_name_or_kind_whatever_the_case(tmp_path: Path) -> None:
    path = benchmark_file(tmp_path)
    mark(path)
    change(path, lambda b: b.with_run(_renamed(b.runs[0], "Upper teeth")))
    cards = {}
    for name, options in {"whole": [], "name": ["--zone", "upper TEETH"], "kind": ["--zone", "Teeth"]}.items():
        card = tmp_path / f"{name}.png"
        assert call("card", path, "-o", card, *options).code == 0
        with Image.open(card) as made:
            cards[name] = made.convert("RGB").tobytes()
    assert cards["name"] == cards["kind"] != cards["whole"]


def test_that_a_card_shows_the_run_asked_for(tmp_path: Path) -> None:
    path, card = benchmark_file(tmp_path), tmp_path / "card.png"
    change(path, lambda b: replace(b, runs=(*b.runs, replace(b.runs[0], id="second", name="Laugh", prompt="a laugh"))))
    assert call("card", path, "-o", card, "--run", 2).code == 0
    assert _statements(card)["AIPromptInformation"].startswith("a laugh\n")


def test_that_a_card_leaves_the_benchmark_and_its_pictures_alone(tmp_path: Path) -> None:
    path = benchmark_file(tmp_path)
    before = contents(tmp_path)
    done = call("card", path, "-o", tmp_path / "card.png")
    assert "inspector: note: Not checked on A: Teeth" in done.err
    after = contents(tmp_path)
    del after["card.png"]
    assert after == before


def test_that_a_card_says_in_its_metadata_which_models_and_prompt_it_shows(tmp_path: Path) -> None:
    path = benchmark_file(tmp_path)
    for card in (tmp_path / "card.png", tmp_path / "card.jpg"):
        assert call("card", path, "-o", card).code == 0
        said = _statements(card)
        assert said["AIPromptInformation"] == "extreme close-up of a smile, 微笑\nNegative prompt: blurry"
        assert said["AISystemUsed"] == "A: Aurora 3; B: Helio XL"
        assert said["title"] == "Aurora 3 vs Helio XL"
        assert said["DigitalSourceType"].endswith("compositeSynthetic")
        found = json.loads(call("prompt", card, "--json").out)
        assert found[0]["prompt"].startswith("extreme close-up of a smile, 微笑")


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="needs ExifTool")
def test_that_exiftool_finds_the_metadata_of_a_card_valid(tmp_path: Path) -> None:
    path = benchmark_file(tmp_path)
    for suffix in (".png", ".jpg", ".webp", ".avif", ".pdf"):
        card = tmp_path / f"card{suffix}"
        assert call("card", path, "-o", card).code == 0
        asked = ["exiftool", "-j", "-validate", "-warning", "-error", "-a", "-XMP:all", str(card)]
        (said,) = json.loads(subprocess.run(asked, capture_output=True, check=True).stdout)
        assert said["Validate"].startswith("OK")
        assert not {"Warning", "Error"} & set(said)
        assert said["AIPromptInformation"].startswith("extreme close-up of a smile, 微笑")
        assert said["AISystemUsed"] == "A: Aurora 3; B: Helio XL"


def test_that_prompt_lists_everything_found_with_its_source(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.png", "Aurora 3")
    (first, *_) = json.loads(call("prompt", path, "--json").out)
    assert set(first) == {"source", "prompt", "negative", "model", "version", "seed", "settings", "raw"}
    assert "PNG text" in first["source"]
    assert (first["model"], first["seed"], first["settings"]["Steps"]) == ("Aurora 3", "42", "30")
    in_words = call("prompt", path)
    assert in_words.code == 0
    assert "extreme close-up of a smile" in in_words.out


def test_that_a_picture_that_says_nothing_gives_an_empty_list_and_exit_code_1(tmp_path: Path) -> None:
    done = call("prompt", picture(tmp_path / "a.png"), "--json")
    assert (done.code, json.loads(done.out)) == (1, [])
    assert done.err.startswith("inspector: “a.png” says nothing")


def test_that_the_demo_is_exported_in_every_size(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "cards"
    done = call("demo", "--export", folder)
    assert (done.code, done.err) == (0, "")
    paths = [Path(line) for line in done.out.splitlines()]
    assert sorted(paths) == sorted(folder.iterdir())
    assert {path.stem for path in paths} == {f"demo-{size}" for size in (*_SIZES, "native")}
    with Image.open(folder / "demo-story.png") as made:
        assert made.size == (1080, 1920)


def test_that_everything_works_in_fresh_processes_without_a_display(tmp_path: Path) -> None:
    picture(tmp_path / "a.png", "Aurora 3")
    picture(tmp_path / "b.png", "Helio XL")
    made = start("new", "a.png", "b.png", "-o", "x.inspect", "--label", "Eins", cwd=tmp_path)
    assert (made.code, made.out, made.err) == (0, "x.inspect\n", "")
    found = json.loads(start("info", "x.inspect", "--json", cwd=tmp_path).out)
    assert found["runs"][0]["panels"][0]["label"] == "Eins"
    card = start("card", "x.inspect", "-o", "card.png", cwd=tmp_path)
    assert (card.code, card.out) == (0, "card.png\n")
    # A machine without fonts for a script is told so; nothing else is to be said.
    assert card.err == "" or card.err.startswith("inspector: note: No installed font has")
    assert set(contents(tmp_path)) == {"a.png", "b.png", "x.inspect", "card.png"}
    assert _statements(tmp_path / "card.png")["AISystemUsed"] == "A: Eins; B: Helio XL"


def _renamed(run: Run, name: str) -> Run:
    return replace(run, zones=(replace(run.zones[0], name=name), *run.zones[1:]))


def _statements(card: Path) -> dict[str, str]:
    """Return the XMP properties of a card by their names without namespace."""
    with Image.open(card) as made:
        packet = made.info.get("xmp") or made.info["XML:com.adobe.xmp"]
    text = packet.decode() if isinstance(packet, bytes) else packet
    root = ElementTree.fromstring(text[text.index("<x:xmpmeta") : text.index("</x:xmpmeta>") + 12])  # noqa: S314 - ours
    description = next(iter(next(iter(root))))
    return {child.tag.rpartition("}")[2]: "".join(child.itertext()) for child in description}
