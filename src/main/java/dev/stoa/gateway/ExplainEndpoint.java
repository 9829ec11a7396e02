package dev.stoa.gateway;

import dev.stoa.problem.FieldError;
import dev.stoa.problem.ProblemException;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What would become of a request: {@code {method, path, token?, headers?, client?}}; for admins.
 * The token is used, and neither answered nor logged.
 */
final class ExplainEndpoint {
  static final String PATH = "/api/admin/explain";

  private static final int MAX_HEADERS = 100;
  private static final int MAX_LENGTH = 16 * 1024;
  private static final String NOBODY = "127.0.0.1";
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}");
  private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]*");
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

  private final Explainer explainer;

  ExplainEndpoint(Explainer explainer) {
    this.explainer = explainer;
  }

  Future<JsonObject> explain(JsonObject body) {
    return explainer.explain(question(body)).map(ExplanationJson::of);
  }

  /**
   * Reads it.
   *
   * @throws ProblemException INVALID_INPUT, naming each field
   */
  static Question question(JsonObject body) {
    List<FieldError> errors = new ArrayList<>();
    for (String field : body.fieldNames()) {
      if (!List.of("method", "path", "token", "headers", "client").contains(field)) {
        errors.add(new FieldError(field, "is not known"));
      }
    }
    String method = text(body, "method", "GET", errors);
    if (!TOKEN.matcher(method).matches()) {
      errors.add(new FieldError("method", "must be a method like GET"));
    }
    String path = text(body, "path", "", errors);
    if (path.isEmpty() || path.length() > MAX_LENGTH) {
      errors.add(new FieldError("path", "must be a path like /api/users/1"));
    }
    String client = text(body, "client", NOBODY, errors);
    if (!NetUtil.isValidIpV4Address(client) && !NetUtil.isValidIpV6Address(client)) {
      errors.add(new FieldError("client", "must be an IP address"));
    }
    MultiMap headers = headers(body, errors);
    if (body.containsKey("token")) {
      String token = text(body, "token", "", errors).strip();
      headers.set(
          HttpHeaders.AUTHORIZATION,
          token.regionMatches(true, 0, "Bearer ", 0, 7) ? token : "Bearer " + token);
    }
    if (!errors.isEmpty()) {
      throw ProblemException.invalid(errors);
    }
    return new Question(HttpMethod.valueOf(method), path, headers, client);
  }

  private static MultiMap headers(JsonObject body, List<FieldError> errors) {
    MultiMap headers = HttpHeaders.headers();
    Object given = body.getValue("headers", new JsonObject());
    if (!(given instanceof JsonObject fields) || fields.size() > MAX_HEADERS) {
      errors.add(new FieldError("headers", "must be an object of up to 100 header fields"));
      return headers;
    }
    for (Map.Entry<String, Object> field : fields) {
      String name = field.getKey();
      JsonArray values =
          field.getValue() instanceof JsonArray list ? list : new JsonArray().add(field.getValue());
      for (Object value : values) {
        if (!TOKEN.matcher(name).matches()
            || !(value instanceof String text)
            || text.length() > MAX_LENGTH
            || !VALUE.matcher(text).matches()) {
          errors.add(new FieldError("headers", "must be names with text"));
        } else if (name.equalsIgnoreCase("Content-Length") && !LENGTH.matcher(text).matches()) {
          errors.add(new FieldError("headers.Content-Length", "must be a number"));
        } else {
          headers.add(name, text);
        }
      }
    }
    return headers;
  }

  private static String text(
      JsonObject body, String field, String standard, List<FieldError> errors) {
    Object value = body.getValue(field, standard);
    if (value instanceof String text) {
      return text;
    }
    errors.add(new FieldError(field, "must be text"));
    return standard;
  }
}
