package dev.stoa.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads strict JSON (RFC 8259): no comments, no duplicate keys, no nulls, nothing after the value.
 * The parser's own messages are not passed on, since they quote the text.
 */
final class JsonFile {
  private static final int MAX_DEPTH = 50;
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private final String source;
  private final JsonParser parser;
  private final Findings findings;

  private JsonFile(String source, JsonParser parser, Findings findings) {
    this.source = source;
    this.parser = parser;
    this.findings = findings;
  }

  /** The file's mapping; empty, and findings noted, where it has none. */
  static Optional<Node.Mapping> read(String file, Buffer content, Findings findings) {
    return StrictText.decode(file, content, findings)
        .flatMap(text -> parse(file, text, findings))
        .flatMap(
            node -> {
              if (node instanceof Node.Mapping mapping) {
                return Optional.of(mapping);
              }
              findings.unreadable(node.origin(), "a JSON object", "another value");
              return Optional.empty();
            });
  }

  /** Any JSON value. */
  static Optional<Node> parse(String source, String text, Findings findings) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      JsonFile file = new JsonFile(source, parser, findings);
      if (parser.nextToken() == null) {
        findings.unreadable(Origin.typed(source, 0, null), "JSON", "nothing");
        return Optional.empty();
      }
      Node node = file.value("");
      if (parser.nextToken() != null) {
        findings.unreadable(file.here(null), "the end of the file", "more after the JSON value");
        return Optional.empty();
      }
      return Optional.of(node);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
      String found = "a syntax error at column " + column;
      findings.unreadable(Origin.typed(source, line, null), "strict JSON", found);
      return Optional.empty();
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory cannot fail", e);
    }
  }

  /** The value at the current token; a null is noted and stands in as text. */
  private Node value(String path) throws IOException {
    Origin origin = here(null);
    return switch (parser.currentToken()) {
      case START_OBJECT -> mapping(path, origin);
      case START_ARRAY -> sequence(path, origin);
      case VALUE_STRING -> new Node.Scalar(parser.getText(), origin);
      case VALUE_TRUE -> new Node.Scalar(true, origin);
      case VALUE_FALSE -> new Node.Scalar(false, origin);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          new Node.Scalar(parser.getNumberValue(), here(parser.getText()));
      default -> {
        findings.malformed(origin, path, "a value", "null");
        yield new Node.Scalar("null", origin);
      }
    };
  }

  private Node mapping(String path, Origin origin) throws IOException {
    Map<String, Node> entries = new LinkedHashMap<>();
    Map<String, Integer> lines = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      Integer first = lines.putIfAbsent(key, here(null).line());
      String child = Paths.join(path, key);
      if (key.isEmpty()) {
        findings.malformed(here(null), path, "keys that are text", "an empty key");
      } else if (first != null) {
        findings.malformed(
            here(null), child, "each key once", "it again (first on line " + first + ")");
      }
      parser.nextToken();
      entries.put(key, value(child));
    }
    return new Node.Mapping(entries, origin);
  }

  private Node sequence(String path, Origin origin) throws IOException {
    List<Node> items = new ArrayList<>();
    for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
      items.add(value(Paths.item(path, i)));
    }
    return new Node.Sequence(items, origin);
  }

  private Origin here(String written) {
    return Origin.typed(source, parser.currentTokenLocation().getLineNr(), written);
  }
}
