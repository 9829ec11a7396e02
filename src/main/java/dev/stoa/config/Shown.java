package dev.stoa.config;

/** How a found value is shown to an operator: short, on one line, secrets masked. */
final class Shown {
  private static final int MAX_LENGTH = 80;

  private Shown() {}

  static String of(String path, Node node) {
    if (node == null) {
      return "nothing";
    }
    if (node instanceof Node.Mapping) {
      return "a mapping";
    }
    if (node instanceof Node.Sequence sequence) {
      return "a list of " + sequence.items().size();
    }
    Object value = node.plain();
    if (value instanceof String text) {
      return Secrets.isSecret(path) ? Secrets.MASK : quoted(Secrets.mask(path, text));
    }
    String written = node.origin().written();
    String text = written == null || written.isEmpty() ? value.toString() : written;
    return value instanceof Boolean ? text + " (a boolean)" : Secrets.mask(path, text);
  }

  static String quoted(String text) {
    String line = text.replaceAll("\\p{Cntrl}", " ");
    return '"' + (line.length() > MAX_LENGTH ? line.substring(0, MAX_LENGTH) + "…" : line) + '"';
  }
}
