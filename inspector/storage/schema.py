"""The tables and views of a benchmark file, its version, and the check that a file has exactly those."""

from __future__ import annotations

import sqlite3

APPLICATION_ID = 0x494E5350
"""“INSP” in the SQLite header (bytes 68-71, big-endian), by which `file` and others can tell the format."""

SCHEMA_VERSION = 1000
"""The `user_version`: 1000 x major + minor. A minor version only adds JSON keys and kinds of entities."""

VERSION_STEP = 1000
"""How far major versions are apart in `user_version`."""

TABLES = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value NOT NULL);
CREATE TABLE entity(
    kind TEXT NOT NULL,
    run TEXT NOT NULL,
    id TEXT NOT NULL,
    panel TEXT NOT NULL,
    position INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY(kind, run, id, panel)
);
CREATE TABLE step(
    seq INTEGER PRIMARY KEY,
    text TEXT NOT NULL,
    merge_key TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE TABLE change(
    step INTEGER NOT NULL REFERENCES step(seq) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    run TEXT NOT NULL,
    id TEXT NOT NULL,
    panel TEXT NOT NULL,
    position INTEGER,
    body TEXT,
    PRIMARY KEY(step, kind, run, id, panel)
);
CREATE TABLE image(sha256 TEXT PRIMARY KEY, name TEXT NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE view_state(key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

VIEWS = """
CREATE VIEW benchmark AS
SELECT id,
    json_extract(body, '$.title') AS title,
    json_extract(body, '$.criterion') AS criterion,
    json_extract(body, '$.axis') AS axis,
    json_extract(body, '$.preset') AS preset
FROM entity WHERE kind = 'benchmark';

CREATE VIEW run AS
SELECT id,
    row_number() OVER (ORDER BY position, id) AS number,
    json_extract(body, '$.name') AS name,
    json_extract(body, '$.prompt') AS prompt,
    json_extract(body, '$.negative') AS negative,
    json_extract(body, '$.changed') AS changed
FROM entity WHERE kind = 'run';

CREATE VIEW panel AS
SELECT run, id,
    row_number() OVER (PARTITION BY run ORDER BY position, id) AS number,
    json_extract(body, '$.label') AS label,
    json_extract(body, '$.version') AS version,
    json_extract(body, '$.image.path') AS path,
    json_extract(body, '$.image.sha256') AS sha256,
    json_extract(body, '$.image.byte_size') AS byte_size,
    json_extract(body, '$.image.width') AS width,
    json_extract(body, '$.image.height') AS height,
    json_extract(body, '$.image.embedded') AS embedded
FROM entity WHERE kind = 'panel';

CREATE VIEW zone AS
SELECT z.run, z.id,
    row_number() OVER (PARTITION BY z.run ORDER BY z.position, z.id) AS number,
    json_extract(z.body, '$.kind') AS kind,
    json_extract(z.body, '$.name') AS name,
    json_extract(z.body, '$.colour') AS colour,
    (SELECT count(*) FROM entity AS s WHERE s.kind = 'shape' AND s.run = z.run AND s.id = z.id) AS shapes
FROM entity AS z WHERE z.kind = 'zone';

CREATE VIEW shape AS
SELECT run, id AS zone, panel, json_extract(body, '$.type') AS type, body AS geometry
FROM entity WHERE kind = 'shape';

CREATE VIEW flaw AS
SELECT f.run, f.id,
    row_number() OVER (PARTITION BY f.run ORDER BY f.position, f.id) AS number,
    json_extract(f.body, '$.panel') AS panel,
    json_extract(p.body, '$.label') AS panel_label,
    json_extract(f.body, '$.zone') AS zone,
    json_extract(z.body, '$.name') AS zone_name,
    json_extract(f.body, '$.kind') AS kind,
    json_extract(f.body, '$.severity') AS severity,
    json_extract(f.body, '$.note') AS note,
    json_extract(f.body, '$.visible_at') AS visible_at,
    json_extract(f.body, '$.confidence') AS confidence,
    json_extract(f.body, '$.cause') AS cause,
    json_extract(f.body, '$.lens') AS lens,
    json_extract(f.body, '$.blind') AS blind,
    json_extract(f.body, '$.rater') AS rater,
    json_extract(f.body, '$.at') AS at,
    json_extract(f.body, '$.marker') AS marker
FROM entity AS f
LEFT JOIN entity AS p ON p.kind = 'panel' AND p.run = f.run AND p.id = json_extract(f.body, '$.panel') AND p.panel = ''
LEFT JOIN entity AS z ON z.kind = 'zone' AND z.run = f.run AND z.id = json_extract(f.body, '$.zone') AND z.panel = ''
WHERE f.kind = 'flaw';

CREATE VIEW check_state AS
SELECT z.run, z.id AS zone, json_extract(z.body, '$.name') AS zone_name,
    p.id AS panel, json_extract(p.body, '$.label') AS panel_label,
    CASE WHEN EXISTS(
        SELECT 1 FROM entity AS f WHERE f.kind = 'flaw' AND f.run = z.run
        AND json_extract(f.body, '$.zone') = z.id AND json_extract(f.body, '$.panel') = p.id
    ) THEN 'flawed' ELSE coalesce((
        SELECT json_extract(c.body, '$.state') FROM entity AS c
        WHERE c.kind = 'check' AND c.run = z.run AND c.id = z.id AND c.panel = p.id
    ), 'not checked') END AS state
FROM entity AS z JOIN entity AS p ON p.kind = 'panel' AND p.run = z.run
WHERE z.kind = 'zone';

CREATE VIEW verdict AS
SELECT run, id AS subject, json_extract(body, '$.verdict') AS verdict
FROM entity WHERE kind = 'verdict';
"""

_NEEDED = {
    "meta": {"key", "value"},
    "entity": {"kind", "run", "id", "panel", "position", "body"},
    "image": {"sha256", "name", "bytes"},
}


def install(connection: sqlite3.Connection) -> None:
    """Make the tables and views in an empty database and stamp it as ours."""
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.executescript(TABLES + VIEWS)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _objects(connection: sqlite3.Connection) -> list[tuple[str, str, str, str]]:
    rows = connection.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master")
    return sorted((str(kind), str(name), str(table), str(sql)) for kind, name, table, sql in rows)


def is_exact(connection: sqlite3.Connection) -> bool:
    """Whether the database holds exactly our tables, views and indexes, unaltered: no trigger, nothing foreign."""
    model = sqlite3.connect(":memory:", isolation_level=None)
    try:
        install(model)
        return _objects(model) == _objects(connection)
    finally:
        model.close()


def is_readable(connection: sqlite3.Connection) -> bool:
    """Whether a file of a newer major version still has, as plain tables, what is needed to show the benchmark."""
    tables = {
        name: sql for kind, name, _, sql in _objects(connection) if kind == "table" and not sql.startswith("CREATE V")
    }
    return all(
        name in tables and columns <= {str(row[1]) for row in connection.execute(f"PRAGMA table_info({name})")}
        for name, columns in _NEEDED.items()
    )
