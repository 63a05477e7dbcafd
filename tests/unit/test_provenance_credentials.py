"""Content Credentials: what manifests declare is shown as a declaration, with the library and without it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.domain.facts import Facts
from inspector.provenance import credentials
from inspector.provenance.carrier import Carrier
from inspector.provenance.read import best, facts_of, interpret
from inspector.provenance.readers.contentcredentials import read
from tests.provenance_files import chunk, png
from tests.signed_pictures import MIME, PARENT, signed

CODES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
Manifest = dict[str, Any]


def manifest(
    generator: str,
    *actions: Mapping[str, Any],
    content: Mapping[str, str] | None = None,
    ingredients: tuple[tuple[str, str], ...] = (),
    signer: str = "Trust Ltd",
) -> Manifest:
    assertions: list[Manifest] = [{"label": "c2pa.actions.v2", "data": {"actions": list(actions)}}]
    if content is not None:
        assertions.append({"label": "c2pa.ai_generated_content", "data": dict(content)})
    return {
        "claim_generator_info": [{"name": generator}],
        "assertions": assertions,
        "ingredients": [{"relationship": kind, "active_manifest": label} for kind, label in ingredients],
        "signature_info": {"issuer": signer},
    }


def found(*manifests: Manifest, **more: object) -> tuple[Facts, ...]:
    store: Manifest = {"active_manifest": "m0", "manifests": {f"m{n}": each for n, each in enumerate(manifests)}}
    return interpret(Carrier("PNG", content_credentials=True, manifests={**store, **more}))


CREATED = {"action": "c2pa.created", "digitalSourceType": f"{CODES}trainedAlgorithmicMedia"}
IMAGE_2 = {**CREATED, "softwareAgent": {"name": "gpt-image", "version": "2.0"}}
OPENED = {"action": "c2pa.opened"}
FIREFLY = {
    **CREATED,
    "softwareAgent": "Adobe Firefly",
    "parameters": {"com.adobe.firefly.version": "image5-release-a1", "operation": "text_to_image"},
}
PLACEHOLDER = {"model": "Flux.2", "prompt": "AI generated image"}


def test_that_the_model_is_found_in_the_ingredient_of_a_chat() -> None:
    active, parent = found(
        manifest("ChatGPT", OPENED, ingredients=(("parentOf", "m1"),)), manifest("OpenAI Media Service API", IMAGE_2)
    )
    assert active.source == "Content Credentials (C2PA), declared by “ChatGPT”, signed by “Trust Ltd”"
    assert (active.model, active.prompt) == ("", "")
    assert "of what it was made from, declared by “OpenAI Media Service API”" in parent.source
    assert (parent.model, parent.version) == ("gpt-image", "2.0")
    assert parent.settings["Digital source type"] == "trainedAlgorithmicMedia"
    assert best((active, parent)) == parent


def test_that_the_build_of_a_firefly_model_is_its_version() -> None:
    (facts,) = found(manifest("Adobe_Firefly", FIREFLY, signer="Adobe Inc."))
    assert (facts.model, facts.version) == ("Adobe Firefly", "image5-release-a1")


@pytest.mark.parametrize("text", ["AI generated image", "ai generated image.", "AI-generated image"])
def test_that_a_placeholder_is_no_prompt(text: str) -> None:
    (facts,) = found(manifest("Black Forest Labs", CREATED, content={"model": "Flux.2", "prompt": text}))
    assert (facts.model, facts.prompt) == ("Flux.2", "")


def test_that_a_real_prompt_is_kept() -> None:
    (facts,) = found(manifest("Black Forest Labs", content={**PLACEHOLDER, "prompt": "a smile, 笑顔"}))
    assert (facts.model, facts.prompt) == ("Flux.2", "a smile, 笑顔")


def test_that_an_editor_is_not_taken_for_a_model() -> None:
    edited = {"action": "c2pa.edited", "softwareAgent": "Some Photo Editor", "description": "Applied a watermark."}
    (facts,) = found(manifest("Some Photo Editor", edited))
    assert facts.model == ""
    assert facts.settings == {"Edited with": "Some Photo Editor", "Description": "Applied a watermark."}


def test_that_parts_are_told_from_what_a_picture_was_made_from() -> None:
    active = manifest("Editor", OPENED, ingredients=(("componentOf", "m1"), ("parentOf", "m2")))
    sources = [facts.source for facts in found(active, manifest("One", IMAGE_2), manifest("Two", IMAGE_2))]
    assert "of a part, declared by “One”" in sources[1]
    assert "of what it was made from, declared by “Two”" in sources[2]


def test_that_a_circle_of_ingredients_ends() -> None:
    sides = (manifest("A", ingredients=(("parentOf", "m1"),)), manifest("B", ingredients=(("parentOf", "m0"),)))
    assert len(found(*sides)) == 2


def test_that_a_crowd_of_ingredients_ends() -> None:
    everyone = tuple(("parentOf", f"m{n}") for n in range(200))
    assert 1 < len(found(*(manifest(f"G{n}", IMAGE_2, ingredients=everyone) for n in range(200)))) <= 32


def test_that_a_picture_changed_after_the_declaration_is_told() -> None:
    (facts,) = found(manifest("A", IMAGE_2), validation_status=[{"code": "assertion.dataHash.mismatch"}])
    assert facts.settings["Picture"] == "changed after that"
    (facts,) = found(manifest("A", IMAGE_2), validation_status=[{"code": "signingCredential.untrusted"}])
    assert "Picture" not in facts.settings


def test_that_nothing_is_called_verified() -> None:
    facts = found(manifest("ChatGPT", IMAGE_2, content=PLACEHOLDER), validation_state="Trusted")
    said = repr([replace(each, raw="") for each in facts]).lower()
    assert "declared by" in said
    assert "verified" not in said
    assert "trusted" not in said


def test_that_manifests_which_say_nothing_leave_their_presence() -> None:
    for store in ({}, {"active_manifest": "m0", "manifests": {}}, {"active_manifest": 3, "manifests": {"m0": {}}}):
        (facts,) = interpret(Carrier("PNG", content_credentials=True, manifests=store))
        assert facts.settings == {"Content Credentials": "present"}


def test_that_without_the_library_only_their_presence_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "available", lambda: False)
    (facts,) = facts_of(png(chunk(b"caBX", b"\0\0\0\x10jumb")))
    assert "not opened" in facts.source


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["m0", "m1", "c2pa.actions"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["m0", "m1", "manifests", "active_manifest", "assertions", "label", "data", "actions", "softwareAgent",
                 "ingredients", "parameters", "claim_generator_info", "signature_info", "digitalSourceType", "name"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(first=JSON, second=JSON, status=JSON)
def test_that_any_manifests_give_facts_or_nothing(first: object, second: object, status: object) -> None:
    store = {"active_manifest": "m0", "manifests": {"m0": first, "m1": second}, "validation_status": status}
    assert all(isinstance(facts, Facts) for facts in read(Carrier("PNG", manifests=store)))


REAL = {
    "claim_generator_info": [{"name": "Test Media Service", "version": "1"}],
    "assertions": [
        {"label": "c2pa.actions.v2", "data": {"actions": [IMAGE_2]}},
        {"label": "c2pa.ai_generated_content", "data": PLACEHOLDER},
    ],
}
CHAT = {
    "claim_generator_info": [{"name": "Test Chat", "version": "1"}],
    "assertions": [
        {"label": "c2pa.actions.v2", "data": {"actions": [{**OPENED, "parameters": {"ingredientIds": [PARENT]}}]}}
    ],
}


@pytest.mark.parametrize("kind", MIME)
def test_that_signed_manifests_are_opened_in(kind: str) -> None:
    pytest.importorskip("c2pa", reason="the extra [c2pa] is not installed")
    first = signed(REAL, kind)
    active, parent = facts_of(signed(CHAT, kind, first, parent=first))
    assert active.source == "Content Credentials (C2PA), declared by “Test Chat”, signed by “Test Maker”"
    assert (parent.model, parent.version, parent.prompt) == ("Flux.2", "", "")
    assert parent.settings == {"Digital source type": "trainedAlgorithmicMedia"}
    assert json.loads(parent.raw)["claim_generator_info"][0]["name"] == "Test Media Service"


def test_that_pixels_changed_after_signing_are_told() -> None:
    pytest.importorskip("c2pa", reason="the extra [c2pa] is not installed")
    data = bytearray(signed(REAL, "JPEG"))
    data[-10] ^= 1
    (facts,) = facts_of(bytes(data))
    assert facts.settings["Picture"] == "changed after that"


def test_that_damaged_manifests_give_facts_or_their_presence() -> None:
    pytest.importorskip("c2pa", reason="the extra [c2pa] is not installed")
    data = signed(REAL, "PNG")
    for place in range(0, len(data), max(1, len(data) // 60)):
        damaged = bytearray(data)
        damaged[place] ^= 0xFF
        assert all(isinstance(facts, Facts) for facts in facts_of(bytes(damaged)))
        assert all(isinstance(facts, Facts) for facts in facts_of(data[:place]))
