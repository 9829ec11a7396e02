package dev.stoa.users;

import java.util.Arrays;
import java.util.function.Function;

/** A password in clear for the moment in which it is hashed or verified. */
final class Password {
  private final char[] characters;

  Password(String text) {
    this.characters = text.toCharArray();
  }

  /** Shows the characters to {@code use} and wipes them; for one use only. */
  <T> T spend(Function<char[], T> use) {
    try {
      return use.apply(characters);
    } finally {
      wipe();
    }
  }

  void wipe() {
    Arrays.fill(characters, '\0');
  }

  @Override
  public String toString() {
    return "Password[…]";
  }
}
