CREATE TABLE ytterby (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL);
CREATE TABLE runs (
    run VARCHAR PRIMARY KEY,
    folder VARCHAR NOT NULL,
    scenario VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,
    base VARCHAR NOT NULL,
    seed BIGINT NOT NULL,
    draws BIGINT NOT NULL,
    weeks INTEGER NOT NULL,
    version VARCHAR NOT NULL,
    created TIMESTAMP NOT NULL
);
CREATE TABLE records (
    kind VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    record VARCHAR NOT NULL,
    added TIMESTAMP NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE SEQUENCE review_numbers;
CREATE TABLE reviews (
    number BIGINT PRIMARY KEY DEFAULT nextval('review_numbers'),
    target VARCHAR NOT NULL,
    verdict VARCHAR NOT NULL,
    by_whom VARCHAR NOT NULL,
    why VARCHAR NOT NULL,
    correction VARCHAR NOT NULL,
    made TIMESTAMP NOT NULL
);
