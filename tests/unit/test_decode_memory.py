"""A large picture exists once while it is decoded, and is gone when nobody holds it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc to read the peak of memory")

_CHILD = """
import sys
from pathlib import Path
from inspector.imaging.decode import decode
from inspector.imaging.pyramid import build_pyramid

def status(key):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(key))

small, large, rounds = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
decode(small)
before = status("VmRSS")
for _ in range(rounds):
    raster = decode(large)
    pyramid = build_pyramid(raster.pixels)
peak, held = status("VmHWM") - before, sum(level.nbytes for level in pyramid.levels)
del raster, pyramid
print(peak, held, status("VmRSS") - before)
"""


def measured(small: Path, large: Path, rounds: int) -> tuple[int, int, int]:
    """Return (peak, bytes of the pyramid, left) above the start, of a child process that opens `large`."""
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(small), str(large), str(rounds)], capture_output=True, text=True, check=True
    )
    peak, held, left = map(int, done.stdout.split())
    return peak, held, left


@pytest.mark.parametrize(("name", "mode"), [("large.jpg", "RGB"), ("large.png", "RGBA")])
def test_that_a_picture_never_exists_twice(tmp_path: Path, name: str, mode: str) -> None:
    ramp = np.add.outer(np.arange(3000, dtype=np.uint16) // 12, np.arange(4000, dtype=np.uint16) // 16)
    image = Image.fromarray((ramp % 256).astype(np.uint8)).convert(mode)
    if mode == "RGBA":
        image.putalpha(image.getchannel("R"))
    image.save(tmp_path / name, compress_level=1)
    image.resize((40, 30)).save(tmp_path / f"small-{name}")
    peak, held, left = measured(tmp_path / f"small-{name}", tmp_path / name, rounds=1)
    assert held > 12_000_000 * 5
    assert peak < 1.25 * held
    assert left < 0.1 * held


def test_that_opening_again_and_again_does_not_grow(tmp_path: Path) -> None:
    image = Image.fromarray(np.zeros((900, 1200, 3), np.uint8))
    image.save(tmp_path / "a.png")
    image.resize((40, 30)).save(tmp_path / "small.png")
    _, held, left = measured(tmp_path / "small.png", tmp_path / "a.png", rounds=40)
    assert left < 2 * held
