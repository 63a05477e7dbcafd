"""A ledger written to and read from the tables of a benchmark file."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from inspector.domain.benchmark import Benchmark
from inspector.domain.history import HISTORY_LIMIT, Step
from inspector.errors import StorageFault
from inspector.files import plain_text
from inspector.storage.assembly import Assembly
from inspector.storage.entities import KINDS, EntityKey, Leaf, Row, decode
from inspector.storage.ledger import EMPTY, Change, Finish, Ledger, Rows, StoredStep
from inspector.storage.parts import PanelHeader
from inspector.storage.relink import located, relative_to
from inspector.storage.strict import dump, load, refuse

ENTITY_CAP = 200_000
"""Most entities, and most changes of one file's history; far above 500 flaws and 500 steps."""


def write(connection: sqlite3.Connection, old: Ledger, new: Ledger) -> None:
    """Turn the tables that hold `old` into those that hold `new`, touching nothing that is equal in both."""
    gone = [key for key in old.rows if key not in new.rows]
    connection.executemany("DELETE FROM entity WHERE kind = ? AND run = ? AND id = ? AND panel = ?", gone)
    made = [(*key, *row) for key, row in new.rows.items() if row is not old.rows.get(key)]
    # Not INSERT OR REPLACE: that would move the row to another page, and twice as many pages would be written.
    connection.executemany(
        "INSERT INTO entity VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT(kind, run, id, panel)"
        " DO UPDATE SET position = excluded.position, body = excluded.body",
        made,
    )
    before = {stored.seq: (stored, index < old.head) for index, stored in enumerate(old.steps)}
    after = {stored.seq: (stored, index < new.head) for index, stored in enumerate(new.steps)}
    connection.executemany("DELETE FROM step WHERE seq = ?", [(seq,) for seq in before if seq not in after])
    for seq, (stored, done) in after.items():
        if before.get(seq) != (stored, done):
            _write_step(connection, stored, done=done)
    head = new.steps[new.head - 1].seq if new.head else 0
    connection.execute(
        "INSERT INTO meta VALUES('head', ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value", (head,)
    )


def _write_step(connection: sqlite3.Connection, stored: StoredStep, *, done: bool) -> None:
    """Write a step with the side of its changes that the entities do not hold: before if done, after if undone."""
    step = stored.step
    connection.execute(
        "INSERT INTO step VALUES(?, ?, ?, ?) ON CONFLICT(seq) DO UPDATE SET text = excluded.text,"
        " merge_key = excluded.merge_key, at = excluded.at",
        (stored.seq, plain_text(step.text), plain_text(step.merge_key), stored.at),
    )
    connection.execute("DELETE FROM change WHERE step = ?", (stored.seq,))
    other = ((change.key, change.before if done else change.after) for change in stored.changes)
    connection.executemany(
        "INSERT INTO change VALUES(?, ?, ?, ?, ?, ?, ?)",
        [(stored.seq, *key, *(row or (None, None))) for key, row in other],
    )


