-- Where each piece is: received = stock + reserved + sold, at any moment.
ALTER TABLE products ADD COLUMN received BIGINT NOT NULL DEFAULT 0;
ALTER TABLE products ADD COLUMN reserved BIGINT NOT NULL DEFAULT 0;
ALTER TABLE products ADD COLUMN sold BIGINT NOT NULL DEFAULT 0;
-- How many movements the ledger has of it, and so the number of the last one.
ALTER TABLE products ADD COLUMN movements BIGINT NOT NULL DEFAULT 0;

-- Every change of stock, written in the transaction that makes it; never changed or deleted.
CREATE TABLE stock_movements (
  product_id TEXT   NOT NULL REFERENCES products (product_id),
  number     BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  kind       TEXT   NOT NULL CHECK (kind IN
    ('received', 'adjusted', 'reserved', 'released', 'expired', 'sold', 'returned')),
  quantity   BIGINT NOT NULL,
  -- 'order:<id>' or 'user:<id>'
  cause      TEXT   NOT NULL,
  PRIMARY KEY (product_id, number)
);

-- Why a reservation is 'released', where no order asked for it: 'expired' or 'refused'.
ALTER TABLE reservations ADD COLUMN because TEXT;
CREATE INDEX reservations_held ON reservations (expires_at) WHERE status = 'held';
CREATE INDEX reservation_items_of_product ON reservation_items (product_id);

-- The books open with what is there.
UPDATE products SET
  reserved = COALESCE((SELECT SUM(i.quantity) FROM reservation_items i
    JOIN reservations r ON r.order_id = i.order_id
    WHERE i.product_id = products.product_id AND r.status = 'held'), 0),
  sold = COALESCE((SELECT SUM(i.quantity) FROM reservation_items i
    JOIN reservations r ON r.order_id = i.order_id
    WHERE i.product_id = products.product_id AND r.status = 'committed'), 0);
UPDATE products SET received = stock + reserved + sold, movements = 3;
INSERT INTO stock_movements (product_id, number, at, kind, quantity, cause)
  SELECT product_id, 1, updated_at, 'received', received, 'user:opening-balance' FROM products;
INSERT INTO stock_movements (product_id, number, at, kind, quantity, cause)
  SELECT product_id, 2, updated_at, 'reserved', reserved + sold, 'order:opening-balance'
  FROM products;
INSERT INTO stock_movements (product_id, number, at, kind, quantity, cause)
  SELECT product_id, 3, updated_at, 'sold', sold, 'order:opening-balance' FROM products;
UPDATE reservations SET expires_at = updated_at + 900000 WHERE status = 'held';
