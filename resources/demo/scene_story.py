"""What the demo benchmark says about the two pictures: prompt, zones, flaws and checks, placed by the scene."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import scene_teeth
from numpy.typing import NDArray
from scene_picture import Look, Picture
from scene_rim import Rim

PROMPT = (
    "Extreme close-up of a smiling mouth and lower face, cropped from nose to chin. The same young woman: natural rose "
    "lips, soft smile lines, small mole by the chin, thin round champagne-metal glasses on one side. Visible upper "
    "teeth with separate, slightly irregular incisors, fine vertical lip texture with light gloss, real pores and "
    "peach fuzz, believable reflections on the rim. One large softbox from the upper left, warm neutral palette, "
    "100 mm macro, shallow depth of field, subtle film grain. Two-panel labelled comparison card, matched crop."
)
NEGATIVE = "plastic skin, airbrushed, fused teeth, extra teeth, lipstick smear, broken glasses, painted look, watermark"

Shape = dict[str, Any]
Points = NDArray[np.float64]


def _rounded(points: Points) -> list[list[float]]:
    return [[round(float(x), 1), round(float(y), 1)] for x, y in points]


def _spread(points: Points, count: int, closed: bool) -> Points:
    """`count` points at equal steps along a path."""
    path = np.vstack([points, points[:1]]) if closed else points
    steps = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    at = np.linspace(0.0, steps[-1], count + 1)[:-1] if closed else np.linspace(0.0, steps[-1], count)
    return np.stack([np.interp(at, steps, path[:, 0]), np.interp(at, steps, path[:, 1])], axis=1)


def _outline(picture: Picture, millimetres: Points) -> Shape:
    points = _inside(picture, picture.camera.to_pixels(millimetres))
    return {"type": "outline", "points": _rounded(points), "smooth": True}


def _inside(picture: Picture, points: Points) -> Points:
    edge = max(1.0, picture.camera.width / 360)
    return np.clip(points, edge, [picture.camera.width - edge, picture.camera.height - edge])


def _ellipse(picture: Picture, at: tuple[float, float], radii: tuple[float, float], turn: float = 0.0) -> Shape:
    x, y = picture.camera.to_pixels(np.array([at]))[0]
    px = picture.camera.px
    return {
        "type": "ellipse", "center": [round(float(x), 1), round(float(y), 1)], "rx": round(radii[0] * px, 1),
        "ry": round(radii[1] * px, 1), "rotation": round(turn + picture.camera.turn, 4),
    }  # fmt: skip


def _band(picture: Picture, millimetres: Points, width: float, closed: bool) -> Shape:
    return {
        "type": "band", "points": _rounded(_inside(picture, picture.camera.to_pixels(millimetres))),
        "width": round(width * picture.camera.px, 1), "widths": [], "closed": closed, "smooth": True,
    }  # fmt: skip


def _teeth(picture: Picture) -> Shape:
    """The visible row, on the contour of each tooth."""
    return _outline(picture, scene_teeth.outline(picture.teeth, picture.mouth))


def _lip_edge(picture: Picture) -> Shape:
    """A band along the whole outer border of the lips."""
    upper, lower = picture.mouth.upper_top, picture.mouth.lower_bottom[::-1]
    points = np.vstack([_spread(upper, 13, False)[:-1], _spread(lower, 11, False)[:-1]])
    return _band(picture, points, 2.4, True)


def _skin(picture: Picture) -> Shape:
    """Left cheek between the frame and the nasolabial fold, over to the nose wing."""
    edge = picture.camera.centre[0] / picture.camera.px - 1.6
    knots = [
        (-edge + 2.0, -46.0), (-31.0, -48.0), (-24.0, -44.5), (-22.5, -38.0), (-25.0, -31.0), (-29.5, -24.3),
        (-33.3, -18.6), (-edge + 2.2, -15.8), (-edge + 0.8, -19.5), (-edge + 0.3, -27.0), (-edge + 0.5, -37.0),
    ]  # fmt: skip
    return _outline(picture, np.array(knots))


def _highlight(picture: Picture) -> Shape:
    """Contour of the rendered sheen on the nose tip at two fifths of its peak."""
    glow = cv2.GaussianBlur(picture.nose_light, (0, 0), 0.9 * picture.camera.px)
    found, _ = cv2.findContours((glow > 0.42 * glow.max()).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    contour = max(found, key=cv2.contourArea)[:, 0, :].astype(np.float64) + 0.5
    return {"type": "outline", "points": _rounded(_inside(picture, _spread(contour, 12, True))), "smooth": True}


def _rim(picture: Picture, look: Look) -> Shape:
    """The wire from the top of the frame to its side."""
    rim, camera = look.rim, picture.camera
    path = rim.path(3.3, 0.6, 500)
    pixels = camera.to_pixels(path)
    seen = np.all((pixels > 4) & (pixels < [camera.width - 4, camera.height - 4]), axis=1)
    return _band(picture, _spread(path[seen], 12, False), 2 * rim.half + 0.5, False)


def _zones(pictures: dict[str, Picture], looks: dict[str, Look]) -> list[dict[str, Any]]:
    shapes = {
        ("teeth", "Teeth"): {key: _teeth(picture) for key, picture in pictures.items()},
        ("lip-edge", "Lip edge"): {key: _lip_edge(picture) for key, picture in pictures.items()},
        ("skin", "Skin, cheek"): {key: _skin(picture) for key, picture in pictures.items()},
        ("nose-highlight", "Nose highlight"): {key: _highlight(picture) for key, picture in pictures.items()},
        ("glasses-rim", "Glasses rim"): {key: _rim(picture, looks[key]) for key, picture in pictures.items()},
    }
    return [{"kind": kind, "name": name, "shapes": drawn} for (kind, name), drawn in shapes.items()]


def _lip_piece(picture: Picture, name: str, start: float, stop: float, out: float, into: float) -> Shape:
    """A closed outline around a stretch of a lip border."""
    points: Points = getattr(picture.mouth, name)
    xs = np.linspace(start, stop, 6)
    ys = np.interp(xs, points[:, 0], points[:, 1])
    return _outline(picture, np.vstack([np.stack([xs, ys + out], axis=1), np.stack([xs, ys + into], axis=1)[::-1]]))


FUSED = (
    (-0.6, -3.6),
    (4.0, -3.9),
    (9.0, -3.4),
    (14.6, -3.3),
    (15.2, 0.6),
    (14.0, 3.9),
    (9.0, 5.0),
    (4.0, 5.9),
    (-0.4, 5.6),
)
"""Around the stretch in mm where the first model loses the gaps between teeth."""


def _flaw(panel: str, kind: tuple[str, str], severity: int, seen: str, note: str, marker: Shape) -> dict[str, Any]:
    zone, name = kind
    return {
        "panel": panel, "zone": zone, "kind": name, "severity": severity,
        "marker": marker, "note": note, "visible_at": seen,
    }  # fmt: skip


def _flaws_a(picture: Picture, rim: Rim) -> list[dict[str, Any]]:
    at = rim.broken[0] + 0.03 if rim.broken else 1.5
    gap = rim.path(at, at, 1)[0]
    fused = "Central incisor and its neighbours run into one band of enamel; no gaps."
    broken = "The wire thins out, vanishes and goes on beside its course."
    return [
        _flaw("a", ("teeth", "teeth.fused"), 3, "fit", fused, _outline(picture, np.array(FUSED))),
        _flaw(
            "a", ("lip-edge", "lips.color"), 3, "100 %", "Lip colour runs over the border like wet paint.",
            _lip_piece(picture, "upper_top", 7.5, 23.0, -2.4, 0.8),
        ),
        _flaw(
            "a", ("skin", "skin.plastic"), 3, "100 %", "Pores and fuzz stop; the cheek turns to wax.",
            _ellipse(picture, (-30.4, -29.8), (7.2, 10.0)),
        ),
        _flaw(
            "a", ("glasses-rim", "glasses.rimbreak"), 3, "fit", broken,
            _ellipse(picture, (float(gap[0]), float(gap[1])), (3.6, 2.3), at + np.pi / 2),
        ),
    ]  # fmt: skip


def _flaws_b(picture: Picture, odd: int) -> list[dict[str, Any]]:
    tooth = picture.teeth[odd]
    middle = (tooth.x, 0.5 * (tooth.gum + tooth.edge))
    return [
        _flaw(
            "b", ("nose-highlight", "nose.spec"), 2, "100 %",
            "A second, hard highlight below the first; one softbox cannot make it.",
            _ellipse(picture, (2.6, -33.6), (2.3, 1.8)),
        ),
        _flaw(
            "b", ("teeth", "teeth.shape"), 2, "fit", "Lateral incisor is pointed and short, its twin is not.",
            _ellipse(picture, middle, (tooth.half * 1.1, 0.55 * (tooth.edge - tooth.gum))),
        ),
        _flaw(
            "b", ("lip-edge", "lips.halo"), 1, "100 %", "Thin light fringe along the lower lip.",
            _lip_piece(picture, "lower_bottom", 6.0, 20.5, -0.5, 1.3),
        ),
    ]  # fmt: skip


def story(pictures: dict[str, Picture], looks: dict[str, Look]) -> dict[str, Any]:
    """The whole content of demo.json; shapes in pixels of each panel's own picture."""
    return {
        "title": "Smile close-up: same prompt, two models",
        "criterion": "Do teeth, lip edge, skin and metal rim hold up at 100 %?",
        "axis": "Left smoother, right more photoreal",
        "preset": "mouth",
        "prompt": PROMPT,
        "negative": NEGATIVE,
        "panels": [
            {"id": "a", "label": "Aurora 3", "version": "3.0", "file": "model_a.png"},
            {"id": "b", "label": "Helio XL", "version": "1.4", "file": "model_b.png"},
        ],
        "zones": _zones(pictures, looks),
        "flaws": [
            *_flaws_a(pictures["a"], looks["a"].rim),
            *_flaws_b(pictures["b"], looks["b"].odd_tooth or 0),
        ],
        "checks": [
            {"zone": "skin", "panel": "b", "state": "clean"},
            {"zone": "glasses-rim", "panel": "b", "state": "clean"},
            {"zone": "nose-highlight", "panel": "a", "state": "clean"},
        ],
    }
