CREATE TABLE items (
  id      TEXT    NOT NULL PRIMARY KEY,
  name    TEXT    NOT NULL UNIQUE,
  stock   BIGINT  NOT NULL,
  listed  INTEGER NOT NULL,
  at      BIGINT
);
