"""How close four clicks come to the lips of real faces: `python -m tests.evaluation.mouth_accuracy` prints a table.

The faces are no part of the project: a folder `shared/samples` beside the checkout holds `faces/NNNN.jpg` and
`faces/NNNN_mask.png`, where a face-parsing network marked 11 the opening of the mouth, 12 the upper and 13 the lower
lip. Clicks are taken from these masks (leftmost and rightmost pixel of the lips; highest and lowest pixel in the column
halfway) and disturbed by 3 px (standard deviation of each coordinate).
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.domain.geometry import Point, Size
from inspector.domain.shapes import Outline, Shape
from inspector.imaging.masks import to_mask
from inspector.imaging.zones.mouth import propose_mouth
from inspector.imaging.zones.proposal import Proposal

FACES = Path(__file__).parents[3] / "shared" / "samples" / "faces"
OPENING, UPPER, LOWER = 11, 12, 13
REPEATS = 20
JITTER = 3.0

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Face:
    """A picture (H, W, 4) uint8 BGRA, the network's labels (H, W), and four undisturbed clicks (4, 2)."""

    name: str
    pixels: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    clicks: NDArray[np.float64]

    @property
    def mouth_width(self) -> float:
        """Pixels between the corners."""
        return float(np.hypot(*(self.clicks[1] - self.clicks[0])))


@dataclass(frozen=True)
class Scores:
    """Intersection over union of the outer contour (11+12+13), the lips (12+13) and the opening (11); boundary error.

    `boundary` is the mean distance between both outer contours, both ways, in percent of the mouth's width.
    """

    outer: float
    lips: float
    opening: float
    boundary: float
    before: float
    seconds: float


def faces() -> list[Face]:
    """Return the faces that are there."""
    return [_face(path) for path in sorted(FACES.glob("*.jpg"))]


def _face(path: Path) -> Face:
    image, labels = cv2.imread(str(path)), cv2.imread(str(path.with_name(f"{path.stem}_mask.png")), -1)
    assert image is not None
    assert labels is not None
    marked = np.asarray(labels, np.uint8)
    rows, columns = np.nonzero(np.isin(marked, (UPPER, LOWER)))
    left, right = columns.min(), columns.max()
    corners = [(x + 0.5, float(np.median(rows[columns == x])) + 0.5) for x in (left, right)]
    middle = int((left + right) // 2)
    column = np.flatnonzero(np.isin(marked[:, middle], (OPENING, UPPER, LOWER)))
    clicks = [*corners, (middle + 0.5, float(column[0])), (middle + 0.5, float(column[-1] + 1))]
    return Face(path.stem, opaque(np.asarray(image, np.uint8)), marked, np.array(clicks))


def opaque(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return (H, W, 3) with an alpha of 255."""
    return np.ascontiguousarray(np.dstack([image, np.full(image.shape[:2], 255, np.uint8)]))


def close_up(face: Face, times: int, margin: float) -> Face:
    """Return the mouth alone with `margin` (share of its width) around it, enlarged."""
    space = margin * face.mouth_width
    (x0, y0), (x1, y1) = (
        np.maximum(face.clicks.min(axis=0) - space, 0).astype(int),
        (face.clicks.max(axis=0) + space).astype(int),
    )
    pixels = cv2.resize(face.pixels[y0:y1, x0:x1], None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC)
    labels = cv2.resize(face.labels[y0:y1, x0:x1], None, fx=times, fy=times, interpolation=cv2.INTER_NEAREST)
    clicks = (face.clicks - (x0, y0)) * times
    return Face(f"{face.name} x{times}", np.asarray(pixels, np.uint8), np.asarray(labels, np.uint8), clicks)


def proposals(face: Face, clicks: NDArray[np.float64]) -> dict[str, Proposal]:
    """Return what four clicks propose, by zone."""
    points = [Point(float(x), float(y)) for x, y in clicks]
    return {p.zone: p for p in propose_mouth(face.pixels, *points)}


def score(face: Face, clicks: NDArray[np.float64]) -> Scores:
    """Return how well what the clicks propose agrees with the network."""
    start = time.perf_counter()
    found = proposals(face, clicks)
    seconds = time.perf_counter() - start
    size = Size(float(face.labels.shape[1]), float(face.labels.shape[0]))

    def covered(shape: Shape | None) -> Bools:
        return np.asarray(to_mask(shape, size) != 0) if shape is not None else np.zeros(face.labels.shape, np.bool_)

    lips = found["lips"]
    outer = covered(outer_contour(lips.shape))
    whole = np.isin(face.labels, (OPENING, UPPER, LOWER))
    opening = found.get("mouth-opening")
    return Scores(
        outer=iou(outer, whole),
        lips=iou(covered(lips.shape), np.isin(face.labels, (UPPER, LOWER))),
        opening=iou(covered(opening.shape if opening else None), face.labels == OPENING),
        boundary=100 * boundary_distance(outer, whole) / face.mouth_width,
        before=iou(covered(lips.before), whole),
        seconds=seconds,
    )


def outer_contour(lips: Shape) -> Shape:
    """Return the outer contour of proposed lips, which run on around the opening after returning to their start."""
    assert isinstance(lips, Outline)
    again = [k for k, point in enumerate(lips.points) if k and point == lips.points[0]]
    return Outline(lips.points[: again[0]]) if again else lips


def iou(first: Bools, second: Bools) -> float:
    """Return intersection over union; 1 when both are empty."""
    union = int((first | second).sum())
    return float((first & second).sum() / union) if union else 1.0


def boundary_distance(first: Bools, second: Bools) -> float:
    """Return the mean distance in pixels between the contours of two masks, both ways."""
    edges = [m & (cv2.erode(m.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0) for m in (first, second)]
    away = [cv2.distanceTransform((~edge).astype(np.uint8), cv2.DIST_L2, 5) for edge in edges]
    return float((away[1][edges[0]].mean() + away[0][edges[1]].mean()) / 2)


def disturbed(face: Face, repeats: int = REPEATS) -> list[Scores]:
    """Return the scores for clicks disturbed anew `repeats` times, the same every time."""
    random = np.random.default_rng(3)
    return [score(face, face.clicks + random.normal(0, JITTER, (4, 2))) for _ in range(repeats)]


def _table() -> None:
    lines = [f"{'':16}{'outer':>14}{'lips':>14}{'opening':>14}{'boundary %':>14}{'template':>10}{'s':>7}"]
    for title, times, margin in (("whole", 1, 0.0), ("2x", 2, 0.12), ("4x", 4, 0.12), ("4x, tight", 4, 0.0)):
        everything: list[Scores] = []
        for face in faces():
            scores = disturbed(face if times == 1 else close_up(face, times, margin))
            everything += scores
            lines.append(_row(f"{face.name} {title}", scores))
        lines.append(_row(f"ALL {title}", everything))
    sys.stdout.write("\n".join(lines) + "\n")


def _row(title: str, scores: list[Scores]) -> str:
    cells = ""
    for name, worst in (("outer", min), ("lips", min), ("opening", min), ("boundary", max)):
        values = [getattr(s, name) for s in scores]
        cells += f"{np.median(values):8.3f} {worst(values):5.3f}"
    return (
        f"{title:16}{cells}{np.median([s.before for s in scores]):10.3f}{np.median([s.seconds for s in scores]):7.2f}"
    )


if __name__ == "__main__":
    _table()
