package dev.stoa.discovery;

import dev.stoa.config.Secrets;
import dev.stoa.discovery.RegistryHttp.Answer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.consul.BlockingQueryOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is asked of a Consul agent (<a href="https://developer.hashicorp.com/consul/api-docs">HTTP
 * API</a>). The client of Vert.x would take answers of any length. For one context.
 */
final class ConsulApi {
  private static final Duration SHORT = Duration.ofSeconds(3);

  /** Consul adds up to a sixteenth to the time that it holds a question. */
  private static final Duration SLACK = Duration.ofSeconds(5);

  /** For a question about each service that is watched, and a few besides. */
  private static final int CONNECTIONS = ConsulWatches.MAX_SERVICES + 100;

  private static final int MAX_SAID = 500;

  /** What the configuration takes of keys and values, and what it is spelled with. */
  private static final int LONGEST_VALUES = 4 * 1024 * 1024;

  private static final int NOT_FOUND = 404;

  private final ConsulAccess access;
  private final RegistryHttp http;
  private final Duration patience;

  private ConsulApi(ConsulAccess access, RegistryHttp http, Duration wait) {
    this.access = access;
    this.http = http;
    this.patience = wait.plus(wait.dividedBy(16)).plus(SLACK);
  }

  static ConsulApi forServices(Vertx vertx, ConsulConfig config) {
    ConsulAccess access = config.access();
    RegistryHttp http = new RegistryHttp(vertx, options(access), CONNECTIONS);
    return new ConsulApi(access, http, config.patience());
  }

  static ConsulApi forKeys(Vertx vertx, ConsulKeysConfig config) {
    ConsulAccess access = config.access();
    RegistryHttp http = new RegistryHttp(vertx, options(access), 1, LONGEST_VALUES);
    return new ConsulApi(access, http, config.patience());
  }

  /** The names of all services, Consul's own among them; answers when they are others. */
  Future<ConsulLoop.Answer<Set<String>>> services(BlockingQueryOptions since) {
    return get("/v1/catalog/services", query(since), patience)
        .map(answer -> new ConsulLoop.Answer<>(index(answer), answer.object().fieldNames()));
  }

  /** The passing instances of a service; answers when they are others. */
  Future<ConsulLoop.Answer<List<ServiceInstance>>> passing(
      String service, BlockingQueryOptions since) {
    return get("/v1/health/service/" + encoded(service), query(since) + "&passing=1", patience)
        .map(answer -> new ConsulLoop.Answer<>(index(answer), instances(answer)));
  }

  /** All values by keys without the prefix that they begin with; answers when they are others. */
  Future<ConsulLoop.Answer<Map<String, Buffer>>> values(String prefix, BlockingQueryOptions since) {
    // That there is no such key is an answer as well, and numbered as others are.
    return ask(
            HttpMethod.GET,
            "/v1/kv/" + encoded(prefix).replace("%2F", "/"),
            "&recurse=true" + query(since),
            Buffer.buffer(),
            patience,
            Set.of(RegistryHttp.OK, NOT_FOUND))
        .map(
            answer ->
                new ConsulLoop.Answer<>(
                    index(answer),
                    answer.status() == NOT_FOUND
                        ? Map.of()
                        : ConsulValues.read(answer.body(), prefix)));
  }

  /** What is registered with this agent, by id; what cannot be called is left out. */
  Future<Map<String, ServiceInstance>> registered() {
    return get("/v1/agent/services", "", SHORT)
        .map(
            answer -> {
              Map<String, ServiceInstance> found = new HashMap<>();
              JsonObject services = answer.object();
              for (String id : services.fieldNames()) {
                ConsulFormat.read(ConsulFormat.service(services.getJsonObject(id)), "")
                    .ifPresent(instance -> found.put(id, instance));
              }
              return found;
            });
  }

  Future<Void> register(JsonObject definition) {
    return ask(HttpMethod.PUT, "/v1/agent/service/register", "", definition.toBuffer(), SHORT)
        .mapEmpty();
  }

  Future<Void> deregister(String id) {
    String path = "/v1/agent/service/deregister/" + encoded(id);
    return ask(HttpMethod.PUT, path, "", Buffer.buffer(), SHORT).mapEmpty();
  }

  Future<Void> close() {
    return http.close();
  }

  private Future<Answer> get(String path, String query, Duration limit) {
    return ask(HttpMethod.GET, path, query, Buffer.buffer(), limit);
  }

  private Future<Answer> ask(
      HttpMethod method, String path, String query, Buffer body, Duration limit) {
    return ask(method, path, query, body, limit, Set.of(RegistryHttp.OK));
  }

  private Future<Answer> ask(
      HttpMethod method,
      String path,
      String query,
      Buffer body,
      Duration limit,
      Set<Integer> expected) {
    String datacenter = access.datacenter().map(name -> "&dc=" + encoded(name)).orElse("");
    String parameters = (query + datacenter).replaceFirst("^&", "?");
    RequestOptions request =
        new RequestOptions()
            .setMethod(method)
            .setHost(access.host())
            .setPort(access.port())
            .setURI(path + parameters);
    access.token().ifPresent(token -> request.putHeader("X-Consul-Token", token));
    return http.ask(request, body, limit)
        .compose(
            answer ->
                expected.contains(answer.status())
                    ? Future.succeededFuture(answer)
                    : Future.failedFuture(refused(answer)));
  }

  /** What it said, but for the token, should it say that. */
  private String refused(Answer answer) {
    int secret = access.token().map(String::length).orElse(0);
    int shown = Math.min(answer.body().length(), MAX_SAID + secret);
    String said = answer.body().slice(0, shown).toString();
    String safe = access.token().map(token -> said.replace(token, Secrets.MASK)).orElse(said);
    return "status "
        + answer.status()
        + ": "
        + safe.substring(0, Math.min(safe.length(), MAX_SAID));
  }

  private static String query(BlockingQueryOptions since) {
    return "&index=" + since.getIndex() + "&wait=" + since.getWait();
  }

  /** A server that does not number its answers is no Consul. */
  private static long index(Answer answer) {
    String index = answer.headers().get("X-Consul-Index");
    if (index == null) {
      throw new IllegalArgumentException("an answer without X-Consul-Index");
    }
    return Long.parseLong(index);
  }

  private static List<ServiceInstance> instances(Answer answer) {
    List<ServiceInstance> instances = new ArrayList<>();
    for (Object item : answer.array()) {
      JsonObject entry = (JsonObject) item;
      JsonObject node = entry.getJsonObject("Node");
      ConsulFormat.read(
              ConsulFormat.service(entry.getJsonObject("Service")),
              node == null ? null : node.getString("Address"))
          .ifPresent(instances::add);
    }
    return instances;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static HttpClientOptions options(ConsulAccess access) {
    HttpClientOptions options = new HttpClientOptions();
    access.tls().ifPresent(tls -> encrypt(options, tls));
    return options;
  }

  private static void encrypt(HttpClientOptions options, ConsulAccess.Tls tls) {
    options.setSsl(true).setVerifyHost(tls.verifyHost());
    tls.ca().ifPresent(ca -> options.setTrustOptions(new PemTrustOptions().addCertPath(ca)));
    Optional<ConsulAccess.ClientCertificate> client = tls.client();
    client.ifPresent(
        own ->
            options.setKeyCertOptions(
                new PemKeyCertOptions().addCertPath(own.cert()).addKeyPath(own.key())));
  }
}
