package dev.stoa.persistence;

/**
 * Rewrites {@code $1} to {@code ?1}. SQLite takes {@code $1} for a name and binds by first
 * appearance, silently wrong; {@code ?1} binds by number. Text between single quotes stays.
 */
final class NumberedParameters {
  private NumberedParameters() {}

  static String toSqlite(String statement) {
    StringBuilder out = new StringBuilder(statement.length());
    boolean quoted = false;
    for (int i = 0; i < statement.length(); i++) {
      char c = statement.charAt(i);
      if (c == '\'') {
        quoted = !quoted;
      }
      boolean parameter =
          c == '$'
              && !quoted
              && i + 1 < statement.length()
              && Character.isDigit(statement.charAt(i + 1));
      out.append(parameter ? '?' : c);
    }
    return out.toString();
  }
}
