"""Benchmark files: what goes in comes out, step by step, also after closing and in other hands."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from inspector.domain.benchmark import Benchmark, CheckState, Flaw, ImageRef, Panel, Run, Zone
from inspector.domain.edits import AddFlaw, ChangeBenchmark, ReorderPanels, SetCheck, SetShape
from inspector.domain.geometry import Point, Size
from inspector.domain.history import HISTORY_LIMIT, History
from inspector.domain.shapes import Outline, Spot
from inspector.errors import StorageFault
from inspector.files import sha256_hex
from inspector.storage.inspect_file import InspectFile
from inspector.storage.schema import APPLICATION_ID, SCHEMA_VERSION
from tests.strategies import benchmarks, runs

SQUARE = Outline((Point(0, 0), Point(9.5, 0), Point(9.5, 9), Point(0, 9)))


def example() -> Benchmark:
    """A benchmark with two panels, two zones and a flaw."""
    image = ImageRef("ab" * 32, 1234, Size(640, 480), "/nowhere/a.png")
    run = Run(
        "r",
        "baseline",
        "a wide smile",
        panels=(Panel("a", "Model A", image), Panel("b", "Model B", replace(image, path="/nowhere/b.png"))),
        zones=(Zone("t", "teeth", "Teeth", "#ffffff", {"a": SQUARE}), Zone("l", "lip", "Lip edge", "#d1495b")),
        flaws=(Flaw("f", "a", "t", "teeth.fused", 3, Spot(Point(4.5, 4.5)), "two teeth are one"),),
        checks={("l", "b"): CheckState.CLEAN},
    )
    return Benchmark("bench", "Smile test", runs=(run,))


def reopened(path: Path) -> History:
    """Return what a fresh opening finds."""
    file, history, _ = InspectFile.open(path)
    file.close()
    return history


def applied(history: History, edit: Any) -> History:
    """Return the history after an edit."""
    return history.pushed(edit.apply(history.present), edit.text, edit.merge_key)


def query(path: Path, sql: str) -> list[Any]:
    """Ask the file as any other program would."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=benchmarks(), after=benchmarks(), third=benchmarks())
def test_that_any_jump_between_benchmarks_is_undone_and_redone_after_reopening(
    tmp_path: Path, before: Benchmark, after: Benchmark, third: Benchmark
) -> None:
    path = tmp_path / "any.inspect"
    history = History(before).pushed(after, "one").pushed(third, "two")
    InspectFile.create(path, history.undone(), replace=True).close()
    file, found, _ = InspectFile.open(path)
    assert found == history.undone()
    file.record(found.redone())
    file.record(found.redone().undone().undone())
    file.close()
    assert reopened(path) == history.undone().undone()


