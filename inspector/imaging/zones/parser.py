"""A user's own face-parsing model: run on a picture, its classes turned into soft masks of zones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.errors import BadInput, SetupFault
from inspector.files import read_regular, sha256_hex
from inspector.imaging.raster import Pixels
from inspector.imaging.zones.parser_manifest import Manifest
from inspector.imaging.zones.proposal import Proposal
from inspector.imaging.zones.seeds import Soft, proposals_from
from inspector.progress import Progress

MODEL_CAP = 2**31 - 1
"""Largest model in bytes; protocol buffers end there."""

CLOSE_UP_NOTE = "The model knows whole faces and this looks like a close-up; check the outline."

_GREY = 128
_CLOSE_UP = 0.5
_BORDERS = 3
_SOFTEN = 0.7
_LOGIT_CAP = 30.0
_USUAL_LEAD = 6.0


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the picture lies in the model's input, in its pixels."""

    x: int
    y: int
    width: int
    height: int


class Parser:
    """A loaded model. Made by `load_parser`; may be used by one thread at a time."""

    def __init__(self, manifest: Manifest, session: Any) -> None:  # noqa: ANN401 - onnxruntime publishes no types
        self.manifest = manifest
        self._session = session
        self._input = session.get_inputs()[0].name
        self._output = session.get_outputs()[0].name

    def masks(self, pixels: Pixels, *, bordered: bool = False) -> dict[str, Soft]:
        """Return a soft mask of each zone, float32 0 to 1, over the whole picture at the model's own resolution.

        A pixel is in a zone from 0.5 on. `bordered` puts a grey border of the picture's own size on every side, which
        makes a close-up look like a part of a whole face. Raises `BadInput` when the model fails or answers with
        something that is no map of classes.
        """
        manifest = self.manifest
        place = _placed(pixels.shape[1], pixels.shape[0], manifest, bordered=bordered)
        try:
            (answer,) = self._session.run([self._output], {self._input: _prepared(pixels, place, manifest)})
        except Exception as error:
            # The runtime raises classes of its own, and any model may be given.
            raise self._fault("could not be run", error) from error
        found: dict[str, Soft] = {}
        for zone, mask in self._zones(np.asarray(answer)).items():
            whole = cv2.resize(mask, (manifest.width, manifest.height), interpolation=cv2.INTER_LINEAR)
            part = whole[place.y : place.y + place.height, place.x : place.x + place.width]
            found[zone] = np.ascontiguousarray(part, np.float32)
        return found

    def _zones(self, answer: NDArray[Any]) -> dict[str, Soft]:
        classes = self._class_maps(answer)
        largest = max(self.manifest.labels)
        if classes.ndim == 3 and largest >= len(classes):
            raise self._fault(f"tells {len(classes)} classes apart, and the manifest names number {largest}")
        ids: dict[str, list[int]] = {}
        for number, zone in self.manifest.labels.items():
            ids.setdefault(zone, []).append(number)
        return {zone: _soft(classes, numbers) for zone, numbers in ids.items()}

    def _class_maps(self, answer: NDArray[Any]) -> NDArray[Any]:
        """Return scores (C, h, w) float32, or a map of class numbers (h, w)."""
        if answer.dtype.kind not in "iuf" or answer.ndim not in (2, 3, 4) or not answer.size:
            raise self._fault("answers with no map of classes")
        if answer.ndim == 4:
            if answer.shape[0] != 1:
                raise self._fault("answers for more than one picture")
            answer = answer[0]
            if self.manifest.layout == "NHWC" and answer.ndim == 3:
                answer = np.moveaxis(answer, -1, 0)
        if answer.ndim == 3:
            if len(answer) > 1:
                scores = answer.astype(np.float32)
                if not np.isfinite(scores).all():
                    raise self._fault("answers with values that are no numbers")
                return scores
            answer = answer[0]
        return np.rint(np.nan_to_num(answer)).astype(np.int64) if answer.dtype.kind == "f" else answer

    def _fault(self, what: str, error: Exception | None = None) -> BadInput:
        cause = f": {' '.join(str(error).split())[:200].rstrip('.')}" if error else ""
        return BadInput(
            f"The model “{self.manifest.file}” {what}{cause}.",
            hint="Check input_size, layout and labels in its manifest.",
            path=self.manifest.path,
        )


def load_parser(manifest: Manifest) -> Parser:
    """Load the model of a manifest, on the processor alone.

    Exactly the bytes whose SHA-256 was compared are given to the runtime. Raises `SetupFault` without onnxruntime, and
    `BadInput` for a file that is missing, is not the one the manifest names, or is no model with one picture as input.
    """
    data = model_bytes(manifest)
    try:
        import onnxruntime
    except ImportError as error:
        raise SetupFault(
            "Models of your own need onnxruntime, which is not installed.",
            hint='Install it: pip install "closeup-inspector[onnx]".',
        ) from error
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        # The runtime raises classes of its own, and any file may be given.
        cause = " ".join(str(error).split())[:200].rstrip(".")
        raise BadInput(
            f"“{manifest.file}” cannot be used as a model: {cause}.", hint="Export it again.", path=manifest.model
        ) from error
    inputs = session.get_inputs()
    if len(inputs) != 1 or len(inputs[0].shape) != 4 or inputs[0].type != "tensor(float)":
        raise BadInput(
            f"“{manifest.file}” does not take one picture of 32-bit numbers.",
            hint="Export it with one input of the shape [1, 3, height, width] or [1, height, width, 3].",
            path=manifest.model,
        )
    return Parser(manifest, session)


