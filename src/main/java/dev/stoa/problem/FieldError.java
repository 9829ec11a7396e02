package dev.stoa.problem;

import java.util.Objects;

/**
 * One thing wrong with the input.
 *
 * @param field where, as the client wrote it: {@code items.0.quantity}, {@code limit}
 * @param reason what was expected, in words a user understands; never echoes a secret
 */
public record FieldError(String field, String reason) {
  public FieldError {
    Objects.requireNonNull(field, "field");
    Objects.requireNonNull(reason, "reason");
  }
}