class FileMachine(RuleBasedStateMachine):
    """Random edits, undo, redo and reopening, against a plain history in memory."""

    folder: Path

    @initialize(start=benchmarks())
    def create(self, start: Benchmark) -> None:
        self.history = History(start)
        self.file = InspectFile.create(self.folder / "machine.inspect", self.history, replace=True)

    def push(self, after: Benchmark, key: str = "") -> None:
        self.history = self.history.pushed(after, f"edit {key}", key)
        self.file.record(self.history)

    @rule(text=st.text(max_size=5))
    def type_title(self, text: str) -> None:
        self.push(replace(self.history.present, title=text), "title")

    @rule(run=runs("run0"))
    def replace_run(self, run: Run) -> None:
        others = tuple(old for old in self.history.present.runs if old.id != run.id)
        self.push(replace(self.history.present, runs=(run, *others)))

    @rule(data=st.data())
    def shuffle_and_drop(self, data: st.DataObject) -> None:
        shuffled = []
        for run in self.history.present.runs:
            flaws = data.draw(st.permutations(run.flaws))[: data.draw(st.integers(0, 4))]
            zones = data.draw(st.permutations(run.zones))[: data.draw(st.integers(0, 4))]
            panels = data.draw(st.permutations(run.panels))
            shuffled.append(replace(run, flaws=tuple(flaws), zones=tuple(zones), panels=tuple(panels)))
        self.push(replace(self.history.present, runs=tuple(data.draw(st.permutations(shuffled)))))

    @rule()
    def undo(self) -> None:
        self.history = self.history.undone()
        self.file.record(self.history)

    @rule()
    def redo(self) -> None:
        self.history = self.history.redone()
        self.file.record(self.history)

    @rule()
    def lose_a_write(self) -> None:
        """The next write has to catch up with an edit that never reached the file."""
        present = replace(self.history.present, axis=self.history.present.axis + "x")
        self.history = self.history.pushed(present, "unwritten")

    @rule()
    def reopen(self) -> None:
        self.file.record(self.history)
        self.file.close()
        self.file, self.history, _ = InspectFile.open(self.file.path)

    @invariant()
    def file_equals_memory(self) -> None:
        if hasattr(self, "file"):
            self.file.record(self.history)
            other, found, _ = InspectFile.open(self.file.path, read_only=True)
            other.close()
            assert found == self.history

    def teardown(self) -> None:
        if hasattr(self, "file"):
            self.file.close()


def test_that_the_file_follows_a_plain_history_through_anything(tmp_path: Path) -> None:
    machine = type("Machine", (FileMachine,), {"folder": tmp_path})
    machine.TestCase.settings = settings(max_examples=10, stateful_step_count=15, deadline=None)
    machine.TestCase("runTest").runTest()


def test_that_an_edit_writes_one_entity_and_one_step(tmp_path: Path) -> None:
    flaws = tuple(Flaw(f"f{i}", "a", "t", "teeth.fused", 2, Spot(Point(i, i))) for i in range(500))
    start = example()
    history = History(start.with_run(replace(start.runs[0], flaws=flaws)))
    file = InspectFile.create(tmp_path / "many.inspect", history)
    before = {row[:4]: row[4:] for row in query(file.path, "SELECT * FROM entity")}
    history = applied(history, AddFlaw("r", Flaw("new", "b", "l", "lips.edge", 1, Spot(Point(1, 2)))))
    file.record(history)
    file.close()
    after = {row[:4]: row[4:] for row in query(file.path, "SELECT * FROM entity")}
    assert {key for key in after if after[key] != before.get(key)} == {("flaw", "r", "new", "")}
    assert query(file.path, "SELECT kind, id, body FROM change") == [("flaw", "new", None)]
    assert reopened(file.path) == history


def test_that_typing_stays_one_step_in_the_file(tmp_path: Path) -> None:
    history = History(example())
    file = InspectFile.create(tmp_path / "typing.inspect", history)
    for end in range(1, 6):
        history = applied(history, ChangeBenchmark("criterion", "teeth"[:end], typing=True))
        file.record(history)
    file.close()
    assert query(file.path, "SELECT count(*) FROM step") == [(1,)]
    found = reopened(file.path)
    assert found.present.criterion == "teeth"
    assert found.undone().present == example()
    assert found.merges("benchmark.criterion")


def test_that_a_new_edit_forgets_what_was_undone(tmp_path: Path) -> None:
    history = History(example())
    file = InspectFile.create(tmp_path / "fork.inspect", history)
    for title in ("one", "two", "three"):
        history = applied(history, ChangeBenchmark("title", title))
        file.record(history)
    history = history.undone().undone()
    file.record(history)
    history = applied(history, ChangeBenchmark("title", "other"))
    file.record(history)
    file.close()
    assert [step.after.title for step in reopened(file.path).past] == ["one", "other"]
    assert reopened(file.path).future == ()