def model_bytes(manifest: Manifest) -> bytes:
    """Return the model's file. Raises `BadInput` when it is missing or its SHA-256 is not the manifest's."""
    data = read_regular(manifest.model, cap=MODEL_CAP)
    found = sha256_hex(data)
    if found != manifest.sha256:
        raise BadInput(
            f"“{manifest.file}” is not the file that its manifest names: its SHA-256 is {found[:12]}…, "
            f"not {manifest.sha256[:12]}….",
            hint="Download the model again, or correct the manifest if you trust it.",
            path=manifest.model,
        )
    return data


def propose_by_parser(
    pixels: Pixels, parser: Parser, *, bordered: bool | None = None, progress: Progress | None = None
) -> tuple[Proposal, ...]:
    """Return a proposal for each zone that a model finds in a picture, (H, W, 4) uint8 BGRA, refined on its pixels.

    `bordered` None puts the grey border on when the model knows whole faces only and finds none or only parts that run
    out of the picture; it is kept when it finds at least as many zones. Raises `BadInput` as `Parser.masks` does, and
    `Cancelled`.
    """
    progress = progress or Progress()
    progress.step(0.0, "Asking the model")
    masks = parser.masks(pixels, bordered=bool(bordered))
    note = ""
    if bordered is None and parser.manifest.framing == "whole_face" and _looks_close(masks):
        progress.step(0.2, "Asking the model again, with a border")
        note = CLOSE_UP_NOTE
        with_border = parser.masks(pixels, bordered=True)
        masks = max(masks, with_border, key=_how_many)
        if _how_many(masks) == _how_many(with_border):
            masks = with_border
    progress.step(0.4, "Drawing outlines")
    return proposals_from(pixels, masks, note=note, progress=progress.part(0.4, 1.0))


def _placed(width: int, height: int, manifest: Manifest, *, bordered: bool) -> _Place:
    times = _BORDERS if bordered else 1
    scale = min(manifest.width / (width * times), manifest.height / (height * times))
    inside = (max(1, round(width * scale)), max(1, round(height * scale)))
    return _Place((manifest.width - inside[0]) // 2, (manifest.height - inside[1]) // 2, *inside)


def _prepared(pixels: Pixels, place: _Place, manifest: Manifest) -> NDArray[np.float32]:
    shrinks = place.width < pixels.shape[1]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    small = cv2.resize(pixels, (place.width, place.height), interpolation=how)
    canvas = np.full((manifest.height, manifest.width, 3), _GREY, np.uint8)
    canvas[place.y : place.y + place.height, place.x : place.x + place.width] = small[..., 2::-1]
    mean, std = np.array(manifest.mean, np.float32), np.array(manifest.std, np.float32)
    values = ((canvas.astype(np.float32) / 255 - mean) / std).astype(np.float32)
    if manifest.layout == "NCHW":
        values = np.moveaxis(values, -1, 0)
    return np.ascontiguousarray(values[None])


def _soft(classes: NDArray[Any], numbers: list[int]) -> Soft:
    """Return 0 to 1: from 0.5 on, one of the classes `numbers` is the likeliest."""
    if classes.ndim == 2:
        mask = np.isin(classes, numbers).astype(np.float32)
    else:
        others = [k for k in range(len(classes)) if k not in numbers]
        if not others:
            return np.ones(classes.shape[1:], np.float32)
        lead = classes[numbers].max(axis=0) - classes[others].max(axis=0)
        # Scores may be logits, probabilities or anything else that grows: only their usual size gives them a meaning.
        lead *= _USUAL_LEAD / max(1e-6, float(np.median(np.abs(lead))))
        mask = (1 / (1 + np.exp(-np.clip(lead, -_LOGIT_CAP, _LOGIT_CAP)))).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), _SOFTEN), np.float32)


def _looks_close(masks: Mapping[str, Soft]) -> bool:
    """Whether nothing was found, or zones run out of the picture along half of its edge."""
    if _how_many(masks) == 0:
        return True
    any_zone = np.max(list(masks.values()), axis=0) >= 0.5
    edge = np.concatenate([any_zone[0], any_zone[-1], any_zone[:, 0], any_zone[:, -1]])
    return bool(edge.mean() > _CLOSE_UP)


def _how_many(masks: Mapping[str, Soft]) -> int:
    return sum(bool((mask >= 0.5).any()) for mask in masks.values())
