package dev.stoa.e2e;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/** Reads the documents of a YAML file, anchors and merges resolved. */
final class ExampleYaml {
  private ExampleYaml() {}

  static List<JsonObject> read(Path file) throws IOException {
    List<JsonObject> documents = new ArrayList<>();
    for (Object document : new Yaml().loadAll(Files.readString(file))) {
      documents.add(json(document));
    }
    return documents;
  }

  @SuppressWarnings("unchecked") // a mapping of texts, as everywhere in these files
  private static JsonObject json(Object mapping) {
    return new JsonObject(new JsonObject((Map<String, Object>) mapping).encode());
  }
}
