"""The `.inspect` file: one SQLite database in which every accepted edit is a committed transaction."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from inspector.domain.history import History
from inspector.errors import StorageFault
from inspector.files import plain_text, sha256_hex
from inspector.storage import schema
from inspector.storage.database import (
    IMAGE_CAP,
    check_file,
    connect,
    discard,
    fault,
    plainly,
    put_in_place,
    transaction,
)
from inspector.storage.ledger import EMPTY, Ledger, advanced
from inspector.storage.lock import FileLock, is_held
from inspector.storage.opening import check_trusted, connected, why_read_only
from inspector.storage.strict import JSON, dump, load
from inspector.storage.tables import move_to, read, rewrite, seen_from, write

ViewState = dict[str, JSON]
"""How a benchmark was looked at (zoom, selection ...): kept beside it, never an edit."""

_KEPT = "Save a copy; what is in the window is kept."


class InspectFile:
    """An open benchmark file, made by `create` or `open`. Calls may come from any thread; they wait for one another.

    Besides what the methods say, all of them raise `StorageFault` when the disk or another program is in the way.
    """

    def __init__(
        self, path: Path, connection: sqlite3.Connection, lock: FileLock | None, ledger: Ledger, *, whole: bool
    ) -> None:
        self.path = path
        self.notices: tuple[str, ...] = ()
        self._connection = connection
        self._lock = lock
        self._ledger = ledger
        self._must_rewrite = not whole
        self._guard = threading.RLock()
        self._closed = False
        self._identity = _identity(path)
        self._version: int | None = _data_version(connection)
        self._view: dict[str, str] = {}

    @property
    def read_only(self) -> bool:
        """Whether nothing can be recorded; `notices` says why."""
        return self._lock is None

    @classmethod
    def create(cls, path: Path, history: History, *, replace: bool = False) -> InspectFile:
        """Make a benchmark file that holds `history` and open it.

        It is written beside its place and renamed, so that a failure leaves nothing, or the old file. Raises
        `StorageFault` when the file exists (unless `replace`), is open elsewhere, or cannot be written.
        """
        path = path.absolute()
        ledger = advanced(EMPTY, history, _now(), seen_from(path.parent))
        with _replacing(path, replace=replace) as connection:
            schema.install(connection)
            with transaction(connection):
                connection.execute("INSERT INTO meta VALUES('created', ?)", (_now(),))
                write(connection, EMPTY, ledger)
        with plainly(path, "read"):
            lock = FileLock.acquire(path)
            if lock is None:
                raise _elsewhere(path)
            return cls(path, connected(path, lock), lock, ledger, whole=True)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> tuple[InspectFile, History, ViewState]:
        """Open a benchmark file and return it with its benchmark, undo history and view state.

        It is opened read-only, with a notice, in a read-only place, when it is open elsewhere, and when a newer major
        version wrote it. Raises `StorageFault` for what is missing, foreign, damaged or not to be trusted.
        """
        path = path.absolute()
        check_file(path)
        with plainly(path, "read"):
            notice = "It was opened for reading only." if read_only else why_read_only(path)
            lock = None if notice else FileLock.acquire(path)
            if lock is None and not notice:
                notice = f"“{path.name}” is open in another window; here it can be looked at but not changed."
            with contextlib.ExitStack() as undo:
                if lock is not None:
                    undo.callback(lock.release)
                connection = connected(path, lock)
                undo.callback(connection.close)
                with transaction(connection, "DEFERRED"):
                    newer = check_trusted(connection, path)
                    ledger, with_history = read(connection, path.parent, history=not newer)
                    view = {} if newer else _read_view(connection)
                file = cls(path, connection, lock, ledger, whole=with_history)
                undo.pop_all()
        if newer:
            file._give_up_writing()
            notice = f"“{path.name}” was made by a newer version of Inspector; here it can only be looked at."
        elif not with_history:
            notice += " The undo history in the file is damaged and was left out; the benchmark itself is whole."
        file.notices = (notice.strip(),) if notice else ()
        return file, ledger.history, view

    def _give_up_writing(self) -> None:
        if self._lock is not None:
            self._connection.close()
            self._lock.release()
            self._lock = None
            self._connection = connect(self.path, "ro")

    def record(self, history: History) -> None:
        """Commit what is different between `history` and what was recorded last: an edit, a merged edit, undo or redo.

        When it returns the change is on the disk. When it raises, the file holds what was recorded before, and the
        next call catches up with everything missed. Raises `StorageFault`, also for what could not be read back.
        """
        with self._guard:
            with self._writing():
                new = advanced(self._ledger, history, _now(), seen_from(self.path.parent))
                if self._must_rewrite:
                    rewrite(self._connection, new)
                else:
                    write(self._connection, self._ledger, new)
            self._ledger = new
            self._must_rewrite = False

    def save_view(self, state: Mapping[str, JSON]) -> None:
        """Keep the given parts of the view state; others stay as they are. Does nothing in a read-only file."""
        if self.read_only:
            return
        texts = {plain_text(key): dump({"value": value}, "view state") for key, value in state.items()}
        with self._guard:
            changed = {key: text for key, text in texts.items() if self._view.get(key) != text}
            if not changed:
                return
            with self._writing():
                self._connection.executemany("INSERT OR REPLACE INTO view_state VALUES(?, ?)", changed.items())
            self._view.update(changed)

    def embed_image(self, sha256: str, name: str, data: bytes) -> None:
        """Carry a picture inside the file. Raises `StorageFault` when it is too large or not what the hash says."""
        if sha256_hex(data) != sha256:
            raise StorageFault(f"“{name}” has changed since it was opened.", hint="Open the picture again.")
        if len(data) > IMAGE_CAP:
            raise StorageFault(
                f"“{name}” is too large to be carried in a benchmark.", hint="Keep it as a file beside it."
            )
        with self._guard, self._writing():
            self._connection.execute(
                "INSERT OR REPLACE INTO image VALUES(?, ?, ?)", (sha256, plain_text(name), memoryview(data))
            )

    def drop_image(self, sha256: str) -> None:
        """Carry a picture no longer, and give its space back."""
        with self._guard:
            with self._writing():
                self._connection.execute("DELETE FROM image WHERE sha256 = ?", (sha256,))
            with self._uncertain_if_failing():
                # `execute` would step once and free one page only: the pragma yields a step per page and no rows.
                self._connection.executescript("PRAGMA incremental_vacuum")

    def image_bytes(self, sha256: str) -> bytes | None:
        """Return a carried picture, or None. Raises `StorageFault` when it is not what its hash says."""
        with self._guard, self._using():
            row = self._connection.execute("SELECT bytes FROM image WHERE sha256 = ?", (sha256,)).fetchone()
        if row is None:
            return None
        data = row[0]
        if not isinstance(data, bytes) or sha256_hex(data) != sha256:
            raise StorageFault(
                f"A picture carried in “{self.path.name}” is damaged.", hint="Link the original file.", path=self.path
            )
        return data

    def embedded(self) -> frozenset[str]:
        """Return the SHA-256 of every carried picture."""
        with self._guard, self._using():
            return frozenset(str(row[0]) for row in self._connection.execute("SELECT sha256 FROM image"))

    def copy_to(self, path: Path, history: History | None = None) -> None:
        """Write a complete copy, which replaces what is at `path` only once it is whole.

        `history` is what the copy is to hold when it could not be recorded here. Raises `StorageFault`; what was at
        `path` is then untouched.
        """
        path = path.absolute()
        with self._guard:
            self._check_open()
            if path.exists() and _identity(path) == self._identity:
                raise StorageFault("A copy needs another name than the benchmark.", hint="Choose one.", path=path)
            finish = seen_from(path.parent)
            new = None if history is None else advanced(self._ledger, history, _now(), finish)
            with _replacing(path, replace=True) as copy:
                self._connection.backup(copy)
                with transaction(copy):
                    if new is not None:
                        rewrite(copy, new)
                    move_to(copy, path.parent)

    def close(self) -> None:
        """Close the file; the lock is given up. Closing twice does nothing."""
        with self._guard:
            if self._closed:
                return
            self._closed = True
            self._connection.close()
            if self._lock is not None:
                self._lock.release()

    def _check_open(self) -> None:
        if self._closed:
            raise ValueError("the benchmark file is closed")

    @contextlib.contextmanager
    def _using(self) -> Iterator[None]:
        self._check_open()
        with plainly(self.path, "read"):
            yield

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """Commit the block as one transaction, unless the file is not ours to write any more."""
        self._check_open()
        if self.read_only:
            raise StorageFault(f"“{self.path.name}” is open for reading only.", hint="Save a copy.", path=self.path)
        self._check_place()
        with self._uncertain_if_failing():
            with transaction(self._connection):
                if self._version not in (None, _data_version(self._connection)):
                    raise StorageFault(
                        f"“{self.path.name}” was changed by another program while it was open.",
                        hint=_KEPT,
                        path=self.path,
                    )
                yield
            if self._version is None:
                self._version = _data_version(self._connection)

    @contextlib.contextmanager
    def _uncertain_if_failing(self) -> Iterator[None]:
        """Turn faults of SQLite and the system into `StorageFault`.

        Whether a commit that failed half-way took effect is unknown: the next one writes everything anew.
        """
        try:
            yield
        except (sqlite3.Error, OSError, MemoryError) as error:
            self._must_rewrite = True
            self._version = None
            self._check_place()
            raise fault(error, self.path, "written") from error

    def _check_place(self) -> None:
        """Raise `StorageFault` when the path no longer leads to the file that was opened."""
        found = _identity(self.path)
        if found == self._identity:
            return
        what = "was deleted, moved or is out of reach" if found is None else "was replaced by another file"
        raise StorageFault(f"“{self.path.name}” {what} while it was open.", hint=_KEPT, path=self.path)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        info = path.stat()
    except OSError:
        return None
    return info.st_dev, info.st_ino


def _data_version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def _read_view(connection: sqlite3.Connection) -> ViewState:
    view: ViewState = {}
    for key, text in connection.execute("SELECT key, value FROM view_state LIMIT 1000"):
        # A view state that cannot be read is not worth refusing the benchmark for.
        with contextlib.suppress(StorageFault):
            view[str(key)] = load(text, "view state").get("value")
    return view


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _elsewhere(path: Path) -> StorageFault:
    return StorageFault(f"“{path.name}” is open in another window.", hint="Close it there first.", path=path)


@contextlib.contextmanager
def _replacing(path: Path, *, replace: bool) -> Iterator[sqlite3.Connection]:
    """Give a connection to a new database that takes the place of `path` when the block succeeds."""
    folder = path.parent
    if not folder.is_dir():
        raise StorageFault(f"The folder “{folder}” does not exist.", hint="Choose another folder.", path=path)
    if path.is_dir():
        raise StorageFault(f"“{path.name}” is a folder.", hint="Choose a file name.", path=path)
    if path.exists() and not replace:
        raise StorageFault(f"“{path.name}” exists already.", hint="Choose another name.", path=path)
    if path.exists() and is_held(path):
        raise _elsewhere(path)
    temporary = folder / f".inspector-{uuid.uuid4().hex}.part"
    try:
        with plainly(path, "written"):
            # Nobody else knows the file yet: it is flushed once, when it is whole.
            with contextlib.closing(connect(temporary, "rwc")) as connection:
                connection.execute("PRAGMA journal_mode = MEMORY")
                connection.execute("PRAGMA synchronous = OFF")
                yield connection
            put_in_place(temporary, path)
    finally:
        discard(temporary)
