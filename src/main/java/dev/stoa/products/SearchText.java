package dev.stoa.products;

import java.text.Normalizer;
import java.util.Locale;

/** Text as searches compare it: one form for what looks the same, and no case, in any script. */
final class SearchText {
  private SearchText() {}

  /**
   * Upper case first, as only that knows that ß is SS, then each character alone to lower case, as
   * in a word a final sigma would become another one.
   */
  static String folded(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC)
        .toUpperCase(Locale.ROOT)
        .codePoints()
        .map(Character::toLowerCase)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** A LIKE pattern, escaped by {@code !}, for all that contains {@code text} as it stands. */
  static String containing(String text) {
    return "%" + folded(text).replaceAll("[!%_]", "!$0") + "%";
  }
}
