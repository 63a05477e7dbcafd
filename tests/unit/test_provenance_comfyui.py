"""ComfyUI graphs: the walk from the saved picture to its prompt, in every carrier, and graphs made to hurt."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.domain.facts import Facts
from inspector.provenance.read import best, facts_of
from tests.provenance_files import (
    MODEL,
    ascii_tiff,
    chunk,
    comment_tiff,
    itext_chunk,
    jpeg,
    png,
    text_chunk,
    tiff,
    webp,
)

Graph = dict[str, dict[str, object]]


def node(kind: str, **inputs: object) -> dict[str, object]:
    return {"class_type": kind, "inputs": inputs}


PLAIN: Graph = {
    "4": node("CheckpointLoaderSimple", ckpt_name="SDXL/realistic_v5.safetensors"),
    "10": node("LoraLoader", lora_name="lips.safetensors", strength_model=0.8, model=["4", 0], clip=["4", 1]),
    "6": node("CLIPTextEncode", text="a smile, wet lips", clip=["10", 1]),
    "7": node("CLIPTextEncode", text="fused teeth", clip=["10", 1]),
    "5": node("EmptyLatentImage", width=1024, height=1024, batch_size=1),
    "3": node(
        "KSampler", seed=42, steps=20, cfg=7.5, sampler_name="euler", scheduler="karras", denoise=1,
        model=["10", 0], positive=["6", 0], negative=["7", 0], latent_image=["5", 0],
    ),
    "8": node("VAEDecode", samples=["3", 0], vae=["4", 2]),
    "9": node("SaveImage", filename_prefix="x", images=["8", 0]),
    "99": node("CLIPTextEncode", text="a note nobody uses", clip=["4", 1]),
}  # fmt: skip

FLUX: Graph = {
    "1": node("UNETLoader", unet_name="flux1-dev.sft", weight_dtype="default"),
    "2": node("DualCLIPLoader", clip_name1="t5.safetensors", clip_name2="clip_l.safetensors", type="flux"),
    "20": node("PrimitiveString", value="teeth, metal rim"),
    "21": node("StringConcatenate", string_a="close-up of", string_b=["20", 0], delimiter=" "),
    "3": node("CLIPTextEncode", text=["21", 0], clip=["2", 0]),
    "4": node("FluxGuidance", guidance=3.5, conditioning=["3", 0]),
    "5": node("BasicGuider", model=["1", 0], conditioning=["4", 0]),
    "6": node("RandomNoise", noise_seed=["30", 0]),
    "30": node("easy seed", seed=77),
    "7": node("KSamplerSelect", sampler_name="dpmpp_2m"),
    "8": node("BasicScheduler", scheduler="beta", steps=28, denoise=1.0, model=["1", 0]),
    "9": node(
        "SamplerCustomAdvanced",
        noise=["6", 0], guider=["5", 0], sampler=["7", 0], sigmas=["8", 0], latent_image=["11", 0],
    ),
    "11": node("EmptySD3LatentImage", width=8, height=8),
    "12": node("VAEDecode", samples=["9", 0], vae=["13", 0]),
    "13": node("VAELoader", vae_name="ae.safetensors"),
    "14": node("PreviewImage", images=["12", 0]),
}  # fmt: skip

HOSTED: Graph = {
    "1": node("GeminiImageNode", prompt="a laugh, metal rims", model="gemini-3-pro-image-preview", seed=5),
    "2": node("SaveImage", images=["1", 0]),
}


def proposed(data: bytes) -> Facts:
    facts = best(facts_of(data))
    assert facts is not None
    return facts


def saved(graph: object) -> bytes:
    return png(text_chunk("prompt", json.dumps(graph)))


def test_that_the_prompt_is_found_from_the_save_node_back() -> None:
    facts = proposed(saved(PLAIN))
    assert (facts.prompt, facts.negative) == ("a smile, wet lips", "fused teeth")
    assert (facts.model, facts.seed) == ("realistic_v5", "42")
    assert facts.settings["Sampler"] == "euler"
    assert facts.settings["Steps"] == "20"
    assert facts.settings["LoRA"] == "lips.safetensors"
    assert "guess" in facts.source
    assert json.loads(facts.raw) == PLAIN


def test_that_guiders_and_linked_texts_and_seeds_are_followed() -> None:
    facts = proposed(saved(FLUX))
    assert facts.prompt.split() == ["close-up", "of", "teeth,", "metal", "rim"]
    assert (facts.model, facts.seed) == ("flux1-dev", "77")
    assert (facts.settings["Sampler"], facts.settings["Steps"], facts.settings["Guidance"]) == ("dpmpp_2m", "28", "3.5")


def test_that_a_hosted_model_node_gives_prompt_and_model() -> None:
    facts = proposed(saved(HOSTED))
    assert (facts.prompt, facts.model) == ("a laugh, metal rims", "gemini-3-pro-image-preview")


def test_that_inputs_of_a_hosted_model_may_be_grouped_by_dots() -> None:
    graph = {"1": {"class_type": "Some", "inputs": {"model": "seedream-5", "model.prompt": "a rim"}}, "2": HOSTED["2"]}
    facts = proposed(saved(graph))
    assert (facts.prompt, facts.model) == ("a rim", "seedream-5")


def test_that_each_side_is_followed_through_a_node_with_both() -> None:
    graph = dict(PLAIN)
    graph["30"] = node(
        "ControlNetApplyAdvanced", positive=["6", 0], negative=["7", 0], control_net=["31", 0], strength=1
    )
    graph["3"] = node("KSampler", model=["4", 0], positive=["30", 0], negative=["30", 1], latent_image=["5", 0])
    facts = proposed(saved(graph))
    assert (facts.prompt, facts.negative) == ("a smile, wet lips", "fused teeth")


def test_that_zeroed_conditioning_is_no_negative_prompt() -> None:
    graph = dict(PLAIN)
    graph["40"] = node("ConditioningZeroOut", conditioning=["6", 0])
    graph["3"] = node("KSampler", model=["4", 0], positive=["6", 0], negative=["40", 0], latent_image=["5", 0])
    assert proposed(saved(graph)).negative == ""


def test_that_every_saved_prompt_is_a_candidate() -> None:
    graph = dict(PLAIN)
    graph["61"] = node("CLIPTextEncode", text="a second prompt", clip=["4", 1])
    graph["31"] = node("KSampler", model=["4", 0], positive=["61", 0], negative=["7", 0], latent_image=["5", 0])
    graph["81"] = node("VAEDecode", samples=["31", 0])
    graph["91"] = node("SaveImage", images=["81", 0])
    assert {facts.prompt for facts in facts_of(saved(graph))} == {"a smile, wet lips", "a second prompt"}


WORKFLOW = {
    "nodes": [
        {"id": 4, "type": "CheckpointLoaderSimple", "inputs": [], "widgets_values": ["m/real.ckpt"]},
        {"id": 6, "type": "CLIPTextEncode", "inputs": [{"name": "clip", "link": 1}], "widgets_values": ["a grin"]},
        {"id": 7, "type": "CLIPTextEncode", "inputs": [{"name": "clip", "link": 2}], "widgets_values": ["blur"]},
        {
            "id": 3,
            "type": "OtherSampler",
            "inputs": [
                {"name": "model", "link": 3},
                {"name": "positive", "link": 4},
                {"name": "negative", "link": 5},
                {"name": "seed", "widget": {"name": "seed"}, "link": None},
                {"name": "steps", "widget": {"name": "steps"}, "link": None},
            ],
            "widgets_values": [9, "randomize", 30],
        },
        {"id": 9, "type": "SaveImage", "inputs": [{"name": "images", "link": 6}], "widgets_values": ["x"]},
    ],
    "links": [[1, 4, 1, 6, 0, "CLIP"], [2, 4, 1, 7, 0, "CLIP"], [3, 4, 0, 3, 0, "MODEL"], [4, 6, 0, 3, 1, "C"],
              [5, 7, 0, 3, 2, "C"], [6, 3, 0, 9, 0, "IMAGE"]],
}  # fmt: skip


def test_that_the_editor_form_is_read_when_it_is_alone() -> None:
    facts = proposed(png(itext_chunk("workflow", json.dumps(WORKFLOW))))
    assert (facts.prompt, facts.negative, facts.model, facts.seed) == ("a grin", "blur", "real", "9")
    assert facts.settings["Steps"] == "30"
    assert "workflow" in facts.source


GRAPH, FLOW = json.dumps(PLAIN), json.dumps(WORKFLOW)
CARRIERS = {
    "WebP Model and Make": webp(exif=ascii_tiff(model=f"prompt:{GRAPH}", make=f"workflow:{FLOW}")),
    "animated PNG": png(after=(chunk(b"comf", b"prompt\0" + GRAPH.encode()),)),
    "custom saver, Make and ImageDescription": jpeg(
        exif=ascii_tiff(make=f"Prompt: {GRAPH}", description=f"Workflow: {FLOW}")
    ),
    "custom saver, UserComment": jpeg(
        exif=comment_tiff(b"ASCII\0\0\0" + json.dumps({"prompt": PLAIN, "workflow": WORKFLOW}).encode())
    ),
    "custom saver, texts in UserComment": webp(
        exif=comment_tiff(b"UNICODE\0" + json.dumps({"prompt": GRAPH, "workflow": FLOW}).encode("utf-16-le"))
    ),
    "other keys at other tags": webp(exif=tiff({MODEL: (2, f"prompt:{GRAPH}\0".encode()), 0x010D: (2, b"extra:{}\0")})),
}


@pytest.mark.parametrize("carrier", CARRIERS)
def test_that_the_graph_is_read_from(carrier: str) -> None:
    facts = proposed(CARRIERS[carrier])
    assert (facts.prompt, facts.negative, facts.seed) == ("a smile, wet lips", "fused teeth", "42")


def test_that_not_a_number_does_not_hide_a_graph() -> None:
    graph = json.dumps({**PLAIN, "50": {"class_type": "X", "inputs": {}, "is_changed": [float("nan")]}})
    assert "NaN" in graph
    assert proposed(png(text_chunk("prompt", graph))).prompt == "a smile, wet lips"


def test_that_a_workflow_of_two_megabytes_is_read() -> None:
    graph = {**PLAIN, **{f"n{n}": node("Note", text="x" * 1000) for n in range(2000)}}
    assert proposed(saved(graph)).prompt == "a smile, wet lips"


HOSTILE = {
    "circle": {"1": node("KSampler", positive=["1", 0], negative=["1", 0], model=["1", 0]), "2": node("S", a=["1", 0])},
    "text circle": {
        "1": node("CLIPTextEncode", text=["2", 0]),
        "2": node("T", text=["1", 0]),
        "3": node("KSampler", positive=["1", 0], model=["9", 0]),
    },
    "long chain": {
        str(n): node("C", conditioning=[str(n + 1), 0], positive=[str(n + 1), 0], model=["0", 0]) for n in range(9000)
    },
    "everything to everything": {
        str(n): node("KSampler", prompt=["1", 0], **{f"i{m}": [str(m), 0] for m in range(300)}) for n in range(300)
    },
    "wrong kinds": {
        "1": node("KSampler", positive=[None, 0], negative=[[], 1], model=[{}, True]),
        "2": 5,
        "3": {"inputs": 7},
    },
    "a list": [1, 2, 3],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_that_a_graph_made_to_hurt_yields_nothing(name: str) -> None:
    assert facts_of(saved(HOSTILE[name])) == ()
    assert facts_of(png(text_chunk("workflow", json.dumps(HOSTILE[name])))) == ()


@pytest.mark.parametrize(
    "text", ["{" * 100_000, '{"a":' * 100_000, "[" * 500_000, '{"1":' + "9" * 100_000 + "}", "{}", "{"]
)
def test_that_broken_json_yields_nothing(text: str) -> None:
    assert facts_of(png(text_chunk("prompt", text), text_chunk("workflow", text))) == ()


WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=5)
KEYS = st.sampled_from(
    ["1", "2", "class_type", "inputs", "positive", "model", "prompt", "text", "links", "nodes", "id", "widgets_values"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner),
    max_leaves=30,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(["1", "2", "nodes", "links", "prompt"]), JSON))
def test_that_any_json_gives_facts_or_nothing(value: dict[str, object]) -> None:
    text = json.dumps(value)
    data = png(text_chunk("prompt", text), text_chunk("workflow", text), chunk(b"eXIf", comment_tiff(text.encode())))
    assert all(isinstance(facts, Facts) for facts in facts_of(data))


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from("1234567"),
        st.fixed_dictionaries(
            {
                "class_type": st.sampled_from(["KSampler", "CLIPTextEncode", "SaveImage", "Gemini"]),
                "inputs": st.dictionaries(
                    st.sampled_from(["positive", "negative", "model", "text", "images", "prompt", "samples", "guider"]),
                    WORDS | st.tuples(st.sampled_from("12345678"), st.integers(0, 2)).map(list),
                ),
            }
        ),
    )
)
def test_that_any_wiring_gives_only_texts_that_are_in_it(graph: dict[str, object]) -> None:
    text = json.dumps(graph, ensure_ascii=False)
    for facts in facts_of(png(itext_chunk("prompt", text))):
        assert all(json.dumps(part, ensure_ascii=False)[1:-1] in text for part in facts.prompt.splitlines())
