package dev.stoa.config;

/**
 * Where a value was defined.
 *
 * @param source a file, {@code environment APP_X}, {@code -Dstoa.x}, {@code command line}
 * @param line the line in the file, from 1; 0 where there are no lines
 * @param written the text as it was written, if known; may be a secret
 * @param typed whether the source tells text from numbers; where it does not, {@code written} is
 *     what a reader of text gets
 */
record Origin(String source, int line, String written, boolean typed) {
  /** The source of built-in defaults. */
  static final String DEFAULTS = "defaults";

  /** The whole, and what stands nowhere in particular. */
  static final Origin NOWHERE = typed("configuration", 0, null);

  static Origin typed(String source, int line, String written) {
    return new Origin(source, line, written, true);
  }

  static Origin untyped(String source, String written) {
    return new Origin(source, 0, written, false);
  }

  /** The place without the value, safe for every message. */
  @Override
  public String toString() {
    return line > 0 ? source + ":" + line : source;
  }
}
