"""Small ONNX models that sort pixels by colour, written byte by byte, and pictures for them."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.imaging.raster import Pixels

COLOURS = {"skin": (205, 160, 140), "lips": (170, 60, 70), "teeth": (235, 230, 220), "ground": (60, 70, 90)}
"""RGB of what the pictures show; a model's classes are these in their order."""

FLOAT, INT64 = 1, 7


def model(
    size: tuple[int, int], *, layout: str = "NCHW", class_map: bool = False, colours: Sequence[str] = tuple(COLOURS)
) -> bytes:
    """Return an ONNX model whose classes are the nearest of `colours`: by scores, or as a map of class numbers.

    The score of colour c for a pixel x (0 to 1) is 2 c·x - |c|², which is largest for the nearest one: one 1x1
    convolution (a product of matrices for NHWC). Written after onnx.proto of ONNX 1.16 (opset 13).
    """
    width, height = size
    centres = np.array([COLOURS[name] for name in colours], np.float32) / 255
    weights, bias = 2 * centres, -(centres**2).sum(axis=1)
    if layout == "NCHW":
        nodes = [_node("Conv", ["x", "w", "b"], "scores")]
        tensors = [_tensor("w", weights.reshape(len(colours), 3, 1, 1)), _tensor("b", bias)]
        dims, out_dims, axis = (1, 3, height, width), (1, len(colours), height, width), 1
    else:
        nodes = [_node("MatMul", ["x", "w"], "products"), _node("Add", ["products", "b"], "scores")]
        tensors = [_tensor("w", weights.T), _tensor("b", bias)]
        dims, out_dims, axis = (1, height, width, 3), (1, height, width, len(colours)), 3
    output = _value("scores", FLOAT, out_dims)
    if class_map:
        nodes.append(_node("ArgMax", ["scores"], "classes", axis=axis, keepdims=0))
        output = _value("classes", INT64, (1, height, width))
    graph = b"".join(_bytes(1, node) for node in nodes) + _bytes(2, b"colours")
    graph += b"".join(_bytes(5, tensor) for tensor in tensors)
    graph += _bytes(11, _value("x", FLOAT, dims)) + _bytes(12, output)
    return _number(1, 8) + _bytes(7, graph) + _bytes(8, _bytes(1, b"") + _number(2, 13))


def install(folder: Path, data: bytes, **changes: Any) -> Path:
    """Write a model and its manifest into a folder and return the manifest's path; None takes a field away."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(data)
    fields: dict[str, Any] = {
        "file": "model.onnx",
        "sha256": sha256(data).hexdigest(),
        "input_size": [128, 128],
        "layout": "NCHW",
        "mean": [0, 0, 0],
        "std": [1, 1, 1],
        "labels": {"0": "skin", "1": "lips", "2": "teeth"},
        "framing": "any",
        "licence_text": "Test licence: do with it what you like.",
        "source": "made by a test",
    }
    fields = {name: value for name, value in (fields | changes).items() if value is not None}
    (folder / "manifest.json").write_text(json.dumps(fields), encoding="utf-8")
    return folder / "manifest.json"


def face(size: tuple[int, int] = (480, 400), zoom: float = 1.0) -> Pixels:
    """Return a face of flat colours with a little noise, (H, W, 4) uint8 BGRA; a large `zoom` leaves only the mouth."""
    width, height = size
    centre = (width // 2, height // 2)
    image = np.full((height, width, 3), COLOURS["ground"], np.uint8)
    for name, across, down in (("skin", 160, 190), ("lips", 70, 34), ("teeth", 48, 14)):
        axes = (round(across * zoom), round(down * zoom))
        cv2.ellipse(image, centre, axes, 0, 0, 360, COLOURS[name], -1, cv2.LINE_AA)
    noise = np.random.default_rng(5).normal(0, 3, image.shape)
    noisy = np.clip(image + noise, 0, 255).astype(np.uint8)
    return np.ascontiguousarray(np.dstack([noisy[..., ::-1], np.full((height, width), 255, np.uint8)]))


def _node(kind: str, inputs: Sequence[str], output: str, **attributes: int) -> bytes:
    named = b"".join(_bytes(1, name.encode()) for name in inputs) + _bytes(2, output.encode())
    made = [_bytes(1, name.encode()) + _number(3, value) + _number(20, 2) for name, value in attributes.items()]
    return named + _bytes(4, kind.encode()) + b"".join(_bytes(5, one) for one in made)


def _tensor(name: str, values: NDArray[np.float32]) -> bytes:
    dims = b"".join(_number(1, n) for n in values.shape)
    return dims + _number(2, FLOAT) + _bytes(8, name.encode()) + _bytes(9, values.astype("<f4").tobytes())


def _value(name: str, kind: int, dims: Sequence[int]) -> bytes:
    shape = b"".join(_bytes(1, _number(1, n)) for n in dims)
    return _bytes(1, name.encode()) + _bytes(2, _bytes(1, _number(1, kind) + _bytes(2, shape)))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, data: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    groups = []
    while value > 127:
        groups.append(value & 127 | 128)
        value >>= 7
    return struct.pack(f"{len(groups) + 1}B", *groups, value)