def test_that_old_undo_steps_are_forgotten_but_not_the_work(tmp_path: Path) -> None:
    history = History(example())
    for number in range(HISTORY_LIMIT - 1):
        history = applied(history, ChangeBenchmark("title", str(number)))
    file = InspectFile.create(tmp_path / "long.inspect", history)
    for number in range(HISTORY_LIMIT - 1, HISTORY_LIMIT + 3):
        history = applied(history, ChangeBenchmark("title", str(number)))
        file.record(history)
    file.close()
    assert query(file.path, "SELECT count(*) FROM step") == [(HISTORY_LIMIT,)]
    assert reopened(file.path) == history


def test_that_panels_keep_their_order_after_swapping_undoing_and_reopening(tmp_path: Path) -> None:
    history = History(example())
    file = InspectFile.create(tmp_path / "swap.inspect", history)
    history = applied(history, ReorderPanels("r", ("b", "a")))
    file.record(history)
    file.record(history.undone())
    file.close()
    file, found, _ = InspectFile.open(file.path)
    assert [panel.id for panel in found.present.runs[0].panels] == ["a", "b"]
    file.record(found.redone())
    file.close()
    assert [panel.id for panel in reopened(file.path).present.runs[0].panels] == ["b", "a"]


def test_that_the_file_says_what_it_is(tmp_path: Path) -> None:
    InspectFile.create(tmp_path / "a.inspect", History(example())).close()
    header = (tmp_path / "a.inspect").read_bytes()[:100]
    assert header.startswith(b"SQLite format 3\0")
    assert int.from_bytes(header[68:72], "big") == APPLICATION_ID
    assert int.from_bytes(header[60:64], "big") == SCHEMA_VERSION
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.inspect"]


def test_that_the_documented_views_answer_plain_sqlite(tmp_path: Path) -> None:
    present = example()
    run = replace(present.runs[0], verdicts={"t": {"better": "b"}, "overall": "no difference"})
    path = tmp_path / "views.inspect"
    InspectFile.create(path, History(present.with_run(run))).close()
    assert query(path, "SELECT id, title FROM benchmark") == [("bench", "Smile test")]
    assert query(path, "SELECT number, name, prompt FROM run") == [(1, "baseline", "a wide smile")]
    assert query(path, "SELECT number, label, width FROM panel") == [(1, "Model A", 640), (2, "Model B", 640)]
    assert query(path, "SELECT number, name, shapes FROM zone") == [(1, "Teeth", 1), (2, "Lip edge", 0)]
    assert query(path, "SELECT zone, panel, type FROM shape") == [("t", "a", "outline")]
    assert query(path, "SELECT number, panel_label, zone_name, kind, severity, note FROM flaw") == [
        (1, "Model A", "Teeth", "teeth.fused", 3, "two teeth are one")
    ]
    assert sorted(query(path, "SELECT zone_name, panel_label, state FROM check_state")) == [
        ("Lip edge", "Model A", "not checked"),
        ("Lip edge", "Model B", "clean"),
        ("Teeth", "Model A", "flawed"),
        ("Teeth", "Model B", "not checked"),
    ]
    assert sorted(query(path, "SELECT subject, verdict FROM verdict")) == [
        ("overall", "no difference"),
        ("t", '{"better":"b"}'),
    ]


