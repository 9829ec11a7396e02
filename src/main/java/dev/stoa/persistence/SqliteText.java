package dev.stoa.persistence;

/**
 * Rewrites {@code $1} to {@code ?1}: SQLite takes {@code $1} for a name and binds by first
 * appearance, silently wrong; {@code ?1} binds by number. And {@code $now} to what the engine's
 * clock says. Text between single quotes stays.
 */
final class SqliteText {
  private static final String NOW = "$now";
  private static final String CLOCK = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

  private SqliteText() {}

  static String of(String statement) {
    StringBuilder out = new StringBuilder(statement.length());
    boolean quoted = false;
    for (int i = 0; i < statement.length(); i++) {
      char c = statement.charAt(i);
      if (c == '\'') {
        quoted = !quoted;
      }
      if (c != '$' || quoted) {
        out.append(c);
      } else if (statement.startsWith(NOW, i)) {
        out.append(CLOCK);
        i += NOW.length() - 1;
      } else {
        boolean parameter =
            i + 1 < statement.length() && Character.isDigit(statement.charAt(i + 1));
        out.append(parameter ? '?' : c);
      }
    }
    return out.toString();
  }
}
