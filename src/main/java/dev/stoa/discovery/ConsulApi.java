package dev.stoa.discovery;

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

  private final ConsulConfig config;
  private final RegistryHttp http;
  private final Duration patience;

  ConsulApi(Vertx vertx, ConsulConfig config) {
    this.config = config;
    this.http = new RegistryHttp(vertx, options(config), CONNECTIONS);
    this.patience = config.patience().plus(config.patience().dividedBy(16)).plus(SLACK);
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
    String datacenter = config.datacenter().map(name -> "&dc=" + encoded(name)).orElse("");
    String parameters = (query + datacenter).replaceFirst("^&", "?");
    RequestOptions request =
        new RequestOptions()
            .setMethod(method)
            .setHost(config.host())
            .setPort(config.port())
            .setURI(path + parameters);
    config.token().ifPresent(token -> request.putHeader("X-Consul-Token", token));
    return http.ask(request, body, limit)
        .compose(
            answer ->
                answer.status() == RegistryHttp.OK
                    ? Future.succeededFuture(answer)
                    : Future.failedFuture(refused(answer)));
  }

  private static String refused(Answer answer) {
    Buffer said = answer.body().slice(0, Math.min(answer.body().length(), MAX_SAID));
    return "status " + answer.status() + ": " + said;
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

  private static HttpClientOptions options(ConsulConfig config) {
    HttpClientOptions options = new HttpClientOptions();
    config.tls().ifPresent(tls -> encrypt(options, tls));
    return options;
  }

  private static void encrypt(HttpClientOptions options, ConsulConfig.Tls tls) {
    options.setSsl(true).setVerifyHost(tls.verifyHost());
    tls.ca().ifPresent(ca -> options.setTrustOptions(new PemTrustOptions().addCertPath(ca)));
    Optional<ConsulConfig.ClientCertificate> client = tls.client();
    client.ifPresent(
        own ->
            options.setKeyCertOptions(
                new PemKeyCertOptions().addCertPath(own.cert()).addKeyPath(own.key())));
  }
}
