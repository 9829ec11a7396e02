package dev.stoa.users;

import static dev.stoa.service.ServiceHarness.problem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.Live;
import dev.stoa.service.ServiceHarness;
import dev.stoa.users.AdminPolicy.NewAdmin;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class FirstAdminTest {
  private final List<NewAdmin> announced = new ArrayList<>();
  private final AdminPolicy generating = AdminPolicy.generate(announced::add);
  private ServiceHarness service;

  @BeforeEach
  void prepare(Vertx vertx, @TempDir Path directory) {
    service = new ServiceHarness(vertx, UsersVerticle.SERVICE, directory);
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void isMadeOnceAndItsPasswordShownOnce() {
    start(Optional.empty(), generating);

    NewAdmin admin = announced.get(0);
    assertEquals("root", admin.username());
    assertFalse(admin.toString().contains(admin.password()));
    assertEquals(roles("admin"), rolesAtLogIn(admin.password()));
    service.undeploy();
    start(Optional.empty(), generating);
    assertEquals(1, announced.size());
    assertEquals(roles("admin"), rolesAtLogIn(admin.password()));
  }

  @Test
  void hasTheConfiguredPasswordWhichIsNotAnnounced() {
    start(Optional.of("configured one"), generating);

    assertTrue(announced.isEmpty());
    assertEquals(roles("admin"), rolesAtLogIn("configured one"));
  }

  @Test
  void isNotMadeWithAPasswordThatNobodyKnows() {
    start(Optional.empty(), AdminPolicy.configuredOnly());

    JsonArray users =
        service.get("/users", service.admin()).bodyAsJsonObject().getJsonArray("items");
    assertTrue(users.isEmpty(), users.encode());
  }

  @Test
  void neverComesFromACustomerOfThatName() {
    start(Optional.empty(), AdminPolicy.configuredOnly());
    service.post("/auth/register", null, credentials("customer's"));
    service.undeploy();

    start(Optional.of("configured one"), AdminPolicy.configuredOnly());

    assertEquals("401 bad-credentials", problem(logIn("configured one")));
    assertEquals(roles("customer"), rolesAtLogIn("customer's"));
  }

  private void start(Optional<String> password, AdminPolicy policy) {
    service.deploy(
        new UsersVerticle(
            service.chassis(),
            service.config(),
            service.databases(),
            Live.fixed(new UsersConfig(64, "root", password)),
            policy));
  }

  private JsonArray rolesAtLogIn(String password) {
    HttpResponse<Buffer> answer = logIn(password);
    assertEquals(200, answer.statusCode(), answer.bodyAsString());
    return answer.bodyAsJsonObject().getJsonArray("roles");
  }

  private HttpResponse<Buffer> logIn(String password) {
    return service.post("/auth/login", null, credentials(password));
  }

  private static JsonObject credentials(String password) {
    return new JsonObject().put("username", "root").put("password", password);
  }

  private static JsonArray roles(String role) {
    return new JsonArray().add(role);
  }
}