def test_that_what_a_newer_minor_version_wrote_is_kept_verbatim(tmp_path: Path) -> None:
    path = tmp_path / "newer.inspect"
    InspectFile.create(path, History(example())).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for kind in ("benchmark", "run", "panel", "zone", "flaw", "shape"):
            connection.execute("UPDATE entity SET body = json_set(body, '$.later', 'kept') WHERE kind = ?", (kind,))
        connection.execute("UPDATE entity SET body = json_set(body, '$.image.later', 'kept') WHERE kind = 'panel'")
        connection.execute("INSERT INTO entity VALUES('mood', 'r', 'm', '', 0, '{\"later\":\"kept\"}')")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 7}")
    file, history, _ = InspectFile.open(path)
    assert not file.read_only
    run = history.present.runs[0]
    moved = replace(
        run,
        name="renamed",
        panels=tuple(replace(panel, label=panel.label + "!") for panel in run.panels),
        zones=tuple(replace(zone, name=zone.name + "!") for zone in run.zones),
        flaws=tuple(replace(flaw, note=flaw.note + "!") for flaw in run.flaws),
    )
    changed = replace(history.present.with_run(moved), title="changed")
    history = history.pushed(changed, "everything")
    history = applied(history, SetShape("r", "t", "a", replace(SQUARE, smooth=False)))
    file.record(history)
    file.close()
    kept = query(path, "SELECT kind, json_extract(body, '$.later') FROM entity WHERE kind <> 'check'")
    assert len(kept) == 9
    assert {later for _, later in kept} == {"kept"}
    assert query(path, "SELECT DISTINCT json_extract(body, '$.image.later') FROM entity WHERE kind = 'panel'") == [
        ("kept",)
    ]
    assert query(path, "PRAGMA user_version") == [(SCHEMA_VERSION + 7,)]
    assert reopened(path) == history


def test_that_a_file_of_a_newer_major_version_is_shown_but_not_changed(tmp_path: Path) -> None:
    path = tmp_path / "future.inspect"
    InspectFile.create(path, History(example())).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("ALTER TABLE entity ADD COLUMN author TEXT")
        connection.execute("CREATE TABLE atlas(id)")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1000}")
    before = path.read_bytes()
    file, history, _ = InspectFile.open(path)
    assert history.present == example()
    assert file.read_only
    assert "newer version" in file.notices[0]
    with pytest.raises(StorageFault):
        file.record(applied(history, ChangeBenchmark("title", "no")))
    file.close()
    assert path.read_bytes() == before


def test_that_the_view_state_comes_back_and_is_no_undo_step(tmp_path: Path) -> None:
    file = InspectFile.create(tmp_path / "view.inspect", History(example()))
    file.save_view({"scale": 2.5, "center": [1, 2]})
    file.save_view({"scale": 4})
    file.close()
    again, history, view = InspectFile.open(file.path)
    again.close()
    assert view == {"scale": 4, "center": [1, 2]}
    assert history.past == ()


def test_that_a_carried_picture_comes_back_and_gives_its_space_back(tmp_path: Path) -> None:
    data = bytes(range(256)) * 4000
    file = InspectFile.create(tmp_path / "embed.inspect", History(example()))
    empty = file.path.stat().st_size
    file.embed_image(sha256_hex(data), "a.png", data)
    assert file.image_bytes(sha256_hex(data)) == data
    assert file.image_bytes("0" * 64) is None
    assert file.embedded() == {sha256_hex(data)}
    with pytest.raises(StorageFault):
        file.embed_image("0" * 64, "a.png", data)
    file.drop_image(sha256_hex(data))
    assert file.embedded() == frozenset()
    file.close()
    assert file.path.stat().st_size <= empty + 8192


def test_that_a_picture_altered_inside_the_file_is_noticed(tmp_path: Path) -> None:
    file = InspectFile.create(tmp_path / "embed.inspect", History(example()))
    file.embed_image(sha256_hex(b"picture"), "a.png", b"picture")
    file.close()
    with closing(sqlite3.connect(file.path, isolation_level=None)) as connection:
        connection.execute("UPDATE image SET bytes = x'00'")
    file, _, _ = InspectFile.open(file.path)
    with pytest.raises(StorageFault, match="damaged"):
        file.image_bytes(sha256_hex(b"picture"))
    file.close()


