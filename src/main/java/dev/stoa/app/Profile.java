package dev.stoa.app;

import java.util.Locale;

/**
 * Where the process runs. {@code dev} forgives weak secrets and prints what helps; the others do
 * not.
 */
enum Profile {
  DEV,
  TEST,
  PROD;

  boolean lenient() {
    return this == DEV;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
