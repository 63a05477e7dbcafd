"""A real workbench with real pictures for tests of the window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from inspector.workbench.executors import Inline
from inspector.workbench.opening import (
    Opened,
    loaded_from,
    new_benchmark,
    new_run,
    open_pictures,
    panel_from,
    with_distinct_labels,
)
from inspector.workbench.vocabulary import load_taxonomy
from inspector.workbench.workbench import Workbench

A1111 = "a smile <lora:x:1>\nNegative prompt: blur\nSteps: 20, Sampler: Euler, Seed: 7, Size: 320x240, Model: Aurora"


def picture(seed: int, width: int = 320, height: int = 240) -> NDArray[np.uint8]:
    """A soft random picture, (height, width, 3) uint8 sRGB."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 255, (8, 8, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC))


def write_png(path: Path, pixels: NDArray[np.uint8], text: str = "") -> Path:
    """Write a PNG, with A1111 text when asked for."""
    info = PngImagePlugin.PngInfo()
    if text:
        info.add_text("parameters", text)
    Image.fromarray(pixels).save(path, pnginfo=info)
    return path


def write_pair(folder: Path, *, same: bool = False, size: tuple[int, int] = (320, 240)) -> list[Path]:
    """Write two pictures, the first one with a prompt."""
    return [
        write_png(folder / "model_a.png", picture(1, *size), A1111),
        write_png(folder / "model_b.png", picture(1 if same else 2, *size)),
    ]


def bench_with(paths: Sequence[Path], preset: str = "mouth") -> Workbench:
    """A workbench on a draft with those pictures as panels, loaded."""
    bench = Workbench(load_taxonomy(), Inline())
    opened = [one for one in open_pictures(paths) if isinstance(one, Opened)]
    panels = with_distinct_labels([panel_from(one) for one in opened])
    bench.start(new_benchmark(new_run(panels, bench.taxonomy, preset=preset), preset=preset, taxonomy=bench.taxonomy))
    for panel, one in zip(panels, opened, strict=True):
        bench.picture_arrived(panel.id, loaded_from(one))
    return bench