def rewrite(connection: sqlite3.Connection, new: Ledger) -> None:
    """Write `new` from nothing, whatever the tables hold (pictures and view state stay)."""
    for table in ("change", "step", "entity"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - the names are constants
    write(connection, EMPTY, new)


def read_rows(connection: sqlite3.Connection) -> Rows:
    """Return all entities. Raises `StorageFault` for wrong types or too many."""
    rows: Rows = {}
    for kind, run, item, panel, position, body in connection.execute(
        "SELECT kind, run, id, panel, position, body FROM entity LIMIT ?", (ENTITY_CAP + 1,)
    ):
        rows[_key(kind, run, item, panel)] = _row(position, body)
    if len(rows) > ENTITY_CAP:
        raise refuse("list of entities", "it is too long")
    return rows


def _key(*parts: object) -> EntityKey:
    if not all(isinstance(part, str) for part in parts):
        raise refuse("key", "it is not text")
    return EntityKey(*(str(part) for part in parts))


def _row(position: object, body: object) -> Row:
    if not isinstance(position, int) or not isinstance(body, str) or not abs(position) < 2**53:
        raise refuse("entity", "it has another form than expected")
    return Row(position, body)


def read(connection: sqlite3.Connection, base: Path, *, history: bool = True) -> tuple[Ledger, bool]:
    """Return the ledger of a file in the folder `base`, and whether its history was read too.

    A damaged history is left out, never the work. Raises `StorageFault` when the benchmark itself cannot be read.
    """
    rows = read_rows(connection)
    walker = _Walker(rows, base)
    present = Ledger(walker.value, rows)
    if not history:
        return present, False
    try:
        return _with_steps(connection, present, walker), True
    except StorageFault:
        return present, False


@dataclass(frozen=True, slots=True)
class _Entry:
    """A stored step: its number, texts, and for each changed entity what the step makes of it when it is walked."""

    seq: int
    text: str
    merge_key: str
    at: str
    others: list[tuple[EntityKey, Row | None]]


def _with_steps(connection: sqlite3.Connection, present: Ledger, walker: _Walker) -> Ledger:
    head = _head(connection)
    entries = _entries(connection)
    past = [entry for entry in entries if entry.seq <= head][-HISTORY_LIMIT:]
    future = [entry for entry in entries if entry.seq > head][:HISTORY_LIMIT]
    done = [walker.back(entry) for entry in reversed(past)][::-1]
    walker.restart(present)
    undone = [walker.forth(entry) for entry in future]
    return Ledger(present.value, present.rows, (*done, *undone), len(done))


def _entries(connection: sqlite3.Connection) -> list[_Entry]:
    others: dict[int, list[tuple[EntityKey, Row | None]]] = {}
    for count, (seq, kind, run, item, panel, position, body) in enumerate(
        connection.execute("SELECT step, kind, run, id, panel, position, body FROM change ORDER BY rowid")
    ):
        if count >= ENTITY_CAP:
            raise refuse("history", "it is too long")
        key = _key(kind, run, item, panel)
        others.setdefault(seq, []).append((key, None if body is None else _row(position, body)))
    found = connection.execute("SELECT seq, text, merge_key, at FROM step ORDER BY seq LIMIT ?", (ENTITY_CAP,))
    return [_Entry(seq, *_texts(text, merge_key, at), others.get(seq, [])) for seq, text, merge_key, at in found]


def _texts(text: object, merge_key: object, at: object) -> tuple[str, str, str]:
    if not (isinstance(text, str) and isinstance(merge_key, str) and isinstance(at, str)):
        raise refuse("history", "it has another form than expected")
    return text, merge_key, at


def _head(connection: sqlite3.Connection) -> int:
    found = connection.execute("SELECT value FROM meta WHERE key = 'head'").fetchone()
    if found is None or not isinstance(found[0], int):
        raise refuse("history", "its place is missing")
    head: int = found[0]
    return head


class _Walker:
    """Goes through the values that a file remembers, step by step, decoding only what each step changed."""

    def __init__(self, rows: Rows, base: Path) -> None:
        self._base = base
        self._rows: Rows = {}
        self._assembly = Assembly()
        self._decoded: dict[tuple[EntityKey, Row], Leaf] = {}
        for key, row in rows.items():
            self._set(key, row)
        self.value = self._assembly.build()

    def back(self, entry: _Entry) -> StoredStep:
        """Take a done step back and return it."""
        after = self.value
        changes = tuple(Change(key, other, self._rows.get(key)) for key, other in entry.others)
        before = self._go(entry)
        return StoredStep(entry.seq, Step(entry.text, before, after, entry.merge_key), changes, entry.at)

    def forth(self, entry: _Entry) -> StoredStep:
        """Do an undone step again and return it."""
        before = self.value
        changes = tuple(Change(key, self._rows.get(key), other) for key, other in entry.others)
        after = self._go(entry)
        return StoredStep(entry.seq, Step(entry.text, before, after, entry.merge_key), changes, entry.at)

    def restart(self, ledger: Ledger) -> None:
        """Go to the value and entities of `ledger`."""
        for key in {**self._rows, **ledger.rows}:
            if self._rows.get(key) is not ledger.rows.get(key):
                self._set(key, ledger.rows.get(key))
        if ledger.value is not None:
            self.value = ledger.value

    def _go(self, entry: _Entry) -> Benchmark:
        for key, other in entry.others:
            self._set(key, other)
        self.value = self._assembly.build()
        return self.value

    def _set(self, key: EntityKey, row: Row | None) -> None:
        if row is None:
            self._rows.pop(key, None)
        else:
            self._rows[key] = row
        if key.kind not in KINDS:
            return
        if row is None:
            self._assembly.drop(key)
            return
        leaf = self._decoded.get((key, row))
        if leaf is None:
            leaf = self._decoded[key, row] = self._decode(key, row)
        self._assembly.put(key, row.position, leaf)

    def _decode(self, key: EntityKey, row: Row) -> Leaf:
        data = load(row.body, key.kind)
        leaf = decode(key, data)
        if isinstance(leaf, PanelHeader):
            relative = data["image"].get("relative")
            image = leaf.image
            path = located(image.path, relative if isinstance(relative, str) else None, self._base, image.byte_size)
            leaf = leaf._replace(image=replace(image, path=path))
        return leaf


def seen_from(base: Path) -> Finish:
    """Return what adds to a panel where its picture lies as seen from the folder `base`."""

    def finish(key: EntityKey, data: dict[str, Any]) -> dict[str, Any]:
        if key.kind == "panel":
            image = data["image"]
            data = {**data, "image": {**image, "relative": relative_to(image["path"], base)}}
        return data

    return finish


def move_to(connection: sqlite3.Connection, base: Path) -> None:
    """Rewrite where pictures lie as seen from the folder `base`, after the file was copied there."""
    finish = seen_from(base)
    for table in ("entity", "change"):
        query = f"SELECT rowid, body FROM {table} WHERE kind = 'panel' AND body IS NOT NULL"  # noqa: S608 - constants
        for rowid, body in connection.execute(query).fetchall():
            data = finish(EntityKey("panel", "", ""), load(body, "panel"))
            update = f"UPDATE {table} SET body = ? WHERE rowid = ?"  # noqa: S608 - constants
            connection.execute(update, (dump(data, "panel"), rowid))
