from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.domain.lenses import chain_of
from inspector.errors import ExportFault, WrongUsage
from inspector.workbench.lens_presets import LensPreset, forget_preset, keep_preset, own_presets, worth_trying
from inspector.workbench.vocabulary import load_taxonomy


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INSPECTOR_DATA", str(tmp_path))
    return tmp_path


def test_that_kept_presets_come_back_by_name_and_go_when_forgotten() -> None:
    keep_preset("  Skin \n texture ", chain_of("high-pass:fine=2 + chroma:boost=0"))
    keep_preset("Dark", chain_of("exposure:ev=99"))
    keep_preset("dark", chain_of("exposure:ev=3"))
    assert own_presets() == (
        LensPreset("dark", chain_of("exposure:ev=3")),
        LensPreset("Skin texture", chain_of("high-pass:fine=2 + chroma:boost=0")),
    )
    forget_preset("dark")
    assert [preset.name for preset in own_presets()] == ["Skin texture"]


def test_that_nothing_is_kept_without_a_name_or_a_lens() -> None:
    with pytest.raises(WrongUsage):
        keep_preset(" ", chain_of("edges"))
    with pytest.raises(WrongUsage):
        keep_preset("Nothing", ())
    assert own_presets() == ()


def test_that_a_file_that_cannot_be_read_is_not_replaced(data_folder: Path) -> None:
    (data_folder / "lenses.json").write_text("{ not json")
    assert own_presets() == ()
    with pytest.raises(ExportFault):
        keep_preset("Edges", chain_of("edges"))
    assert (data_folder / "lenses.json").read_text() == "{ not json"


def test_that_rows_which_are_no_presets_are_left_out(data_folder: Path) -> None:
    rows = [
        {"name": "Good", "lenses": "edges + posterize:steps=3"},
        {"name": "Newer", "lenses": "x-ray"},
        {"name": "Long", "lenses": "edges + " * 900},
        {"name": 3, "lenses": "edges"},
        {"name": "Empty", "lenses": ""},
        "edges",
        None,
    ]
    (data_folder / "lenses.json").write_text(json.dumps({"presets": rows}))
    assert [preset.name for preset in own_presets()] == ["Good"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["presets", "name", "lenses", "x"]), inner),
        max_leaves=12,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_that_no_file_makes_reading_fail(data_folder: Path, content: object) -> None:
    (data_folder / "lenses.json").write_text(json.dumps(content))
    assert isinstance(own_presets(), tuple)


def test_that_every_lens_worth_trying_exists() -> None:
    taxonomy = load_taxonomy()
    for preset in taxonomy.presets:
        assert len(worth_trying(taxonomy, preset.id)) == len(preset.lenses)
    assert worth_trying(taxonomy, "unheard-of") == ()
