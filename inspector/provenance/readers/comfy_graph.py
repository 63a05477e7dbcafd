"""A ComfyUI graph as plain nodes, from either of the two forms that ComfyUI embeds.

API form (“prompt”): {id: {"class_type", "inputs": {name: literal or [id, output]}}}. Editor form (“workflow”): nodes
with positional widget values and numbered links. Source: Comfy-Org/ComfyUI, nodes.py and the workflow JSON schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inspector.provenance.bounded import Json, as_text, is_object, objects

_NODE_LIMIT = 5_000
_LINK_LIMIT = 50_000
_NODE_INPUT_LIMIT = 500
_WIDGETS = {
    "CLIPTextEncode": ("text",),
    "CLIPTextEncodeFlux": ("clip_l", "t5xxl", "guidance"),
    "CheckpointLoaderSimple": ("ckpt_name",),
    "UNETLoader": ("unet_name", "weight_dtype"),
    "LoraLoader": ("lora_name", "strength_model", "strength_clip"),
    "KSampler": ("seed", "control_after_generate", "steps", "cfg", "sampler_name", "scheduler", "denoise"),
    "KSamplerSelect": ("sampler_name",),
    "RandomNoise": ("noise_seed", "control_after_generate"),
    "BasicScheduler": ("scheduler", "steps", "denoise"),
    "FluxGuidance": ("guidance",),
    "PrimitiveString": ("value",),
    "PrimitiveStringMultiline": ("value",),
}
_CONTROL_VALUES = {"fixed", "increment", "decrement", "randomize"}


@dataclass(frozen=True, slots=True)
class Link:
    """A wire: the node it comes from and the number of that node's output."""

    node: str
    output: int


@dataclass(frozen=True, slots=True)
class Node:
    """One node: its type, the literal texts and numbers it holds, and the wires into it, in the node's own order."""

    kind: str
    literals: Mapping[str, str]
    links: Mapping[str, Link]


Graph = dict[str, Node]


def from_api(data: Json) -> Graph:
    """Return the graph of the API form; entries that are no nodes are left out."""
    graph: Graph = {}
    links = 0
    for key, value in list(data.items())[:_NODE_LIMIT]:
        if is_object(value) and is_object(inputs := value.get("inputs")):
            graph[key] = _node(as_text(value.get("class_type")), inputs)
            links += len(graph[key].links)
        if links > _LINK_LIMIT:
            break
    return graph


def _node(kind: str, inputs: Json) -> Node:
    """Return a node; inputs that belong to the choice of another (“model.prompt”) go by their last word."""
    literals: dict[str, str] = {}
    links: dict[str, Link] = {}
    for path, value in list(inputs.items())[:_NODE_INPUT_LIMIT]:
        name = path.rpartition(".")[2]
        if isinstance(value, list) and len(value) == 2 and isinstance(value[1], int):
            links.setdefault(name, Link(as_text(value[0]), value[1]))
        elif text := as_text(value):
            literals.setdefault(name, text)
    return Node(kind, literals, links)


def from_workflow(data: Json) -> Graph:
    """Return the graph of the editor form. Widgets are named by the node itself, or by a table for the core nodes."""
    origins: dict[str, Link] = {}
    links = data.get("links")
    for link in links[:_LINK_LIMIT] if isinstance(links, list) else []:
        if isinstance(link, list) and len(link) >= 3 and isinstance(link[2], int):
            origins[as_text(link[0])] = Link(as_text(link[1]), link[2])
    graph: Graph = {}
    for node in objects(data.get("nodes"))[:_NODE_LIMIT]:
        if node.get("mode") in {2, 4}:
            continue
        kind = as_text(node.get("type"))
        inputs = objects(node.get("inputs"))[:_NODE_INPUT_LIMIT]
        wires = {as_text(entry.get("name")): origins.get(as_text(entry.get("link"))) for entry in inputs}
        literals = _widgets(kind, inputs, node.get("widgets_values"))
        graph[as_text(node.get("id"))] = Node(kind, literals, {name: wire for name, wire in wires.items() if wire})
    return graph


def _widgets(kind: str, inputs: list[Json], values: object) -> dict[str, str]:
    if is_object(values):
        return {name: text for name, value in values.items() if (text := as_text(value))}
    if not isinstance(values, list):
        return {}
    names = _WIDGETS.get(kind)
    if names is None:
        names = tuple(as_text(entry.get("name")) for entry in inputs if "widget" in entry)
        seeds = [place for place, name in enumerate(names) if name in {"seed", "noise_seed"}]
        if seeds and len(values) > len(names) and as_text(values[seeds[0] + 1]) in _CONTROL_VALUES:
            place = seeds[0] + 1
            names = (*names[:place], "control_after_generate", *names[place:])
    named = zip(names, (as_text(value) for value in values), strict=False)
    return {name: text for name, text in named if text}
