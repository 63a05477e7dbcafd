"""ComfyUI: the prompt is found by walking its graph back from the saved picture to a sampler and on to the texts.

No list of known nodes: a sampler is what has a positive input (or a guider), a text is what stands under a text-like
name, and a node with a prompt of its own and no sampler before it is a hosted model. What is found is a guess, and the
source says so. Carriers: PNG texts “prompt” and “workflow”, the “comf” chunk of animated PNG, EXIF Make and Model of
WebP, and the ImageDescription and UserComment that custom savers use.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice

from inspector.domain.facts import Facts
from inspector.provenance.bounded import VALUE_LIMIT, Json, is_object, model_name, parse_object
from inspector.provenance.carrier import Carrier, Text
from inspector.provenance.readers.comfy_graph import Graph, Link, Node, from_api, from_workflow

_PREFIX = re.compile(r"\s*(prompt|workflow)\s*:\s*(?=\{)", re.IGNORECASE)
_CANDIDATE_LIMIT = 8
_DOCUMENT_LIMIT = 4
_SINK_LIMIT = 8
_TRY_LIMIT = 8
_TEXT_NODE_LIMIT = 1000
_DEPTH_LIMIT = 64
_TEXT_NAMES = (
    "populated_text", "text", "prompt", "positive_prompt", "text_positive", "text_g", "text_l", "clip_l", "t5xxl",
    "llama", "string", "string_a", "string_b", "value", "wildcard_text", "string_1", "string_2", "text_1", "text_2",
    "text1", "text2", "a", "b", "prompt_text", "caption", "user_prompt", "multiline_text", "input_string",
)  # fmt: skip
_MODEL_NAMES = (
    "ckpt_name", "unet_name", "model_name", "diffusion_name", "base_ckpt_name", "gguf_name", "model_path", "model",
)  # fmt: skip
_NOT_TEXT = {
    "clip", "model", "vae", "image", "images", "latent", "latent_image", "samples", "control_net", "mask", "pixels",
}  # fmt: skip
_SETTINGS = {
    "seed": "Seed", "noise_seed": "Seed", "steps": "Steps", "cfg": "CFG scale", "sampler_name": "Sampler",
    "scheduler": "Scheduler", "denoise": "Denoise", "guidance": "Guidance", "lora_name": "LoRA",
    "aspect_ratio": "Aspect ratio", "resolution": "Resolution", "quality": "Quality",
}  # fmt: skip


def read(carrier: Carrier) -> list[Facts]:
    """Return one candidate per prompt that leads to a saved picture; the editor form only where the API form fails."""
    found: list[Facts] = []
    graphs = list(islice(_documents(carrier), _DOCUMENT_LIMIT))
    for form in ("prompt", "workflow"):
        for text, data in (entry[1:] for entry in graphs if entry[0] == form):
            graph = from_api(data) if form == "prompt" else from_workflow(data)
            found += _candidates(graph, text, form)
        if found:
            break
    return found[:_CANDIDATE_LIMIT]


def _documents(carrier: Carrier) -> Iterator[tuple[str, Text, Json]]:
    """Yield (form, text, graph) of everything that can be a graph."""
    for text in carrier.png("prompt", "workflow"):
        if text.data is not None:
            yield text.key, text, text.data
    for text in (*carrier.exif, *carrier.comments):
        match = _PREFIX.match(text.value)
        if match and (data := parse_object(text.value[match.end() :])):
            yield match.group(1).lower(), text, data
        elif text.data is not None:
            yield from _nested(text, text.data)


def _nested(text: Text, data: Json) -> Iterator[tuple[str, Text, Json]]:
    """Yield the graphs of a JSON object that has “prompt” and “workflow”, each an object or once more a JSON text."""
    if _is_graph(data):
        yield "prompt", text, data
        return
    if isinstance(data.get("nodes"), list) and isinstance(data.get("links"), list):
        yield "workflow", text, data
        return
    for form in ("prompt", "workflow"):
        value = data.get(form)
        inner = value if is_object(value) else parse_object(value) if isinstance(value, str) else None
        if inner and (form == "workflow" or _is_graph(inner)):
            yield form, text, inner


def _is_graph(data: Json) -> bool:
    return any(is_object(value) and "class_type" in value for value in data.values())


def _candidates(graph: Graph, text: Text, form: str) -> list[Facts]:
    found: dict[tuple[str, str, str], Facts] = {}
    for sink in _sinks(graph):
        facts = _walk(graph, sink, text, form)
        if facts is not None:
            found.setdefault((facts.prompt, facts.negative, facts.model), facts)
        if len(found) >= _CANDIDATE_LIMIT:
            break
    return list(found.values())


def _sinks(graph: Graph) -> list[str]:
    """Return at most eight nodes nothing is taken from: those that save, else those that preview, else all."""
    used = {link.node for node in graph.values() for link in node.links.values()}
    ends = [key for key, node in graph.items() if key not in used and node.links] or list(graph)
    for word in ("save", "preview"):
        if named := [key for key in ends if word in graph[key].kind.lower()]:
            return named[:_SINK_LIMIT]
    return ends[:_SINK_LIMIT]


def _upstream(graph: Graph, start: Iterable[str], *, skip: frozenset[str] = frozenset()) -> Iterator[Node]:
    """Yield the nodes that lead into `start`, nearest first, not following inputs called as in `skip`."""
    waiting = deque(start)
    seen = set(waiting)
    while waiting:
        node = graph.get(waiting.popleft())
        if node is None:
            continue
        yield node
        for name, link in node.links.items():
            if name not in skip and link.node not in seen:
                seen.add(link.node)
                waiting.append(link.node)


def _walk(graph: Graph, sink: str, text: Text, form: str) -> Facts | None:
    makers = (node for node in _upstream(graph, [sink]) if _is_sampler(node) or _is_hosted(node))
    for node in islice(makers, _TRY_LIMIT):
        if _is_sampler(node):
            prompt, negative = _sides(graph, node)
        else:
            prompt, negative = _texts(graph, node, "prompt"), _texts(graph, node, "negative_prompt")
        if prompt or negative:
            return _facts(graph, node, prompt, negative, text, form)
    return None


def _is_sampler(node: Node) -> bool:
    if "positive" in node.links:
        return bool(node.links.keys() & {"latent_image", "samples", "latent", "model", "optional_latent", "pipe"})
    return "guider" in node.links or ("conditioning" in node.links and "model" in node.links)


def _is_hosted(node: Node) -> bool:
    """Return whether a node takes its prompt as text and gives the picture itself."""
    return "clip" not in node.links and ("prompt" in node.literals or "prompt" in node.links)


def _sides(graph: Graph, node: Node) -> tuple[str, str]:
    link = node.links.get("guider")
    guider = graph.get(link.node) if link else node
    if guider is None:
        return "", ""
    side = "positive" if "positive" in guider.links else "conditioning"
    return _texts(graph, guider, side), _texts(graph, guider, "negative")


def _texts(graph: Graph, node: Node, name: str) -> str:
    """Return the different texts that reach the input `name` of `node`, one a line."""
    if name in node.literals:
        return node.literals[name]
    if name not in node.links:
        return ""
    collector = _Collector(graph, "negative" if name.startswith("negative") else "positive")
    collector.follow(node.links[name], 0)
    return "\n".join(dict.fromkeys(collector.found))


class _Collector:
    """Gathers the texts behind a wire, following only what can carry conditioning or text."""

    def __init__(self, graph: Graph, side: str) -> None:
        self.found: list[str] = []
        self._graph = graph
        self._side = side
        self._seen: set[str] = set()

    def follow(self, link: Link, depth: int) -> None:
        """Take the texts of the node at `link`, or of the nodes before it."""
        node = self._graph.get(link.node)
        if node is None or depth > _DEPTH_LIMIT or link.node in self._seen or len(self._seen) > _TEXT_NODE_LIMIT:
            return
        if "zeroout" in node.kind.lower():
            return
        self._seen.add(link.node)
        if self._side in node.links or self._side in node.literals:
            names: Iterable[str] = (self._side,)
        else:
            names = [name for name in _TEXT_NAMES if name in node.literals or name in node.links]
            if names[:1] == ["populated_text"]:
                names = names[:1]
        taken = len(self.found)
        for name in names:
            if name in node.literals:
                self._take(node.literals[name])
            elif name in node.links:
                self.follow(node.links[name], depth + 1)
        if len(self.found) > taken:
            return
        for name, inner in node.links.items():
            if name not in _NOT_TEXT and name not in {"positive", "negative"}:
                self.follow(inner, depth + 1)

    def _take(self, text: str) -> None:
        if text.strip() and any(character.isalpha() for character in text):
            self.found.append(text.strip())


def _facts(graph: Graph, node: Node, prompt: str, negative: str, text: Text, form: str) -> Facts:
    settings: dict[str, str] = {}
    key = next(key for key, other in graph.items() if other is node)
    near = list(_upstream(graph, [key], skip=frozenset({"positive", "negative", "latent_image", "image", "images"})))
    for other in near:
        for name, value in other.literals.items():
            shown = _SETTINGS.get(name)
            if shown and len(value) <= VALUE_LIMIT:
                settings.setdefault(shown, value)
    if "Seed" not in settings and (seed := _linked_seed(graph, near)):
        settings["Seed"] = seed
    form_name = "graph" if form == "prompt" else "workflow"
    return Facts(
        source=f"{text.source} (ComfyUI {form_name}, best guess)",
        prompt=prompt,
        negative=negative,
        model=_model(near) or (node.kind if not _is_sampler(node) else ""),
        seed=settings.get("Seed", ""),
        settings=settings,
        raw=text.value,
    )


def _model(nodes: list[Node]) -> str:
    return next(
        (model_name(node.literals[name]) for node in nodes for name in _MODEL_NAMES if name in node.literals), ""
    )


def _linked_seed(graph: Graph, nodes: list[Node]) -> str:
    for node in nodes:
        link = node.links.get("seed") or node.links.get("noise_seed")
        source = graph.get(link.node) if link else None
        if source is not None:
            return next((source.literals[name] for name in ("seed", "value", "int") if name in source.literals), "")
    return ""
