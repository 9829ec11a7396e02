-- An order. What is sold for how much never changes; how far it has come does, and each change
-- raises the version and writes the event of the same number.
CREATE TABLE orders (
  order_id    TEXT    NOT NULL PRIMARY KEY,
  user_id     TEXT    NOT NULL,
  currency    TEXT    NOT NULL,
  total_minor BIGINT  NOT NULL CHECK (total_minor >= 0),
  created_at  BIGINT  NOT NULL,
  expires_at  BIGINT  NOT NULL,
  status      TEXT    NOT NULL,
  payment_id  TEXT,
  -- What is still to be done for it, and from when on the sweep does it if nobody has.
  duty        TEXT,
  duty_from   BIGINT,
  version     BIGINT  NOT NULL
);

CREATE INDEX orders_of_user ON orders (user_id, order_id);
CREATE INDEX orders_of_user_in_status ON orders (user_id, status, order_id);
CREATE INDEX orders_in_status ON orders (status, order_id);
CREATE INDEX orders_with_duty ON orders (duty_from) WHERE duty_from IS NOT NULL;

CREATE TABLE order_items (
  order_id         TEXT    NOT NULL REFERENCES orders (order_id),
  line             INTEGER NOT NULL,
  product_id       TEXT    NOT NULL,
  name             TEXT    NOT NULL,
  quantity         BIGINT  NOT NULL CHECK (quantity > 0),
  unit_price_minor BIGINT  NOT NULL CHECK (unit_price_minor >= 0),
  PRIMARY KEY (order_id, line)
);

CREATE TABLE order_events (
  order_id   TEXT   NOT NULL REFERENCES orders (order_id),
  version    BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  event      TEXT   NOT NULL,
  status     TEXT   NOT NULL,
  actor      TEXT   NOT NULL,
  request_id TEXT   NOT NULL,
  detail     TEXT,
  PRIMARY KEY (order_id, version)
);
