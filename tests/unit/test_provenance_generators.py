"""One file, made here, for every generator whose form is known."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from inspector.provenance.read import best, facts_of, read_facts
from tests.provenance_files import (
    PROMPT,
    ascii_tiff,
    chunk,
    comment_tiff,
    itext_chunk,
    jpeg,
    png,
    text_chunk,
    tiff,
    webp,
    xmp,
)


@dataclass(frozen=True)
class Expected:
    prompt: str = ""
    negative: str = ""
    model: str = ""
    version: str = ""
    seed: str = ""
    settings: dict[str, str] = field(default_factory=dict)


INVOKE = {
    "positive_prompt": "a smile", "negative_prompt": "blur", "seed": 7, "steps": 30, "cfg_scale": 7.5,
    "scheduler": "euler", "model": {"model_name": "dreamshaper.safetensors", "base_model": "sd-1"},
}  # fmt: skip
SWARM = {
    "sui_image_params": {
        "prompt": "a smile", "negativeprompt": "blur", "model": "OfficialStableDiffusion/sd_xl.safetensors",
        "seed": "7", "steps": 20, "cfgscale": "6", "swarm_version": "0.9.7",
    },
    "sui_extra_data": {"date": "2026-01-01"},
    "sui_models": [{"name": "sd_xl", "param": "model"}],
}  # fmt: skip
FOOOCUS = {
    "prompt": "a smile", "negative_prompt": "blur", "base_model": "juggernaut.safetensors", "seed": "7",
    "resolution": "(896, 1152)", "version": "Fooocus v2.5.5", "full_prompt": ["a smile", "cinematic"],
}  # fmt: skip
NOVEL = {
    "prompt": "a smile", "uc": "blur", "seed": 7, "steps": 28, "scale": 5.0, "sampler": "k_euler",
    "v4_prompt": {"caption": {"base_caption": "a smile", "char_captions": [{"char_caption": "girl, metal rims"}]}},
    "v4_negative_prompt": {"caption": {"base_caption": "blur", "char_captions": []}},
}  # fmt: skip
EASY = {
    "prompt": "a smile", "negative_prompt": "blur", "seed": 7, "num_inference_steps": 25, "guidance_scale": 7.5,
    "use_stable_diffusion_model": "C:\\models\\stable-diffusion\\sd-v1-5.ckpt", "sampler_name": "euler",
}  # fmt: skip
EASY_TITLES = {
    "Prompt": "a smile", "Negative Prompt": "blur", "Seed": 7, "Stable Diffusion model": "/home/x/models/sd-v1-5.ckpt",
}  # fmt: skip
DRAW = {"c": "a smile", "uc": "blur", "model": "flux_1_dev.ckpt", "sampler": "Euler", "seed": 7, "size": "832x1216"}
JOB = "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"
JOURNEY = f"a smile – dents, façade --ar 4:3 --no blur, hands --seed 7 --v 5.2 Job ID: {JOB}"
JOB_PACKET = xmp(f"<Iptc4xmpExt:DigImageGUID>{JOB}</Iptc4xmpExt:DigImageGUID>")
SIGNATURE = "Signature: " + "QUJD" * 12
AIGC = {"Label": "1", "ContentProducer": "00191110108", "ProduceID": "x-1", "ReservedCode1": ""}
LABEL = {"AIGC label": "1", "Content producer": "00191110108", "Content id": "x-1"}
CODE = "https://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


def full(**more: Any) -> Expected:
    return Expected(prompt="a smile", negative="blur", seed="7", **more)


def easy_png(values: dict[str, object]) -> bytes:
    return png(*(text_chunk(key, str(value)) for key, value in values.items()))


def unicode(value: object) -> bytes:
    return comment_tiff(b"UNICODE\0" + json.dumps(value).encode("utf-16-be"))


CASES: dict[str, tuple[bytes, Expected]] = {
    "InvokeAI 3": (
        png(itext_chunk("invokeai_metadata", json.dumps(INVOKE))),
        full(model="dreamshaper", settings={"Steps": "30", "CFG scale": "7.5", "Scheduler": "euler"}),
    ),
    "InvokeAI 4": (
        png(text_chunk("invokeai_metadata", json.dumps({**INVOKE, "model": {"name": "FLUX dev", "key": "0-1"}}))),
        full(model="FLUX dev"),
    ),
    "InvokeAI sd-metadata": (
        png(
            text_chunk(
                "sd-metadata",
                json.dumps(
                    {
                        "model_weights": "sd-1.5",
                        "image": {"prompt": [{"prompt": "a smile [blur]", "weight": 1}], "seed": 7, "steps": 50},
                    }
                ),
            )
        ),
        full(model="sd-1.5", settings={"Steps": "50"}),
    ),
    "InvokeAI Dream": (
        png(text_chunk("Dream", '"a smile [blur]" -s 50 -S 7 -W 512 -H 768 -C7.5 -A k_lms')),
        full(settings={"Steps": "50", "Height": "768", "CFG scale": "7.5", "Sampler": "k_lms"}),
    ),
    "Fooocus PNG": (
        png(text_chunk("parameters", json.dumps(FOOOCUS)), text_chunk("fooocus_scheme", "fooocus")),
        full(model="juggernaut", settings={"Version": "Fooocus v2.5.5"}),
    ),
    "Fooocus JPEG, UserComment in IFD0 without prefix": (
        jpeg(exif=ascii_tiff(comment=json.dumps(FOOOCUS), software="Fooocus v2.5.5", scheme="fooocus")),
        full(model="juggernaut"),
    ),
    "Fooocus A1111 scheme in IFD0": (
        webp(exif=ascii_tiff(comment="a smile\nNegative prompt: blur\nSteps: 30, Seed: 7, Model: juggernaut")),
        full(model="juggernaut"),
    ),
    "Fooocus with an expanded prompt alone": (
        png(text_chunk("parameters", json.dumps({**FOOOCUS, "prompt": ""}))),
        Expected(prompt="a smile\ncinematic", negative="blur", seed="7", model="juggernaut"),
    ),
    "Fooocus-MRE PNG": (png(text_chunk("Comment", json.dumps(FOOOCUS))), full(model="juggernaut")),
    "Fooocus-MRE JPEG": (jpeg(comment=json.dumps(FOOOCUS).encode()), full(model="juggernaut")),
    "SwarmUI PNG": (
        png(text_chunk("parameters", json.dumps(SWARM))),
        full(model="sd_xl", settings={"CFG scale": "6", "SwarmUI version": "0.9.7"}),
    ),
    "SwarmUI UserComment": (jpeg(exif=unicode(SWARM)), full(model="sd_xl")),
    "SwarmUI legacy EXIF Model": (jpeg(exif=ascii_tiff(model=json.dumps(SWARM))), full(model="sd_xl")),
    "NovelAI": (
        png(
            text_chunk("Title", "AI generated image"),
            text_chunk("Description", "a smile"),
            text_chunk("Software", "NovelAI"),
            text_chunk("Source", "NovelAI Diffusion V4.5 4BDE2A90"),
            text_chunk("Comment", json.dumps(NOVEL)),
        ),
        Expected(
            prompt="a smile\ngirl, metal rims", negative="blur", seed="7", model="NovelAI Diffusion V4.5",
            settings={"Model hash": "4BDE2A90", "Sampler": "k_euler"},
        ),
    ),
    "Easy Diffusion PNG": (easy_png(EASY), full(model="sd-v1-5", settings={"Steps": "25"})),
    "Easy Diffusion PNG with titles": (easy_png(EASY_TITLES), full(model="sd-v1-5")),
    "Easy Diffusion JPEG": (jpeg(exif=unicode(EASY)), full(model="sd-v1-5", settings={"Sampler": "euler"})),
    "Draw Things": (
        png(
            itext_chunk(
                "XML:com.adobe.xmp",
                xmp(
                    "<exif:UserComment><rdf:Alt><rdf:li xml:lang='x-default'>"
                    f"{json.dumps(DRAW)}</rdf:li></rdf:Alt></exif:UserComment>"
                ).decode(),
            )
        ),
        full(model="flux_1_dev", settings={"Size": "832x1216"}),
    ),
    "Midjourney": (
        png(
            text_chunk("Description", JOURNEY, "utf-8"),
            text_chunk("Author", "somebody"),
            text_chunk("XML:com.adobe.xmp", JOB_PACKET.decode(), "utf-8"),
        ),
        Expected(
            prompt="a smile – dents, façade", negative="blur, hands", model="Midjourney", version="5.2", seed="7",
            settings={"--ar": "4:3", "Job ID": JOB},
        ),
    ),
    "Midjourney Niji": (
        png(text_chunk("Description", f"a smile --niji 6 Job ID: {JOB}")),
        Expected(prompt="a smile", model="Niji", version="6"),
    ),
    "Luma": (
        png(text_chunk("Source", "Luma AI"), text_chunk("Comment", "Generated by Luma AI's Uni-1 model on request.")),
        Expected(model="Luma Uni-1"),
    ),
    "Grok": (
        jpeg(exif=tiff(
            {0x010E: (2, SIGNATURE.encode() + b"\0"), 0x013B: (2, JOB.encode() + b"\0")},
            {0x9286: (7, b"ASCII\0\0\0" + SIGNATURE.encode())},
        )),
        Expected(model="Grok"),
    ),
    "Ideogram": (jpeg(exif=ascii_tiff(make="Ideogram AI")), Expected(model="Ideogram")),
    "TC260 PNG": (png(text_chunk("AIGC", json.dumps(AIGC))), Expected(settings=LABEL)),
    "TC260 XMP": (jpeg(xmp=xmp(f"<TC260:AIGC>{json.dumps(AIGC)}</TC260:AIGC>")), Expected(settings=LABEL)),
    "TC260 EXIF": (jpeg(exif=comment_tiff(json.dumps({"AIGC": AIGC}).encode())), Expected(settings=LABEL)),
    "TC260 bare EXIF": (webp(exif=ascii_tiff(description=json.dumps(AIGC))), Expected(settings=LABEL)),
    "Google": (
        jpeg(xmp=xmp(
            "<photoshop:Credit>Made with Google AI</photoshop:Credit>"
            f"<Iptc4xmpExt:DigitalSourceType>{CODE}</Iptc4xmpExt:DigitalSourceType>"
        )),
        Expected(model="Google AI", settings={"Digital source type": "trainedAlgorithmicMedia"}),
    ),
    "plain description": (
        png(text_chunk("Description", "a smile in soft light")),
        Expected(prompt="a smile in soft light"),
    ),
    "plain comment": (jpeg(comment="ein Lächeln im Licht".encode()), Expected(prompt="ein Lächeln im Licht")),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_that_the_form_is_read_of(case: str, tmp_path: Path) -> None:
    data, expected = CASES[case]
    path = tmp_path / "picture.bin"
    path.write_bytes(data)
    facts = best(read_facts(path))
    assert facts is not None
    assert facts.prompt == expected.prompt
    assert facts.negative == expected.negative
    assert (facts.model, facts.version, facts.seed) == (expected.model, expected.version, expected.seed)
    assert facts.settings.items() >= expected.settings.items()
    assert facts.raw
    assert facts.source


def test_that_content_credentials_are_reported_but_not_believed() -> None:
    jumbf = b"JP\0\1\0\0\0\1" + (40).to_bytes(4, "big") + b"jumb" + b"\0" * 32
    segment = b"\xff\xeb" + (len(jumbf) + 2).to_bytes(2, "big") + jumbf
    for data in (png(chunk(b"caBX", b"\0\0\0\x10jumb")), jpeg(segments=segment)):
        (facts,) = facts_of(data)
        assert facts.settings == {"Content Credentials": "present"}
        assert (facts.prompt, facts.model) == ("", "")
        assert "not opened" in facts.source


def test_that_the_account_name_of_midjourney_is_left_alone() -> None:
    data = CASES["Midjourney"][0]
    assert b"somebody" in data
    assert "somebody" not in repr(facts_of(data))


def test_that_every_candidate_is_kept_in_order_of_trust() -> None:
    packet = xmp("<Iptc4xmpExt:AIPromptInformation>from XMP</Iptc4xmpExt:AIPromptInformation>").decode()
    data = png(
        text_chunk("Description", "a plain description here"),
        text_chunk("parameters", "from A1111\nSteps: 1, Sampler: b, Seed: 2"),
        text_chunk("invokeai_metadata", json.dumps({"positive_prompt": "from InvokeAI"})),
        itext_chunk("XML:com.adobe.xmp", packet),
    )
    assert [facts.prompt for facts in facts_of(data)] == [
        "from XMP",
        "from InvokeAI",
        "from A1111",
        "a plain description here",
    ]


@pytest.mark.parametrize(
    "text", ["OLYMPUS DIGITAL CAMERA", "Created with GIMP", "CREATOR: gd-jpeg v1.0 (using IJG)", "smile"]
)
def test_that_boilerplate_is_no_prompt(text: str) -> None:
    assert facts_of(jpeg(exif=ascii_tiff(description=text))) == ()


def test_that_a_text_said_twice_is_one_candidate() -> None:
    text = "a smile in soft light"
    assert len(facts_of(png(text_chunk("Description", text), chunk(b"eXIf", ascii_tiff(description=text))))) == 1


SIDECARS = {
    "p.txt": ("a smile\nNegative prompt: blur\nSteps: 2, Sampler: x, Seed: 7", ("a smile", "blur", "7")),
    "p.png.txt": ("a close-up, 笑顔", ("a close-up, 笑顔", "", "")),
    "p.json": ('{"prompt": "a smile", "negative_prompt": "blur", "model": "x/m", "seed": 7}', ("a smile", "blur", "7")),
    "p.png.json": (json.dumps(INVOKE), ("a smile", "blur", "7")),
    "p.swarm.json": (json.dumps(SWARM), ("a smile", "blur", "7")),
}  # fmt: skip


@pytest.mark.parametrize("name", SIDECARS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_that_a_file_beside_the_picture_is_read(name: str, encoding: str, tmp_path: Path) -> None:
    text, expected = SIDECARS[name]
    picture = tmp_path / "p.png"
    picture.write_bytes(png())
    (tmp_path / name).write_text(text, encoding)
    facts = best(read_facts(picture))
    assert facts is not None
    assert (facts.prompt, facts.negative, facts.seed) == expected
    assert name in facts.source


def test_that_the_picture_is_believed_before_the_file_beside_it(tmp_path: Path) -> None:
    picture = tmp_path / "p.png"
    picture.write_bytes(png(text_chunk("parameters", PROMPT)))
    (tmp_path / "p.txt").write_text("something else")
    assert [facts.prompt for facts in read_facts(picture)] == [PROMPT, "something else"]


def test_that_odd_files_beside_the_picture_are_passed_over(tmp_path: Path) -> None:
    picture = tmp_path / "p.png"
    picture.write_bytes(png())
    (tmp_path / "p.txt").mkdir()
    (tmp_path / "p.json").write_text('{"prompt": ' + "[" * 100_000)
    (tmp_path / "p.png.txt").touch()
    (tmp_path / "p.swarm.json").write_bytes(b"\xff\x00\xfe" * 1000)
    assert read_facts(picture) == ()


@pytest.mark.parametrize(
    ("name", "model", "prompt", "seed"),
    [
        (f"somebody_a_smile_with_metal_rims_{JOB}", "Midjourney", "a smile with metal rims", ""),
        (f"somebody_a_smile_{JOB}_2", "Midjourney", "a smile", ""),
        ("DALL·E 2024-05-01 10.20.30 - A wide smile", "DALL·E", "A wide smile", ""),
        ("ChatGPT Image Mar 5, 2026, 10_20_30 AM", "ChatGPT", "", ""),
        ("Gemini_Generated_Image_1a2b3c (1)", "Gemini", "", ""),
        ("Firefly_wide smile with rims 48213", "Adobe Firefly", "wide smile with rims", ""),
        (f"grok-image-{JOB}", "Grok", "", ""),
        ("00012-1234567890-a smile", "", "a smile", "1234567890"),
    ],
)
def test_that_a_file_name_gives_a_hint(name: str, model: str, prompt: str, seed: str, tmp_path: Path) -> None:
    picture = tmp_path / f"{name}.png"
    picture.write_bytes(png())
    (facts,) = read_facts(picture)
    assert (facts.model, facts.prompt, facts.seed, facts.source) == (model, prompt, seed, "file name")


@pytest.mark.parametrize("name", ["holiday", "a_" * 100, "IMG_2031", "00012", "somebody_" + "a_" * 90 + "0a1b2c3d"])
def test_that_an_ordinary_name_gives_none(name: str, tmp_path: Path) -> None:
    picture = tmp_path / f"{name}.png"
    picture.write_bytes(png())
    assert read_facts(picture) == ()
