BEGIN TRANSACTION;
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
INSERT INTO "change" VALUES(1,'benchmark','','b1','',0,'{"title":"Before","criterion":"teeth","axis":"model","preset":"mouth","locked":["seed"],"card":{"size":"portrait"}}');
INSERT INTO "change" VALUES(2,'benchmark','','b1','',0,'{"title":"Golden","criterion":"teeth","axis":"later","preset":"mouth","locked":["seed"],"card":{"size":"portrait"}}');
CREATE TABLE entity(
    kind TEXT NOT NULL,
    run TEXT NOT NULL,
    id TEXT NOT NULL,
    panel TEXT NOT NULL,
    position INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY(kind, run, id, panel)
);
INSERT INTO "entity" VALUES('benchmark','','b1','',0,'{"title":"Golden","criterion":"teeth","axis":"model","preset":"mouth","locked":["seed"],"card":{"size":"portrait"}}');
INSERT INTO "entity" VALUES('run','r1','r1','',0,'{"name":"baseline","prompt":"a wide smile","negative":"blurry","settings":{"steps":"30"},"changed":"","match":"fit"}');
INSERT INTO "entity" VALUES('panel','r1','p1','',0,'{"label":"Model <A>","version":"3.1","image":{"sha256":"7992f39855e26bf6a1bdf99dc286332e90f8cce04f371adbbcd5decf07feb0be","byte_size":37,"width":640,"height":480,"path":"a.png","embedded":true,"relative":null},"to_scene":{"scale":1.0,"rotation":0.0,"dx":0.0,"dy":0.0},"anchors":[[1,12.5,20],[2,90,20]]}');
INSERT INTO "entity" VALUES('facts','r1','p1','',0,'{"facts":[{"source":"PNG text","prompt":"a wide smile \u5fae\u7b11","negative":"","model":"","version":"","seed":"","settings":{},"raw":"a wide smile \u5fae\u7b11\nSteps: 30"}]}');
INSERT INTO "entity" VALUES('panel','r1','p2','',1,'{"label":"Model B","version":"","image":{"sha256":"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd","byte_size":4321,"width":800,"height":600,"path":"/pictures/b.png","embedded":false,"relative":"../../pictures/b.png"},"to_scene":{"scale":0.8,"rotation":0.01,"dx":3.5,"dy":-2},"anchors":[[1,15,25]]}');
INSERT INTO "entity" VALUES('zone','r1','z1','',0,'{"kind":"teeth","name":"Teeth","colour":"#ffffff"}');
INSERT INTO "entity" VALUES('shape','r1','z1','p1',0,'{"type":"outline","points":[[10.5,10.5],[40.25,10.5],[40.25,30],[10.5,30]],"smooth":true}');
INSERT INTO "entity" VALUES('shape','r1','z1','p2',0,'{"type":"region","rings":[[[10.5,10.5],[40.25,10.5],[40.25,30],[10.5,30]]]}');
INSERT INTO "entity" VALUES('zone','r1','z2','',1,'{"kind":"lip-edge","name":"Lip edge","colour":"#d1495b"}');
INSERT INTO "entity" VALUES('shape','r1','z2','p1',0,'{"type":"band","points":[[10.5,10.5],[40.25,10.5],[40.25,30],[10.5,30]],"width":4.5,"widths":[],"closed":true,"smooth":true}');
INSERT INTO "entity" VALUES('zone','r1','z3','',2,'{"kind":"custom","name":"Mole","colour":"#33aa99"}');
INSERT INTO "entity" VALUES('shape','r1','z3','p2',0,'{"type":"ellipse","center":[50,60],"rx":8,"ry":5,"rotation":0.3}');
INSERT INTO "entity" VALUES('flaw','r1','f1','',0,'{"panel":"p1","zone":"z1","kind":"teeth.fused","severity":3,"marker":{"type":"spot","center":[20,20]},"note":"two teeth are one","visible_at":"100 %","confidence":"sure","cause":"model","lens":"","blind":false,"rater":"","at":"2026-01-02T03:04:05Z"}');
INSERT INTO "entity" VALUES('flaw','r1','f2','',1,'{"panel":"p2","zone":"","kind":"teeth.fused","severity":1,"marker":{"type":"arrow","tail":[5,5],"head":[20,9]},"note":"","visible_at":"100 %","confidence":"sure","cause":"model","lens":"","blind":true,"rater":"r","at":""}');
INSERT INTO "entity" VALUES('check','r1','z2','p1',0,'{"state":"clean"}');
INSERT INTO "entity" VALUES('check','r1','z3','p1',0,'{"state":"not visible"}');
INSERT INTO "entity" VALUES('verdict','r1','z1','',0,'{"verdict":{"better":"p2"}}');
INSERT INTO "entity" VALUES('verdict','r1','overall','',0,'{"verdict":"no difference"}');
INSERT INTO "entity" VALUES('run','r2','r2','',1,'{"name":"shorter","prompt":"a wide smile","negative":"blurry","settings":{"steps":"30"},"changed":"prompt","match":"fit"}');
INSERT INTO "entity" VALUES('panel','r2','p1','',0,'{"label":"Model <A>","version":"3.1","image":{"sha256":"7992f39855e26bf6a1bdf99dc286332e90f8cce04f371adbbcd5decf07feb0be","byte_size":37,"width":640,"height":480,"path":"a.png","embedded":true,"relative":null},"to_scene":{"scale":1.0,"rotation":0.0,"dx":0.0,"dy":0.0},"anchors":[[1,12.5,20],[2,90,20]]}');
INSERT INTO "entity" VALUES('facts','r2','p1','',0,'{"facts":[{"source":"PNG text","prompt":"a wide smile \u5fae\u7b11","negative":"","model":"","version":"","seed":"","settings":{},"raw":"a wide smile \u5fae\u7b11\nSteps: 30"}]}');
INSERT INTO "entity" VALUES('panel','r2','p2','',1,'{"label":"Model B","version":"","image":{"sha256":"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd","byte_size":4321,"width":800,"height":600,"path":"/pictures/b.png","embedded":false,"relative":"../../pictures/b.png"},"to_scene":{"scale":0.8,"rotation":0.01,"dx":3.5,"dy":-2},"anchors":[[1,15,25]]}');
CREATE TABLE image(sha256 TEXT PRIMARY KEY, name TEXT NOT NULL, bytes BLOB NOT NULL);
INSERT INTO "image" VALUES('7992f39855e26bf6a1bdf99dc286332e90f8cce04f371adbbcd5decf07feb0be','a.png',X'746865206279746573206F6620612070696374757265206361727269656420696E73696465');
CREATE TABLE meta(key TEXT PRIMARY KEY, value NOT NULL);
INSERT INTO "meta" VALUES('created','2026-11-20T18:29:33.855+00:00');
INSERT INTO "meta" VALUES('head',1);
CREATE TABLE step(
    seq INTEGER PRIMARY KEY,
    text TEXT NOT NULL,
    merge_key TEXT NOT NULL,
    at TEXT NOT NULL
);
INSERT INTO "step" VALUES(1,'edit title','','2026-11-20T18:29:33.852+00:00');
INSERT INTO "step" VALUES(2,'edit axis','','2026-11-20T18:29:33.852+00:00');
CREATE TABLE view_state(key TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO "view_state" VALUES('run','{"value":"r1"}');
INSERT INTO "view_state" VALUES('viewport','{"value":[320,240,1.5]}');
INSERT INTO "view_state" VALUES('mode','{"value":"split"}');
INSERT INTO "view_state" VALUES('split','{"value":0.25}');
INSERT INTO "view_state" VALUES('split_angle','{"value":0.0}');
INSERT INTO "view_state" VALUES('onion','{"value":0.5}');
INSERT INTO "view_state" VALUES('blink','{"value":[700,false]}');
INSERT INTO "view_state" VALUES('difference','{"value":[false,4]}');
INSERT INTO "view_state" VALUES('columns','{"value":0}');
INSERT INTO "view_state" VALUES('reference','{"value":""}');
INSERT INTO "view_state" VALUES('candidate','{"value":""}');
INSERT INTO "view_state" VALUES('lenses','{"value":""}');
INSERT INTO "view_state" VALUES('lens_on','{"value":true}');
INSERT INTO "view_state" VALUES('rotated','{"value":false}');
INSERT INTO "view_state" VALUES('centred','{"value":true}');
INSERT INTO "view_state" VALUES('readouts','{"value":false}');
INSERT INTO "view_state" VALUES('profile','{"value":null}');
INSERT INTO "view_state" VALUES('single','{"value":0}');
INSERT INTO "view_state" VALUES('zone','{"value":"z1"}');
INSERT INTO "view_state" VALUES('overlay','{"value":[true,true,false,0.35]}');
INSERT INTO "view_state" VALUES('loupe','{"value":false}');
INSERT INTO "view_state" VALUES('loupe_zoom','{"value":4.0}');
INSERT INTO "view_state" VALUES('pins','{"value":[]}');
INSERT INTO "view_state" VALUES('loupes','{"value":{}}');
INSERT INTO "view_state" VALUES('smooth_above','{"value":false}');
INSERT INTO "view_state" VALUES('smooth_outline','{"value":true}');
INSERT INTO "view_state" VALUES('brush','{"value":40.0}');
INSERT INTO "view_state" VALUES('marker','{"value":"spot"}');
INSERT INTO "view_state" VALUES('readout','{"value":{"tones":"luma","of_zone":false,"log":false,"along":"L*","band":1,"percent":false,"spot":1}}');
INSERT INTO "view_state" VALUES('settled','{"value":[]}');
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
COMMIT;
