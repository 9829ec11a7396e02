package dev.stoa.products;

import dev.stoa.service.Money;
import java.time.Instant;

/**
 * Something that is sold.
 *
 * @param stock how many are neither sold nor reserved
 */
record Product(
    String id,
    String name,
    String description,
    Money price,
    long stock,
    Instant createdAt,
    Instant updatedAt) {}