def test_that_a_copy_is_complete_and_replaces_the_old_one(tmp_path: Path) -> None:
    history = applied(History(example()), ChangeBenchmark("title", "copied"))
    file = InspectFile.create(tmp_path / "a.inspect", History(example()))
    file.record(history)
    file.embed_image(sha256_hex(b"picture"), "a.png", b"picture")
    (tmp_path / "b.inspect").write_bytes(b"an older copy")
    file.copy_to(tmp_path / "b.inspect")
    with pytest.raises(StorageFault, match="another name"):
        file.copy_to(tmp_path / "a.inspect")
    file.close()
    copy, found, _ = InspectFile.open(tmp_path / "b.inspect")
    assert found == history
    assert copy.image_bytes(sha256_hex(b"picture")) == b"picture"
    copy.close()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a.inspect", "b.inspect"]


def test_that_pictures_are_found_when_the_folder_moves(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "pictures").mkdir(parents=True)
    picture = home / "pictures" / "a.png"
    picture.write_bytes(b"12345")
    image = ImageRef(sha256_hex(b"12345"), 5, Size(1, 1), str(picture))
    present = Benchmark("b", runs=(Run("r", "run", panels=(Panel("a", "A", image),)),))
    file = InspectFile.create(home / "a.inspect", History(present))
    (tmp_path / "deeper" / "copies").mkdir(parents=True)
    file.copy_to(tmp_path / "deeper" / "copies" / "copy.inspect")
    file.close()
    home.rename(tmp_path / "moved")
    found = reopened(tmp_path / "moved" / "a.inspect").present.runs[0].panels[0].image
    assert found == replace(image, path=str(tmp_path / "moved" / "pictures" / "a.png"))
    lost = reopened(tmp_path / "deeper" / "copies" / "copy.inspect").present.runs[0].panels[0].image
    assert lost == image
    (tmp_path / "moved").rename(home)
    stored = query(tmp_path / "deeper" / "copies" / "copy.inspect", "SELECT body FROM entity WHERE kind = 'panel'")
    assert json.loads(stored[0][0])["image"]["relative"] == "../../home/pictures/a.png"


def test_that_two_handles_do_not_both_write(tmp_path: Path) -> None:
    first = InspectFile.create(tmp_path / "a.inspect", History(example()))
    second, history, _ = InspectFile.open(first.path)
    assert second.read_only
    assert "open in another window" in second.notices[0]
    changed = applied(History(example()), ChangeBenchmark("title", "first"))
    first.record(changed)
    with pytest.raises(StorageFault, match="reading only"):
        second.record(applied(history, ChangeBenchmark("title", "second")))
    with pytest.raises(StorageFault, match="open in another window"):
        InspectFile.create(first.path, History(example()), replace=True)
    second.close()
    first.close()
    third, found, _ = InspectFile.open(first.path)
    assert not third.read_only
    assert found == changed
    third.close()


def test_that_an_existing_file_is_not_overwritten_unasked(tmp_path: Path) -> None:
    path = tmp_path / "a.inspect"
    InspectFile.create(path, History(example())).close()
    before = path.read_bytes()
    with pytest.raises(StorageFault, match="exists already"):
        InspectFile.create(path, History(Benchmark("other")))
    assert path.read_bytes() == before
    InspectFile.create(path, History(Benchmark("other")), replace=True).close()
    assert reopened(path).present == Benchmark("other")


def test_that_a_value_that_could_not_be_read_back_is_not_written(tmp_path: Path) -> None:
    history = History(example())
    file = InspectFile.create(tmp_path / "a.inspect", history)
    bad = applied(history, SetShape("r", "t", "b", Outline((Point(0, 0), Point(float("nan"), 1), Point(2, 2)))))
    with pytest.raises(StorageFault):
        file.record(bad)
    good = applied(bad.undone(), SetCheck("r", "t", "b", CheckState.CLEAN))
    file.record(good)
    file.close()
    assert reopened(file.path) == good


def test_that_a_closed_file_is_not_used_by_mistake(tmp_path: Path) -> None:
    file = InspectFile.create(tmp_path / "a.inspect", History(example()))
    file.close()
    file.close()
    with pytest.raises(ValueError, match="closed"):
        file.record(applied(History(example()), ChangeBenchmark("title", "late")))
