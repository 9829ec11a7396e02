-- Operators list the orders amid a step, which are few among many.
CREATE INDEX orders_in_saga ON orders (order_id) WHERE duty IS NOT NULL AND duty <> 'EXPIRE';
