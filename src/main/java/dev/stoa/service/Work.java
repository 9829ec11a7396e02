package dev.stoa.service;

import java.util.Objects;

/**
 * The work that a call asks for, told from all other work by its id. Attempts under one
 * Idempotency-Key are the same work: a handler that names what it makes by this id finds on a
 * second attempt what the first one did before it was cut off.
 *
 * @param id a version 7 UUID; for what is made, or for what is asked of others
 * @param again whether an earlier attempt may have done some of it
 */
public record Work(String id, boolean again) {
  public Work {
    Objects.requireNonNull(id, "id");
  }
}
