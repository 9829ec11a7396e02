package dev.stoa.config;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A value from a source that knows only text (environment, system property, command line). JSON
 * objects, arrays and quoted strings are read as such, then booleans, then JSON's numbers;
 * everything else is text, {@code 007} and {@code 1,2} too. Whoever wants text gets it as it was
 * written, so that a password may be made of digits.
 */
final class LooseValue {
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][-+]?\\d+)?");
  private static final Pattern JSON = Pattern.compile("(?s)\\s*[\\[{\"].*");

  private LooseValue() {}

  static Node parse(String source, String text) {
    boolean json =
        JSON.matcher(text).matches()
            || NUMBER.matcher(text).matches()
            || text.equals("true")
            || text.equals("false");
    Origin origin = Origin.untyped(source, text);
    return (json ? parseJson(source, text) : Optional.<Node>empty())
        .map(node -> withOrigin(node, origin))
        .orElse(new Node.Scalar(text, origin));
  }

  private static Optional<Node> parseJson(String source, String text) {
    Findings findings = new Findings();
    Optional<Node> node = JsonFile.parse(source, text, findings);
    return findings.errors().isEmpty() ? node : Optional.empty();
  }

  private static Node withOrigin(Node node, Origin origin) {
    if (node instanceof Node.Mapping mapping) {
      return new Node.Mapping(mapping.entries(), origin);
    }
    if (node instanceof Node.Sequence sequence) {
      return new Node.Sequence(sequence.items(), origin);
    }
    return node.plain() instanceof String quoted
        ? new Node.Scalar(quoted, Origin.typed(origin.source(), 0, null))
        : new Node.Scalar(node.plain(), origin);
  }
}
