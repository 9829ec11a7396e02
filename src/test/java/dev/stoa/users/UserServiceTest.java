package dev.stoa.users;

import static dev.stoa.service.ServiceHarness.problem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.service.ServiceHarness;
import dev.stoa.users.AdminPolicy.NewAdmin;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class UserServiceTest {
  private static final String NOBODYS = "0190b2a0-0000-7000-8000-000000000404";
  private static final String PASSWORD = "correct horse";

  private final AtomicReference<UsersConfig> config =
      new AtomicReference<>(new UsersConfig(64, "root", Optional.empty()));
  private final AtomicReference<NewAdmin> announced = new AtomicReference<>();
  private ServiceHarness service;
  private String admin;

  @BeforeEach
  void start(Vertx vertx, @TempDir Path directory) {
    service = new ServiceHarness(vertx, UsersVerticle.SERVICE, directory);
    service.deploy(
        new UsersVerticle(
            service.chassis(),
            service.config(),
            service.databases(),
            config::get,
            AdminPolicy.generate(announced::set)));
    admin = service.admin();
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void registersACustomerWhoThenLogsIn() {
    JsonObject body = credentials("Ann.Lee", PASSWORD).put("email", "ann@example.org");

    HttpResponse<Buffer> made = service.post("/auth/register", null, body);

    assertEquals(201, made.statusCode(), made.bodyAsString());
    JsonObject user = made.bodyAsJsonObject();
    String id = user.getString("user_id");
    assertEquals("../users/" + id, made.getHeader("Location"));
    assertEquals("Ann.Lee", user.getString("username"));
    assertEquals("ann@example.org", user.getString("email"));
    assertEquals(new JsonArray().add("customer"), user.getJsonArray("roles"));
    assertEquals(user, service.get("/users/" + id, self(id)).bodyAsJsonObject());
    assertFalse(made.bodyAsString().contains("argon2"), made.bodyAsString());
    HttpResponse<Buffer> in = logIn("ann.LEE", PASSWORD);
    assertEquals(
        new JsonObject()
            .put("user_id", id)
            .put("username", "Ann.Lee")
            .put("roles", new JsonArray().add("customer")),
        in.bodyAsJsonObject());
  }

  @Test
  void refusesWrongPairsAllTheSame() {
    register("ann");

    HttpResponse<Buffer> wrongPassword = logIn("ann", "wrong horse");
    HttpResponse<Buffer> wrongName = logIn("bob", PASSWORD);

    assertEquals("401 bad-credentials", problem(wrongPassword));
    assertEquals("401 bad-credentials", problem(wrongName));
    assertEquals(
        wrongPassword.bodyAsJsonObject().getString("detail"),
        wrongName.bodyAsJsonObject().getString("detail"));
    assertEquals("401 bad-credentials", problem(logIn("ann", PASSWORD + " ")));
    assertEquals("401 bad-credentials", problem(logIn("' OR 1=1 --", PASSWORD)));
  }

  @Test
  void anUnknownNameTakesAsLongAsAWrongPassword() {
    register("ann");
    logIn("ann", "wrong horse");

    long known = fastestNanos(() -> logIn("ann", "wrong horse"));
    long unknown = fastestNanos(() -> logIn("bob", "wrong horse"));

    assertTrue(unknown > known / 3 && known > unknown / 3, known + " ns and " + unknown + " ns");
  }

  @Test
  void aNameBelongsToOneInAnyCase() {
    register("Ann");

    assertEquals(
        "409 username-taken username",
        problem(service.post("/auth/register", null, credentials("aNN", PASSWORD))));
    assertEquals(
        "409 username-taken username",
        problem(service.post("/users", admin, credentials("ANN", PASSWORD))));
    String bob = register("bob");
    assertEquals(
        "409 username-taken username",
        problem(change(bob, self(bob), new JsonObject().put("username", "ann"))));
    assertEquals(200, change(bob, self(bob), new JsonObject().put("username", "BOB")).statusCode());
  }

  @Test
  void aRaceForANameHasOneWinner() {
    List<HttpResponse<Buffer>> answers =
        ServiceHarness.atOnce(
            12,
            i ->
                service.send(
                    HttpMethod.POST,
                    "/auth/register",
                    null,
                    credentials(i % 2 == 0 ? "ann" : "ANN", PASSWORD)));

    assertEquals(1, answers.stream().filter(a -> a.statusCode() == 201).count());
    assertEquals(11, answers.stream().filter(a -> a.statusCode() == 409).count());
  }

  @Test
  void nobodyReadsOrTouchesAnother() {
    String ann = register("ann");
    String bob = register("bob");
    JsonObject change = new JsonObject().put("email", "x@example.org");

    for (String other : List.of(ann, NOBODYS)) {
      assertEquals("403 forbidden", problem(service.get("/users/" + other, self(bob))));
      assertEquals("403 forbidden", problem(change(other, self(bob), change)));
      assertEquals("403 forbidden", problem(service.delete("/users/" + other, self(bob))));
      assertEquals("401 missing-token", problem(service.get("/users/" + other, null)));
      assertEquals("401 missing-token", problem(change(other, null, change)));
      assertEquals("401 missing-token", problem(service.delete("/users/" + other, null)));
    }
    assertEquals("403 forbidden", problem(service.get("/users", self(bob))));
    assertEquals(
        "403 forbidden", problem(service.post("/users", self(bob), credentials("eve", PASSWORD))));
    assertEquals(200, service.get("/users/" + ann, service.service()).statusCode());
    assertEquals("403 forbidden", problem(change(ann, service.service(), change)));
    assertEquals("403 forbidden", problem(service.delete("/users/" + ann, service.service())));
  }

  @Test
  void anAdminMakesReadsListsAndDeletes() {
    JsonObject body =
        credentials("boss", PASSWORD).put("roles", new JsonArray().add("customer").add("admin"));

    JsonObject boss = service.post("/users", admin, body).bodyAsJsonObject();

    assertEquals(new JsonArray().add("admin").add("customer"), boss.getJsonArray("roles"));
    assertEquals(
        boss.getJsonArray("roles"),
        logIn("boss", PASSWORD).bodyAsJsonObject().getJsonArray("roles"));
    JsonObject first = service.get("/users?limit=1", admin).bodyAsJsonObject();
    assertEquals("root", first.getJsonArray("items").getJsonObject(0).getString("username"));
    JsonObject second =
        service
            .get("/users?limit=1&cursor=" + first.getString("next_cursor"), admin)
            .bodyAsJsonObject();
    assertEquals(boss, second.getJsonArray("items").getJsonObject(0));
    String id = boss.getString("user_id");
    assertEquals(204, service.delete("/users/" + id, admin).statusCode());
    assertEquals("404 not-found", problem(service.get("/users/" + id, admin)));
    assertEquals("404 not-found", problem(service.delete("/users/" + id, admin)));
    assertEquals("404 not-found", problem(change(id, admin, new JsonObject())));
    assertEquals("401 bad-credentials", problem(logIn("boss", PASSWORD)));
  }

  @Test
  void oneDeletesOneself() {
    String ann = register("ann");

    assertEquals(204, service.delete("/users/" + ann, self(ann)).statusCode());

    assertEquals("404 not-found", problem(service.get("/users/" + ann, self(ann))));
    register("ann");
  }

  @Test
  void theOwnerProvesTheOldPasswordToSetANewOne() {
    String ann = register("ann");
    JsonObject next = new JsonObject().put("password", "new battery");

    assertEquals("400 invalid-input current_password", problem(change(ann, self(ann), next)));
    next.put("current_password", "wrong horse");
    assertEquals("403 forbidden current_password", problem(change(ann, self(ann), next)));
    assertEquals(200, logIn("ann", PASSWORD).statusCode());
    next.put("current_password", PASSWORD);
    assertEquals(200, change(ann, self(ann), next).statusCode());
    assertEquals("401 bad-credentials", problem(logIn("ann", PASSWORD)));
    assertEquals(200, logIn("ann", "new battery").statusCode());
    assertEquals(
        200, change(ann, admin, new JsonObject().put("password", "set by admin")).statusCode());
    assertEquals(200, logIn("ann", "set by admin").statusCode());
  }

  @Test
  void changesWhatIsGivenAndKeepsTheRest() {
    String ann = register("ann");

    change(ann, self(ann), new JsonObject().put("email", "a@example.org"));
    change(ann, self(ann), new JsonObject().put("username", "anna"));

    JsonObject user = service.get("/users/" + ann, self(ann)).bodyAsJsonObject();
    assertEquals("anna", user.getString("username"));
    assertEquals("a@example.org", user.getString("email"));
    assertEquals(200, logIn("anna", PASSWORD).statusCode());
    JsonObject roles = new JsonObject().put("roles", new JsonArray().add("admin"));
    assertEquals("403 forbidden", problem(change(ann, self(ann), roles)));
    assertEquals(
        roles.getJsonArray("roles"),
        change(ann, admin, roles).bodyAsJsonObject().getJsonArray("roles"));
  }

  @Test
  void oneAdminAlwaysStays() {
    String root = logIn("root", announced.get().password()).bodyAsJsonObject().getString("user_id");
    JsonObject demoted = new JsonObject().put("roles", new JsonArray().add("customer"));

    assertEquals("409 conflict", problem(service.delete("/users/" + root, admin)));
    assertEquals("409 conflict", problem(change(root, admin, demoted)));
    JsonObject boss = credentials("boss", PASSWORD).put("roles", new JsonArray().add("admin"));
    String second = service.post("/users", admin, boss).bodyAsJsonObject().getString("user_id");
    List<HttpResponse<Buffer>> both =
        ServiceHarness.atOnce(
            2,
            i ->
                service.send(HttpMethod.DELETE, "/users/" + (i == 0 ? root : second), admin, null));
    assertEquals(List.of(204, 409), both.stream().map(HttpResponse::statusCode).sorted().toList());
  }

  @Test
  void refusesMoreLogInsThanItMayQueueAndRecovers() {
    register("ann");
    config.set(new UsersConfig(0, "root", Optional.empty()));

    List<HttpResponse<Buffer>> answers =
        ServiceHarness.atOnce(
            40,
            i -> service.send(HttpMethod.POST, "/auth/login", null, credentials("ann", PASSWORD)));

    long refused = answers.stream().filter(a -> a.statusCode() == 503).count();
    long passed = answers.stream().filter(a -> a.statusCode() == 200).count();
    assertEquals(40, refused + passed);
    assertTrue(refused > 0 && passed >= 2, refused + " refused, " + passed + " passed");
    answers.stream()
        .filter(a -> a.statusCode() == 503)
        .forEach(
            a -> {
              assertEquals("503 overloaded", problem(a));
              assertEquals("2", a.getHeader("Retry-After"));
            });
    assertEquals(200, logIn("ann", PASSWORD).statusCode());
  }

  @Test
  void refusesInvalidInputNamingTheField() {
    String long129 = "x".repeat(129);
    for (String[] each :
        new String[][] {
          {"{'password':'correct horse'}", "username"},
          {"{'username':'an','password':'correct horse'}", "username"},
          {"{'username':'an n','password':'correct horse'}", "username"},
          {"{'username':'ann\\n','password':'correct horse'}", "username"},
          {"{'username':'ann\\u0000','password':'correct horse'}", "username"},
          {"{'username':['ann'],'password':'correct horse'}", "username"},
          {"{'username':'" + long129 + "','password':'correct horse'}", "username"},
          {"{'username':'ann'}", "password"},
          {"{'username':'ann','password':'1234567'}", "password"},
          {"{'username':'ann','password':'" + long129 + "'}", "password"},
          {"{'username':'ann','password':12345678}", "password"},
          {"{'username':'ann','password':'correct horse','email':'ann'}", "email"},
          {"{'username':'ann','password':'correct horse','email':'a@b@c.d'}", "email"},
          {"{'username':'ann','password':'correct horse','email':'a@b.c\\n'}", "email"},
          {"{'username':'ann','password':'correct horse','roles':['admin']}", "roles"},
        }) {
      String json = each[0].replace('\'', '"');
      HttpResponse<Buffer> answer = service.post("/auth/register", null, json);
      assertEquals("400 invalid-input " + each[1], problem(answer), json);
      assertFalse(answer.bodyAsString().contains("correct horse"), json);
    }
    JsonObject service = credentials("ann", PASSWORD).put("roles", new JsonArray().add("service"));
    assertEquals("400 invalid-input roles.0", problem(this.service.post("/users", admin, service)));
    assertEquals("400 invalid-input id", problem(this.service.get("/users/1", admin)));
  }

  private static long fastestNanos(Runnable logIn) {
    long fastest = Long.MAX_VALUE;
    for (int i = 0; i < 7; i++) {
      long start = System.nanoTime();
      logIn.run();
      fastest = Math.min(fastest, System.nanoTime() - start);
    }
    return fastest;
  }

  private String self(String id) {
    return service.user(id, "customer");
  }

  private String register(String username) {
    HttpResponse<Buffer> made =
        service.post("/auth/register", null, credentials(username, PASSWORD));
    assertEquals(201, made.statusCode(), made.bodyAsString());
    return made.bodyAsJsonObject().getString("user_id");
  }

  private HttpResponse<Buffer> logIn(String username, String password) {
    return service.post("/auth/login", null, credentials(username, password));
  }

  private HttpResponse<Buffer> change(String id, String authorization, JsonObject change) {
    return service.put("/users/" + id, authorization, change);
  }

  private static JsonObject credentials(String username, String password) {
    return new JsonObject().put("username", username).put("password", password);
  }
}
