CREATE TABLE users (
  user_id         TEXT   NOT NULL PRIMARY KEY,
  username        TEXT   NOT NULL,
  username_folded TEXT   NOT NULL UNIQUE,
  email           TEXT,
  -- Sorted, parted by spaces.
  roles           TEXT   NOT NULL,
  password_hash   TEXT   NOT NULL,
  created_at      BIGINT NOT NULL
);
