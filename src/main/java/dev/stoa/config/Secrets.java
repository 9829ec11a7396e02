package dev.stoa.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Decides by its key whether a value is a secret, and masks it for people's eyes. It errs on the
 * side of masking: everything below a secret's key is a secret too. Safe on any thread.
 */
public final class Secrets {
  /** What stands in place of a secret. */
  public static final String MASK = "***";

  private static final Pattern SECRET =
      Pattern.compile(
          "secret|password|passwd|passphrase|token|key|credential|private|authorization|cookie");

  /**
   * Header fields for somebody who watches us: each may be how we prove who we are. And those for
   * upstreams that are by their names: {@code X-Auth, X-Signature, X-Session}.
   */
  private static final Pattern HEADERS =
      Pattern.compile("(?i)(^|\\.)(otlp\\.headers\\.|headers\\..*(auth|sign|session|bearer|jwt))");

  /** Last words that make of a secret's key a harmless one: {@code token_expiry, key_id}. */
  private static final Set<String> HARMLESS =
      Set.of(
          "algorithm",
          "count",
          "expiry",
          "hashing",
          "header",
          "id",
          "ids",
          "interval",
          "issuer",
          "kid",
          "length",
          "limit",
          "prefix",
          "rotation",
          "size",
          "timeout",
          "ttl",
          "type");

  /** First words that do: {@code max_keys, allow_credentials}. */
  private static final Set<String> BOUNDS = Set.of("allow", "max", "min");

  private static final Pattern URL_USER = Pattern.compile("(://)\\S*@");
  private static final Pattern URL_PARAMETER =
      Pattern.compile(
          "(?i)([?&;]\\w*(?:secret|password|passwd|token|key|credential)\\w*=)[^&;\\s]*");

  private Secrets() {}

  /** Whether the value at this dotted path, or what contains it, is a secret by its key. */
  public static boolean isSecret(String path) {
    boolean secret = HEADERS.matcher(path).find();
    for (String key : path.replaceAll("\\[\\d+]", "").split("\\.")) {
      String[] words = key.split("[_-]|(?<=\\p{Lower})(?=\\p{Upper})");
      boolean harmless =
          words.length > 0
              && (HARMLESS.contains(lower(words[words.length - 1]))
                  || BOUNDS.contains(lower(words[0])));
      secret = !harmless && (secret || SECRET.matcher(lower(key)).find());
    }
    return secret;
  }

  /** {@code text} as it may be shown: masked if its key is a secret's, and so are URLs' users. */
  public static String mask(String path, String text) {
    if (isSecret(path)) {
      return MASK;
    }
    String withoutUser = URL_USER.matcher(text).replaceAll("$1" + MASK + "@");
    return URL_PARAMETER.matcher(withoutUser).replaceAll("$1" + MASK);
  }

  /** A copy of the whole tree in which every secret is masked. */
  public static JsonObject mask(JsonObject tree) {
    return mask("", tree);
  }

  private static JsonObject mask(String path, JsonObject tree) {
    JsonObject masked = new JsonObject();
    for (Map.Entry<String, Object> entry : tree) {
      masked.put(entry.getKey(), maskValue(Paths.join(path, entry.getKey()), entry.getValue()));
    }
    return masked;
  }

  /** A plain value as it may be shown: as a whole or in parts masked. */
  static Object maskValue(String path, Object value) {
    if (value instanceof JsonObject object) {
      return mask(path, object);
    }
    if (value instanceof JsonArray array) {
      JsonArray masked = new JsonArray();
      array.forEach(item -> masked.add(maskValue(path, item)));
      return masked;
    }
    if (value instanceof String text) {
      return mask(path, text);
    }
    return value instanceof Number && isSecret(path) ? MASK : value;
  }

  private static String lower(String word) {
    return word.toLowerCase(java.util.Locale.ROOT);
  }
}
