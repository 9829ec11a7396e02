package dev.stoa.persistence;

import java.time.Instant;

/**
 * One row of an answer; columns by name. The same on both engines. Null columns answer null, or 0
 * or false.
 */
public interface Row {
  String text(String column);

  long number(String column);

  boolean flag(String column);

  /** An instant stored as epoch milliseconds; null where the column is. */
  Instant instant(String column);
}
