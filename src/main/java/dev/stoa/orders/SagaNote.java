package dev.stoa.orders;

import java.util.Locale;

/**
 * The part of an event that concerns a step of the saga.
 *
 * @param attempt from 1
 * @param key under which the step was asked for
 */
record SagaNote(Duty.Kind step, Phase phase, int attempt, String key) {

  enum Phase {
    /** It will be asked for: written before. */
    INTENT,
    DONE,
    /** It was refused and had no effect. */
    REFUSED,
    /** Whether it had an effect is not known. */
    UNKNOWN;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Phase of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  static SagaNote of(Duty duty, Phase phase) {
    return new SagaNote(duty.kind(), phase, duty.attempts(), duty.key());
  }
}
