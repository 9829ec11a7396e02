package dev.stoa.gateway;

import dev.stoa.upstream.Answer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** The field {@code Retry-After}: seconds or a date (RFC 9110, section 10.2.3). */
final class RetryAfter {
  private static final int FIRST_FAILURE = 400;

  private RetryAfter() {}

  /**
   * How long an answer asks to wait before the same is tried again; zero where it is a good one.
   */
  static Duration of(Answer answer) {
    if (answer.status() < FIRST_FAILURE) {
      return Duration.ZERO;
    }
    String field = answer.get("Retry-After");
    return field == null ? Duration.ZERO : of(field, Instant.now());
  }

  /** How long it asks to wait; zero where it says nothing that can be understood. */
  static Duration of(String field, Instant now) {
    if (field == null) {
      return Duration.ZERO;
    }
    String text = field.strip();
    if (text.matches("[0-9]{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    try {
      Instant at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return at.isAfter(now) ? Duration.between(now, at) : Duration.ZERO;
    } catch (DateTimeException nonsense) {
      return Duration.ZERO;
    }
  }
}
