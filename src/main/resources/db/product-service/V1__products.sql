CREATE TABLE products (
  product_id  TEXT   NOT NULL PRIMARY KEY,
  name        TEXT   NOT NULL,
  -- The name as searches compare it.
  name_folded TEXT   NOT NULL,
  description TEXT   NOT NULL,
  price_minor BIGINT NOT NULL CHECK (price_minor >= 0),
  currency    TEXT   NOT NULL,
  stock       BIGINT NOT NULL CHECK (stock >= 0),
  created_at  BIGINT NOT NULL,
  updated_at  BIGINT NOT NULL
);

-- One per order that took stock, or that may never do so any more ('released' without items).
CREATE TABLE reservations (
  order_id   TEXT   NOT NULL PRIMARY KEY,
  status     TEXT   NOT NULL CHECK (status IN ('held', 'committed', 'released')),
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  expires_at BIGINT
);

CREATE TABLE reservation_items (
  order_id   TEXT   NOT NULL REFERENCES reservations (order_id),
  product_id TEXT   NOT NULL REFERENCES products (product_id),
  quantity   BIGINT NOT NULL CHECK (quantity > 0),
  PRIMARY KEY (order_id, product_id)
);
