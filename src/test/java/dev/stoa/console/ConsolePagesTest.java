package dev.stoa.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.problem.ProblemException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsolePagesTest {
  private static final Path FILES = Path.of("src/main/resources/console");

  private static Vertx vertx;
  private static HttpServer server;
  private static HttpClient client;

  @BeforeAll
  static void serve() throws Exception {
    vertx = Vertx.vertx();
    ConsolePages pages = new ConsolePages(vertx);
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    pages
                        .answer(request, request.path())
                        .onFailure(
                            why ->
                                request
                                    .response()
                                    .setStatusCode(((ProblemException) why).type().status())
                                    .end()))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get();
    client = HttpClient.newHttpClient();
  }

  @AfterAll
  static void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void servesThePageWithAPolicyThatLetsNothingElseIn() throws Exception {
    HttpResponse<String> page = get("/console/");

    assertEquals(200, page.statusCode());
    assertTrue(page.body().startsWith("<!doctype html>"), page.body());
    String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
    assertTrue(
        policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self'"), policy);
    assertFalse(policy.contains("unsafe"), policy);
    assertEquals("DENY", page.headers().firstValue("X-Frame-Options").orElseThrow());
    assertEquals("no-referrer", page.headers().firstValue("Referrer-Policy").orElseThrow());
  }

  @Test
  void leadsToThePageWhoeverForgetsTheSlash() throws Exception {
    HttpResponse<String> answer = get("/console");

    assertEquals(308, answer.statusCode());
    assertEquals("/console/", answer.headers().firstValue("Location").orElseThrow());
  }

  @Test
  void sendsAFileOnlyOnceToWhoeverKeepsIt() throws Exception {
    HttpResponse<String> first = get("/console/js/main.js");
    String tag = first.headers().firstValue("ETag").orElseThrow();

    HttpResponse<String> second =
        client.send(
            request("/console/js/main.js").header("If-None-Match", tag).build(),
            BodyHandlers.ofString());

    assertEquals(200, first.statusCode());
    assertEquals(304, second.statusCode());
    assertEquals("", second.body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/console/nothing.js",
        "/console/js",
        "/console/js/",
        "/console/../stoa-defaults.yaml",
        "/console/..%2fstoa-defaults.yaml",
        "/console//js/main.js",
        "/console/js/main.js/",
        "/console/MAIN.JS",
        "/console/js/main.class"
      })
  void hasNoOtherFiles(String path) throws Exception {
    assertEquals(404, get(path).statusCode());
  }

  @Test
  void everyFileThatAFileNamesIsThere() throws Exception {
    Pattern imports =
        Pattern.compile("(?:from|import) '(\\.[^']+)'|(?:src|href)=\"([a-z][^\"]*)\"");
    for (Path file : files(".js", ".html")) {
      var matcher = imports.matcher(Files.readString(file));
      while (matcher.find()) {
        boolean module = matcher.group(1) != null; // else from the page's own place
        String named = module ? matcher.group(1) : matcher.group(2);
        Path target = (module ? file.getParent() : FILES).resolve(named).normalize();

        assertTrue(Files.isRegularFile(target), file + " names " + named);
        assertEquals(200, get("/console/" + FILES.relativize(target)).statusCode());
      }
    }
  }

  @Test
  void noFileMakesMarkupOfTextOrNamesAnotherOrigin() throws Exception {
    Pattern forbidden =
        Pattern.compile(
            "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function"
                + "|dangerouslySet|style=\"|<script>|\\bon[a-z]+=\"|https?://(?!www\\.w3\\.org/)");
    for (Path file : files(".js", ".html", ".css")) {
      if (!file.startsWith(FILES.resolve("vendor"))) {
        var matcher = forbidden.matcher(Files.readString(file));

        assertFalse(matcher.find(), () -> file + ": " + matcher.group());
      }
    }
  }

  private static List<Path> files(String... ends) throws IOException {
    try (Stream<Path> all = Files.walk(FILES)) {
      return all.filter(file -> Stream.of(ends).anyMatch(file.toString()::endsWith)).toList();
    }
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path));
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }
}
