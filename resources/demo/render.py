"""Renders the demo benchmark: two pictures of one scene by two fictional models, and demo.json with their geometry.

Run as `python render.py OUTDIR [--width PIXELS]`. Needs numpy, OpenCV and Pillow; the same versions give the same
pixels.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from scene_light import Light
from scene_picture import HEIGHT, WIDTH, Look, paint
from scene_rim import Rim
from scene_story import NEGATIVE, PROMPT, story

LOOKS = {
    "a": Look(
        seed=11,
        scale=1.0,
        turn=-0.045,
        centre=(694.0, 1020.0),
        lean=0.5,
        lift=0.35,
        light=Light(),
        exposure=1.29,
        rim=Rim(broken=(1.95, 0.075, 0.8)),
        fused=True,
        bleed=True,
        waxy=True,
    ),
    "b": Look(
        seed=23,
        scale=1.012,
        turn=-0.040,
        centre=(702.0, 1010.0),
        lean=0.35,
        lift=0.5,
        light=Light(direction=(-0.585, -0.475, 0.658)),
        exposure=1.31,
        rim=Rim(),
        odd_tooth=8,
        second_highlight=True,
        halo=True,
    ),
}
FILES = {"a": "model_a.png", "b": "model_b.png"}
SETTINGS = {
    "a": "Steps: 32, Sampler: DPM++ 2M Karras, CFG scale: 6, Seed: 2871904415, Size: {size}, "
    "Model hash: 7c1e94ab02, Model: Aurora-3",
    "b": "Steps: 36, Sampler: Euler a, CFG scale: 4.5, Seed: 2871904415, Size: {size}, "
    "Model hash: e05d2f6b91, Model: Helio-XL-1.4",
}


def parameters(key: str, width: int, height: int) -> str:
    """The `parameters` text in the form the AUTOMATIC1111 web UI writes."""
    return f"{PROMPT}\nNegative prompt: {NEGATIVE}\n{SETTINGS[key].format(size=f'{width}x{height}')}, Version: v1.10.1"


def render(folder: Path, width: int = WIDTH) -> None:
    """Write both pictures and demo.json into `folder`, pictures `width` pixels wide and 4:5."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = {key: paint(look, width) for key, look in LOOKS.items()}
    for key, picture in pictures.items():
        image = Image.fromarray(picture.pixels)
        text = PngInfo()
        text.add_text("parameters", parameters(key, image.width, image.height))
        image.save(folder / FILES[key], pnginfo=text, optimize=True)
    content = story(pictures, LOOKS)
    for panel in content["panels"]:
        height, columns = pictures[panel["id"]].pixels.shape[:2]
        panel.update(width=columns, height=height)
    (folder / "demo.json").write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=f"Render the demo benchmark ({WIDTH} x {HEIGHT} pixels a picture).")
    parser.add_argument("folder", type=Path, help="where model_a.png, model_b.png and demo.json go")
    parser.add_argument("--width", type=int, default=WIDTH, help="pixels; the height follows at 4:5")
    options = parser.parse_args()
    render(options.folder, options.width)


if __name__ == "__main__":
    main()
