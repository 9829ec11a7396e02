package dev.stoa.idempotency;

import dev.stoa.problem.ProblemException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a client calls one piece of work, so that sending it again does not do it again. It is taken
 * as it stands, 1 to {@value #MAX_LENGTH} visible ASCII characters: the structured string of the
 * draft (section 2.1), whose quotes are part of it then, or plain text.
 */
public record IdempotencyKey(String text) {
  /** The header field that carries it. */
  public static final String FIELD = "Idempotency-Key";

  /** Marks an answer that was given before: {@code true}. */
  public static final String REPLAYED = "Idempotency-Replayed";

  private static final int MAX_LENGTH = 255;

  public IdempotencyKey {
    Objects.requireNonNull(text, "text");
  }

  /** The key of a request with these fields; INVALID_INPUT where it is no good one. */
  public static Optional<IdempotencyKey> of(List<String> fields) {
    if (fields.isEmpty()) {
      return Optional.empty();
    }
    if (fields.size() > 1) {
      throw ProblemException.invalid(FIELD, "is given more than once");
    }
    String text = fields.get(0);
    boolean visible = text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    if (!visible || text.isEmpty() || text.length() > MAX_LENGTH) {
      throw ProblemException.invalid(
          FIELD, "must be 1 to " + MAX_LENGTH + " visible ASCII characters");
    }
    return Optional.of(new IdempotencyKey(text));
  }
}
