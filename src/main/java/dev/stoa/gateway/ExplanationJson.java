package dev.stoa.gateway;

import dev.stoa.gateway.Explanation.Stage;
import dev.stoa.problem.ProblemException;
import dev.stoa.service.Identity;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** An explanation as the admin API spells it; without token, and without values of headers. */
final class ExplanationJson {
  private static final int NO_CONTENT = 204;

  private final Explanation said;
  private final Exchange exchange;
  private final Optional<RouteConfig> route;

  private ExplanationJson(Explanation said) {
    this.said = said;
    this.exchange = said.exchange();
    this.route = Optional.ofNullable(exchange.destination()).map(Destination::config);
  }

  static JsonObject of(Explanation said) {
    return new ExplanationJson(said).json();
  }

  private JsonObject json() {
    JsonObject json =
        new JsonObject()
            .put("method", exchange.method().name())
            .put("path", exchange.shownPath())
            .put("client", exchange.client())
            .put("token", exchange.headers().contains(HttpHeaders.AUTHORIZATION))
            .put("outcome", outcome());
    said.refusal().ifPresent(refusal -> json.put("refusal", refusal(refusal)));
    json.put("stages", stages());
    if (exchange.path() != null) {
      json.put("route", routes());
    }
    if (exchange.caller() != null) {
      exchange.caller().ifPresent(caller -> json.put("caller", caller(caller)));
    }
    if (exchange.toll() != null) {
      json.put("limit", limit(exchange.toll()));
    }
    said.delivery().ifPresent(way -> json.put("upstream", DeliveryJson.of(way, route.get())));
    return json;
  }

  private String outcome() {
    if (said.refusal().isPresent()) {
      return Refusals.answersOptions(exchange, said.refusal().get()) ? "answered" : "refused";
    }
    return said.decision().get() instanceof Decision.Forward ? "forwarded" : "answered";
  }

  private JsonObject refusal(ProblemException refusal) {
    boolean told = Refusals.answersOptions(exchange, refusal);
    JsonObject json =
        new JsonObject()
            .put("stage", name(said.stage()))
            .put("status", told ? NO_CONTENT : refusal.type().status())
            .put("type", refusal.type().uri())
            .put("title", refusal.type().title())
            .put("detail", refusal.getMessage());
    refusal.headers().forEach((name, value) -> json.put(name.toLowerCase(Locale.ROOT), value));
    said.delivery()
        .flatMap(way -> route.get().resilience().fallback())
        .ifPresent(fallback -> json.put("fallback", fallback(fallback)));
    return json;
  }

  private static String fallback(Fallback fallback) {
    String fixed = fallback.fixed().isPresent() ? "the fixed answer of the route" : "";
    String kept = fallback.lastGood().isPresent() ? "the last good answer, if one is kept" : "";
    return kept.isEmpty() || fixed.isEmpty() ? kept + fixed : kept + ", else " + fixed;
  }

  /** Each stage with its verdict; those after a refusal are not reached. */
  private JsonArray stages() {
    JsonArray stages = new JsonArray();
    for (Stage stage : Stage.values()) {
      int order = stage.compareTo(said.stage());
      String verdict =
          order > 0
              ? "not reached"
              : order == 0 && said.refusal().isPresent() ? "refuses" : "passes";
      boolean aside = stage == Stage.ENDPOINT && route.isPresent();
      stages.add(
          new JsonObject()
              .put("stage", name(stage))
              .put("verdict", aside ? "not its business" : verdict)
              .put("detail", order > 0 ? "" : detail(stage)));
    }
    return stages;
  }

  private String detail(Stage stage) {
    if (stage == said.stage() && said.refusal().isPresent()) {
      return said.refusal().get().getMessage();
    }
    return switch (stage) {
      case REQUEST -> "well-formed";
      case CORS -> cors();
      case ENDPOINT ->
          said.decision().orElse(null) instanceof Decision.Own
              ? "the gateway answers this path itself"
              : "";
      case ROUTE -> route.map(found -> found.name() + ", " + found.path()).orElse("");
      case AUTHENTICATION -> authentication();
      case AUTHORIZATION ->
          route.get().roles().isEmpty()
              ? "no role is needed"
              : "one of " + String.join(", ", new TreeSet<>(route.get().roles()));
      case RATE_LIMIT -> limit();
      case BODY -> "up to " + route.get().maxBody() + " bytes";
      case BREAKER -> breaker();
      case INSTANCE -> said.delivery().get().instances().get(0).server().target().url();
    };
  }

  private String cors() {
    Cors cors = exchange.config().cors();
    String origin = exchange.headers().get(HttpHeaders.ORIGIN);
    if (!cors.enabled()) {
      return "not configured";
    }
    if (origin == null) {
      return "no page of another origin asks";
    }
    return cors.origins().allow(origin)
        ? "pages of " + origin + " may read the answer"
        : "goes on, but pages of " + origin + " may not read the answer";
  }

  private String authentication() {
    return switch (route.get().auth()) {
      case NONE -> "no token is looked at";
      case OPTIONAL ->
          exchange.caller().map(who -> "as " + who.username()).orElse("without a token, as it may");
      case REQUIRED -> exchange.caller().map(who -> "as " + who.username()).orElse("");
    };
  }

  private String limit() {
    Toll toll = exchange.toll();
    return toll == null
        ? "no limit"
        : toll.verdict().remaining() + " more at once after this one, of " + toll.limit().burst();
  }

  private String breaker() {
    return said.delivery()
        .get()
        .guard()
        .map(guard -> guard.state().text() + ", " + guard.running() + " under way")
        .orElse("closed, nothing sent yet");
  }

  private JsonObject routes() {
    RouteReasons reasons = new RouteReasons(exchange.method(), exchange.path().path(), route);
    JsonObject json = new JsonObject();
    route.ifPresent(
        found ->
            json.put("name", found.name())
                .put("path", found.path().toString())
                .put("reason", reasons.ofWinner())
                .put("upstream_path", exchange.destination().path().path()));
    return json.put("others", reasons.ofOthers(exchange.config().routes().routes()));
  }

  private static JsonObject caller(Identity caller) {
    return new JsonObject()
        .put("user_id", caller.userId())
        .put("username", caller.username())
        .put("roles", new JsonArray(new TreeSet<>(caller.roles()).stream().toList()));
  }

  private static JsonObject limit(Toll toll) {
    return new JsonObject()
        .put("policy", toll.policy())
        .put("counts", toll.subject())
        .put("limit", toll.limit().count() + "/" + toll.limit().period().toSeconds() + "s")
        .put("burst", toll.limit().burst())
        .put("allowed", toll.verdict().allowed())
        .put("left", toll.verdict().remaining() + (toll.verdict().allowed() ? 1 : 0))
        .put("reset_s", seconds(toll.verdict().resetMicros()))
        .put("retry_after_s", seconds(toll.verdict().retryAfterMicros()));
  }

  private static double seconds(long micros) {
    return micros / (double) TimeUnit.SECONDS.toMicros(1);
  }

  private static String name(Stage stage) {
    return stage.name().toLowerCase(Locale.ROOT);
  }
}
