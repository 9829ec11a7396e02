package dev.stoa.service;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.impl.Utils;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * A contract as input is checked by it. People write {@code openapi/<service>.yaml}; the build puts
 * the part that checks beside it as JSON, because YAML is read so slowly by a cold JVM that this
 * alone was a sixth of the processor time of the start. That part names the sum of the file it was
 * made of: where it is missing, or made of another file, the YAML is read. What the build has left
 * is a valid contract, which need not be proven at each start.
 */
public final class ContractFile {
  private static final String SOURCE = "crc32";
  private static final String DOCUMENT = "document";
  private static final String YAML = ".yaml";

  private ContractFile() {}

  /**
   * What checks.
   *
   * @param proven whether it is what the build left, which its tests hold to be valid
   */
  record Found(JsonObject document, boolean proven) {}

  /**
   * Run by the build.
   *
   * @param args the folder of the contracts
   */
  public static void main(String[] args) throws IOException {
    try (var files = Files.list(Path.of(args[0]))) {
      List<Path> written = files.filter(file -> file.toString().endsWith(YAML)).toList();
      for (Path file : written) {
        String name = file.getFileName().toString();
        Path beside =
            file.resolveSibling(name.substring(0, name.length() - YAML.length()) + ".json");
        Files.write(beside, compile(Files.readAllBytes(file)));
      }
    }
  }

  static byte[] compile(byte[] written) {
    return new JsonObject()
        .put(SOURCE, sum(written))
        .put(DOCUMENT, checking(written))
        .toBuffer()
        .getBytes();
  }

  /** What checks input for that service; reads from the class path, so it blocks. */
  static Found read(String service) throws IOException {
    byte[] written = bytes(written(service));
    if (written == null) {
      throw new FileNotFoundException("no contract " + written(service) + " on the class path");
    }
    return whatChecks(written, bytes("openapi/" + service + ".json"));
  }

  /**
   * @param compiled what the build left, perhaps of another file; null where it left nothing
   */
  static Found whatChecks(byte[] written, byte[] compiled) {
    if (compiled != null) {
      JsonObject found = new JsonObject(Buffer.buffer(compiled));
      if (sum(written) == found.getLong(SOURCE, -1L)) {
        return new Found(found.getJsonObject(DOCUMENT), true);
      }
    }
    return new Found(checking(written), false);
  }

  /** Where the contract lies as it was written. */
  static String written(String service) {
    return "openapi/" + service + YAML;
  }

  private static byte[] bytes(String resource) throws IOException {
    try (InputStream in = ContractFile.class.getClassLoader().getResourceAsStream(resource)) {
      return in == null ? null : in.readAllBytes();
    }
  }

  private static long sum(byte[] written) {
    CRC32 sum = new CRC32();
    sum.update(written);
    return sum.getValue();
  }

  /**
   * What input is checked by. The rest is for readers, and takes the library time at the start; of
   * answers it knows no {@code application/problem+json} either.
   */
  private static JsonObject checking(byte[] written) {
    JsonObject document = parse(new String(written, StandardCharsets.UTF_8));
    document.remove("servers");
    document.getJsonObject("components", new JsonObject()).remove("responses");
    for (Map.Entry<String, Object> path : document.getJsonObject("paths")) {
      for (Map.Entry<String, Object> member : (JsonObject) path.getValue()) {
        if (member.getValue() instanceof JsonObject operation) {
          JsonObject any = new JsonObject().put("description", "");
          operation.put("responses", new JsonObject().put("default", any));
        }
      }
    }
    return document;
  }

  private static JsonObject parse(String yaml) {
    var parsed = Utils.yamlStringToJson(yaml);
    if (parsed.failed()) {
      throw new IllegalArgumentException("the contract is no YAML", parsed.cause());
    }
    return parsed.result();
  }
}
