package dev.stoa.persistence;

/** Lets stores of tests fail as databases do. */
public final class Violations {
  private Violations() {}

  public static UniqueViolation unique(String message) {
    return new UniqueViolation(message);
  }
}
