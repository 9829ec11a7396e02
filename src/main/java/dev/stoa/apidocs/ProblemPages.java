package dev.stoa.apidocs;

import dev.stoa.page.Page;
import dev.stoa.problem.ProblemType;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What each {@code type} of a problem leads to, whose reference is relative to the server that
 * answered: a page for people, or the same as JSON. All of it comes from the catalogue. Safe on any
 * thread.
 */
public final class ProblemPages {
  /** The list of them all; each is below it. */
  public static final String INDEX = "/problems";

  /** Where pages are. */
  public static final List<String> PATHS = paths();

  private static final String STYLE =
      """
      :root { color-scheme: light dark; }
      body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem; }
      code { font: .95em ui-monospace, monospace; background: rgb(127 127 127 / .18);
             padding: .1em .3em; border-radius: .2em; }
      h1 small { font-weight: normal; opacity: .7; }
      td { padding: .2rem 1.2rem .2rem 0; vertical-align: top; }
      """;

  private static final String POLICY =
      "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
          .formatted(Page.sha256(STYLE.getBytes(StandardCharsets.UTF_8)));

  private ProblemPages() {}

  /**
   * The page at one of {@link #PATHS}.
   *
   * @param accept of the request, may be null: who does not ask for HTML gets JSON
   */
  public static Page at(String path, String accept) {
    boolean html = accept != null && accept.contains("text/html");
    return ProblemType.of(path)
        .map(type -> html ? page(type.title(), html(type)) : Page.json(json(type).toBuffer()))
        .orElseGet(() -> html ? page("Problems", list()) : Page.json(listed().toBuffer()));
  }

  private static JsonObject json(ProblemType type) {
    return new JsonObject()
        .put("type", type.uri())
        .put("title", type.title())
        .put("status", type.status())
        .put("meaning", type.meaning())
        .put("advice", type.advice());
  }

  private static JsonObject listed() {
    return new JsonObject()
        .put(
            "items",
            new JsonArray(Arrays.stream(ProblemType.values()).map(ProblemPages::json).toList()));
  }

  private static String html(ProblemType type) {
    return """
        <h1>%s <small>%d</small></h1>
        <p>An answer whose <code>type</code> is <code>%s</code> means: %s.</p>
        <h2>What to do</h2>
        <p>%s</p>
        <p>The answer itself says more: <code>detail</code> what happened this time, and
        <code>request_id</code> under which name the logs know it.</p>
        <p><a href="%s">All problems</a></p>
        """
        .formatted(
            escaped(type.title()),
            type.status(),
            escaped(type.uri()),
            withCode(type.meaning()),
            withCode(type.advice()),
            INDEX);
  }

  private static String list() {
    return Arrays.stream(ProblemType.values())
        .map(
            type ->
                "<tr><td>%d</td><td><a href=\"%s\">%s</a></td><td>%s</td></tr>%n"
                    .formatted(
                        type.status(),
                        escaped(type.uri()),
                        escaped(type.title()),
                        withCode(type.meaning())))
        .collect(Collectors.joining("", "<h1>Problems</h1>\n<table>\n", "</table>\n"));
  }

  private static Page page(String title, String content) {
    String html =
        """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>%s</title><style>%s</style></head>
        <body>
        %s</body>
        </html>
        """
            .formatted(escaped(title), STYLE, content);
    return Page.of(Buffer.buffer(html), "text/html; charset=utf-8", Page.headers(POLICY));
  }

  /** Escaped, and what stands in backquotes as code. */
  private static String withCode(String text) {
    return escaped(text).replaceAll("`([^`]*)`", "<code>$1</code>");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static List<String> paths() {
    List<String> paths = new ArrayList<>(List.of(INDEX));
    Arrays.stream(ProblemType.values()).map(ProblemType::uri).forEach(paths::add);
    return List.copyOf(paths);
  }
}
