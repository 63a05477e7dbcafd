"""Content Credentials (C2PA): what the active manifest and every ingredient behind it declare.

Format: C2PA specification 2.x, assertions c2pa.actions and c2pa.ai_generated_content; forms as seen in files of OpenAI,
Google, Adobe Firefly and Black Forest Labs. Whoever holds a certificate can declare anything: these are claims.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from inspector.domain.facts import Facts
from inspector.provenance.bounded import VALUE_LIMIT, Json, as_text, is_object, model_name, objects, pick
from inspector.provenance.carrier import Carrier

_MANIFEST_LIMIT = 32
_ACTION_LIMIT = 64
_RAW_LIMIT = 64 * 1024
_PLACEHOLDERS = {"ai generated image", "ai-generated image", "n/a", "none"}
"""Texts that services write where a prompt belongs, in lower case."""

_GENERATED = "algorithmicmedia"
"""Ends every code of a picture or part made by an algorithm, whatever its case."""

_FIREFLY = "com.adobe.firefly.version"
_CHANGED = ("assertion.dataHash.mismatch", "assertion.bmffHash.mismatch", "assertion.boxesHash.mismatch")


def read(carrier: Carrier) -> list[Facts]:
    """Return one candidate for every manifest that says something about the making, the active one first."""
    store = carrier.manifests
    if store is None:
        return []
    changed = any(pick(status, "code") in _CHANGED for status in objects(store.get("validation_status")))
    found = [_facts(manifest, place) for place, manifest in _walk(store)]
    if not changed:
        return found
    return [replace(facts, settings={**facts.settings, "Picture": "changed after that"}) for facts in found]


def _walk(store: Json) -> Iterator[tuple[str, Json]]:
    """Yield (place, manifest) from the active manifest to its ingredients, each once."""
    known = store.get("manifests")
    if not is_object(known):
        return
    ahead = deque([("", pick(store, "active_manifest"))])
    seen: set[str] = set()
    while ahead and len(seen) < _MANIFEST_LIMIT:
        place, label = ahead.popleft()
        manifest = known.get(label)
        if label in seen or not is_object(manifest):
            continue
        seen.add(label)
        yield place, manifest
        for ingredient in islice(objects(manifest.get("ingredients")), _MANIFEST_LIMIT):
            part = "a part" if pick(ingredient, "relationship") == "componentOf" else "what it was made from"
            ahead.append((part, pick(ingredient, "active_manifest")))


def _facts(manifest: Json, place: str) -> Facts:
    settings: dict[str, str] = {}
    model = version = prompt = ""
    for action in _actions(manifest):
        code = pick(action, "digitalSourceType").rstrip("/").rpartition("/")[2]
        agent, build = _agent(action)
        if code.lower().endswith(_GENERATED):
            model, version = model or agent, version or build
            settings.setdefault("Digital source type", code[:VALUE_LIMIT])
        elif agent:
            settings.setdefault("Edited with", agent)
        if code:
            settings.setdefault("Digital source type", code[:VALUE_LIMIT])
        if text := pick(action, "description"):
            settings.setdefault("Description", text[:VALUE_LIMIT])
    for data in _assertions(manifest, "c2pa.ai_generated_content"):
        named = model_name(pick(data, "model"))
        if named and named != model:
            model, version = named, ""
        said = pick(data, "prompt")
        prompt = prompt or (said if said.lower().rstrip(".") not in _PLACEHOLDERS else "")
    return Facts(
        source=f"Content Credentials (C2PA){f' of {place}' if place else ''}, declared by {_declarer(manifest)}",
        prompt=prompt,
        model=model[:VALUE_LIMIT],
        version=version[:VALUE_LIMIT],
        settings=settings,
        raw=json.dumps(manifest, ensure_ascii=False)[:_RAW_LIMIT],
    )


def _assertions(manifest: Json, label: str) -> Iterator[Json]:
    """Yield the data of the assertions called `label`, with any version or number behind it."""
    for assertion in objects(manifest.get("assertions")):
        name, data = pick(assertion, "label"), assertion.get("data")
        if is_object(data) and (name == label or name.startswith((f"{label}.v", f"{label}__"))):
            yield data


def _actions(manifest: Json) -> Iterator[Json]:
    found = (action for data in _assertions(manifest, "c2pa.actions") for action in objects(data.get("actions")))
    return islice(found, _ACTION_LIMIT)


def _agent(action: Json) -> tuple[str, str]:
    """Return (name, version) of the program that did it; the version of a Firefly model stands among parameters."""
    agent = action.get("softwareAgent")
    name, version = (pick(agent, "name"), pick(agent, "version")) if is_object(agent) else (as_text(agent), "")
    parameters = action.get("parameters")
    return name, (pick(parameters, _FIREFLY) if is_object(parameters) else "") or version


def _declarer(manifest: Json) -> str:
    """Return who speaks: the program that made the claim and the holder of the certificate it is signed with."""
    generator = next((pick(item, "name") for item in objects(manifest.get("claim_generator_info"))), "")
    signature = manifest.get("signature_info")
    signer = pick(signature, "issuer", "common_name") if is_object(signature) else ""
    names = dict.fromkeys(
        f"“{name[:200]}”" for name in (generator or pick(manifest, "claim_generator"), signer) if name
    )
    return ", signed by ".join(names) or "nobody named"
