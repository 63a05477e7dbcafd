"""What a benchmark file holds, as a value: entities, undo steps as changes of entities, and how both advance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inspector.domain.benchmark import Benchmark
from inspector.domain.history import History, Step
from inspector.storage.entities import EntityKey, Row, decode, encode, leaves, positions
from inspector.storage.strict import dump, load

Rows = dict[EntityKey, Row]
Finish = Callable[[EntityKey, dict[str, Any]], dict[str, Any]]
"""Adds to an entity's JSON what only the file knows (where pictures lie relative to it)."""


@dataclass(frozen=True, slots=True)
class Change:
    """One entity before and after a step; None where it does not exist."""

    key: EntityKey
    before: Row | None
    after: Row | None


@dataclass(frozen=True, slots=True)
class StoredStep:
    """An undo step as it is kept: its number, the values, the changed entities and the UTC time (ISO 8601)."""

    seq: int
    step: Step
    changes: tuple[Change, ...]
    at: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything of a benchmark and its history as stored. `head` of the `steps` are done, the others undone."""

    value: Benchmark | None
    rows: Rows
    steps: tuple[StoredStep, ...] = ()
    head: int = 0

    @property
    def history(self) -> History:
        """The history that this ledger stores. Raises `ValueError` for an empty ledger."""
        if self.value is None:
            raise ValueError("an empty ledger has no benchmark")
        steps = tuple(stored.step for stored in self.steps)
        return History(self.value, steps[: self.head], steps[self.head :])


EMPTY = Ledger(None, {})
"""The ledger of a file that is about to be made."""


def advanced(ledger: Ledger, history: History, at: str, finish: Finish) -> Ledger:
    """Return the ledger that stores `history`; steps known already (by identity) keep their stored changes.

    Works for any two histories: an edit, a merged edit, undo, redo, several of them at once, or after a failed write.
    Raises `StorageFault` for a value that could not be read back.
    """
    wanted = (*history.past, *history.future)
    first, kept = _overlap(ledger.steps, wanted)
    fresh = wanted[kept:]
    target = fresh[0].before if fresh else history.present
    point = (first + (kept if fresh else len(history.past))) if kept else _point_of(ledger, target)
    rows, value = _moved(ledger, point)
    if value is None or (value is not target and value != target):
        rows = _applied(rows, changes(rows, value, target, finish))
        kept, first, fresh = 0, 0, wanted
        if fresh:
            rows = _applied(rows, changes(rows, target, fresh[0].before, finish))
    steps = list(ledger.steps[first : first + kept])
    for step in fresh:
        made = changes(rows, step.before, step.after, finish)
        steps.append(StoredStep((steps[-1].seq if steps else 0) + 1, step, made, at))
        rows = _applied(rows, made)
    if fresh:
        end = Ledger(history.present, rows, tuple(steps), len(steps))
        rows, _ = _moved(end, len(history.past))
    return Ledger(history.present, rows, tuple(steps), len(history.past))


def _overlap(steps: Sequence[StoredStep], wanted: Sequence[Step]) -> tuple[int, int]:
    """Return where the wanted steps begin among the stored ones, and how many of them follow one another there."""
    places = {id(stored.step): index for index, stored in enumerate(steps)}
    first = places.get(id(wanted[0]), 0) if wanted else 0
    kept = 0
    while kept < len(wanted) and first + kept < len(steps) and steps[first + kept].step is wanted[kept]:
        kept += 1
    return first, kept


def _point_of(ledger: Ledger, value: Benchmark) -> int:
    """Return how many steps must be done to be at `value`, or the present place when no step leads there."""
    for index, stored in enumerate(ledger.steps):
        if stored.step.before is value:
            return index
        if stored.step.after is value:
            return index + 1
    return ledger.head


def _moved(ledger: Ledger, point: int) -> tuple[Rows, Benchmark | None]:
    """Return the entities and the value after `point` steps are done."""
    if point == ledger.head:
        return ledger.rows, ledger.value
    rows = dict(ledger.rows)
    for stored in ledger.steps[ledger.head : point]:
        for change in stored.changes:
            _set(rows, change.key, change.after)
    for stored in reversed(ledger.steps[point : ledger.head]):
        for change in stored.changes:
            _set(rows, change.key, change.before)
    return rows, ledger.steps[point].step.before if point < len(ledger.steps) else ledger.steps[-1].step.after


def _applied(rows: Rows, made: Sequence[Change]) -> Rows:
    rows = dict(rows)
    for change in made:
        _set(rows, change.key, change.after)
    return rows


def _set(rows: Rows, key: EntityKey, row: Row | None) -> None:
    if row is None:
        rows.pop(key, None)
    else:
        rows[key] = row


def changes(rows: Rows, before: Benchmark | None, after: Benchmark, finish: Finish) -> tuple[Change, ...]:
    """Return how the entities `rows`, which hold `before`, change to hold `after`.

    Runs that are one object in both are not looked at, and entities that are equal are not written again. Keys that a
    newer version wrote into an entity are kept when it is rewritten.
    """
    shared = frozenset(id(run) for run in before.runs) if before is not None else frozenset()
    shared &= frozenset(id(run) for run in after.runs)
    old = leaves(before, shared) if before is not None else {}
    new = leaves(after, shared)
    places = positions(after, rows, shared)
    result = [Change(key, rows[key], None) for key in old if key not in new and key in rows]
    for key, leaf in new.items():
        row = rows.get(key)
        place = places.pop(key, 0)
        if row is not None and key in old and (old[key] is leaf or old[key] == leaf):
            body = row.body
        else:
            body = _body(key, encode(leaf), row, finish)
        if row != Row(place, body):
            result.append(Change(key, row, Row(place, body)))
    for key, place in places.items():
        row = rows[key]
        if row.position != place:
            result.append(Change(key, row, Row(place, row.body)))
    return tuple(result)


def _body(key: EntityKey, data: dict[str, Any], row: Row | None, finish: Finish) -> str:
    data = finish(key, data)
    if row is not None and key.kind != "benchmark":
        data = _with_unknown(data, load(row.body, key.kind))
    text = dump(data, key.kind)
    decode(key, load(text, key.kind))
    return text


def _with_unknown(new: dict[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    """Return `new` with the keys of `old` that this version does not write, one level of objects deep."""
    if new.get("type") != old.get("type"):
        return new
    result = {**new, **{key: value for key, value in old.items() if key not in new}}
    for key, value in new.items():
        before = old.get(key)
        if key in ("image", "to_scene") and isinstance(value, dict) and isinstance(before, dict):
            result[key] = _with_unknown(value, before)
    return result
