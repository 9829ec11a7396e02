package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Does what README.md says about a service of one's own, word by word. */
@ExtendWith(VertxExtension.class)
class OwnServiceIT {
  private static final Pattern FILE =
      Pattern.compile("`(reviews/[^`]+)`[^`]*?:\n\n```\\w+\n(.*?)```", Pattern.DOTALL);
  private static final Pattern SHELL = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
  private static final long SECONDS = 60;

  @TempDir Path home;

  @Test
  void theServiceOfTheReadmeWorksAsItSays(Vertx vertx) throws Exception {
    String text = section();
    Map<String, String> files = files(text);
    List<String> shell = SHELL.matcher(text).results().map(found -> found.group(1)).toList();
    String compile = shell.get(0).lines().findFirst().orElseThrow();
    String start = shell.get(0).lines().reduce((first, second) -> second).orElseThrow();

    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = home.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
    Files.createDirectories(home.resolve("target"));
    Files.createSymbolicLink(
        home.resolve("target/stoa.jar"), Path.of(System.getProperty("stoa.jar")));
    run(compile, Map.of());

    StoaSetup setup = StoaSetup.in(home).set("services.review-service.port", 0);
    try (RunningShop running = RunningShop.open(vertx, setup.as(words(start)))) {
      String product = running.shop().product(running.admin(), "Amphora", 19.99, 10);
      Caller customer = running.shop().customer();
      Map<String, String> variables =
          Map.of(
              "STOA",
              "http://127.0.0.1:" + setup.ports().gateway(),
              "TOKEN",
              customer.token().orElseThrow(),
              "PRODUCT",
              product);
      String[] answers = run(shell.get(1), variables).split("(?<=})(?=\\{)");

      assertEquals(5, new JsonObject(answers[0]).getInteger("stars"), answers[0]);
      JsonObject found = new JsonObject(answers[1]).getJsonArray("items").getJsonObject(0);
      assertEquals(new JsonObject(answers[0]), found);
      everythingElseComesByItself(running, customer, product);
    }
  }

  private static void everythingElseComesByItself(
      RunningShop running, Caller customer, String product) {
    String reviews = "/api/review-service/reviews";
    JsonObject good = new JsonObject().put("product_id", product).put("stars", 4);

    customer.post(reviews, good.copy().put("stars", 6)).expectInvalid("stars");
    customer
        .post(reviews, good.copy().put("product_id", "01935b1e-7a10-7000-8000-000000000002"))
        .expectProblem(404, "not-found");
    running.shop().visitor().get(reviews + "?product_id=" + product).expect(401);
    running.shop().visitor().post(reviews, good).expectProblem(401, "missing-token");
    JsonObject document = customer.get("/api/openapi.json").expect(200).json();
    assertTrue(document.getJsonObject("paths").containsKey(reviews));
    String services = running.admin().get("/api/admin/services").expect(200).json().encode();
    assertTrue(services.contains("review-service"), services);
  }

  /** What the README says to start it with, of the Java that runs this test. */
  private static List<String> words(String start) {
    List<String> words = new ArrayList<>(Arrays.asList(start.split(" ")));
    assertEquals("java", words.remove(0), start);
    return words;
  }

  private String run(String command, Map<String, String> variables) throws Exception {
    Path out = home.resolve("shell.out");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-ec", command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().putAll(variables);
    Process shell = builder.start();
    boolean ended = shell.waitFor(SECONDS, TimeUnit.SECONDS);
    shell.destroyForcibly();
    String said = Files.readString(out);
    assertTrue(ended && shell.exitValue() == 0, command + "\n" + said);
    return said;
  }

  private static String section() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    int begin = readme.indexOf("## Your own service in ten minutes");
    return readme.substring(begin, readme.indexOf("\n## ", begin + 1));
  }

  private static Map<String, String> files(String text) {
    Map<String, String> files = new LinkedHashMap<>();
    for (MatchResult found : FILE.matcher(text).results().toList()) {
      files.put(found.group(1), found.group(2));
    }
    assertEquals(4, files.size(), files.keySet()::toString);
    return files;
  }
}
