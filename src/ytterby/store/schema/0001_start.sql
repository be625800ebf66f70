PRAGMA application_id = 0x59747462;
CREATE TABLE runs (
    run TEXT PRIMARY KEY,
    folder TEXT NOT NULL,
    scenario TEXT NOT NULL,
    digest TEXT NOT NULL,
    base TEXT NOT NULL,
    seed INTEGER NOT NULL,
    draws INTEGER NOT NULL,
    weeks INTEGER NOT NULL,
    version TEXT NOT NULL,
    created TEXT NOT NULL,
    checksum INTEGER NOT NULL
);
CREATE TABLE imports (
    digest TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    format TEXT NOT NULL,
    rows INTEGER NOT NULL,
    imported TEXT NOT NULL,
    checksum INTEGER NOT NULL
);
CREATE TABLE records (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    record TEXT NOT NULL,
    added TEXT NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE TABLE reviews (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    target TEXT NOT NULL,
    verdict TEXT NOT NULL,
    by_whom TEXT NOT NULL,
    why TEXT NOT NULL,
    correction TEXT NOT NULL,
    made TEXT NOT NULL,
    checksum INTEGER NOT NULL
);
