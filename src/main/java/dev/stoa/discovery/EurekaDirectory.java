package dev.stoa.discovery;

import dev.stoa.discovery.EurekaFormat.Listed;
import dev.stoa.discovery.EurekaFormat.Listing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.WebClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One or several Eureka servers, by their REST API. */
final class EurekaDirectory implements Directory {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final EurekaConfig config;
  private final EurekaServers servers;
  private final WebClient health;
  private final Backoff backoff;
  private final Map<String, EurekaLease> leases = new LinkedHashMap<>();
  private Map<String, Listed> listed = new TreeMap<>();
  private Reports reports;
  private boolean complete;
  private int round;
  private long timer = -1;
  private boolean closed;

  EurekaDirectory(Vertx vertx, EurekaConfig config) {
    this.vertx = vertx;
    this.config = config;
    this.servers = new EurekaServers(vertx, config.servers());
    this.health = WebClient.create(vertx);
    this.backoff = new Backoff(config.fetchInterval());
  }

  @Override
  public void open(Reports to) {
    reports = to;
    fetch();
  }

  @Override
  public Future<Void> announce(ServiceInstance instance) {
    if (closed) {
      return Future.succeededFuture();
    }
    EurekaLease before = leases.remove(instance.id());
    EurekaLease lease = new EurekaLease(vertx, instance, config, servers, health, this::forgotten);
    leases.put(instance.id(), lease);
    return before == null ? lease.begin() : before.stop().eventually(lease::begin);
  }

  @Override
  public Future<Void> withdraw(ServiceInstance instance) {
    EurekaLease lease = leases.remove(instance.id());
    return lease == null ? Future.succeededFuture() : lease.end();
  }

  @Override
  public void askAgain() {
    complete = false;
    fetch();
  }

  /** A server that has forgotten everything learns it within a renewal. */
  @Override
  public Duration confirmAfter() {
    return config.renewal().plus(config.fetchInterval()).plus(SECOND);
  }

  @Override
  public Duration settleTime() {
    return config.fetchInterval().plus(SECOND);
  }

  @Override
  public Future<Void> close() {
    closed = true;
    vertx.cancelTimer(timer);
    List<Future<Void>> stopped = leases.values().stream().map(EurekaLease::stop).toList();
    leases.clear();
    return Future.join(stopped)
        .<Void>mapEmpty()
        .onComplete(
            done -> {
              servers.close();
              health.close();
            });
  }

  private void forgotten() {
    if (!closed && reports != null) {
      reports.restarted();
    }
  }

  private void fetch() {
    if (closed) {
      return;
    }
    vertx.cancelTimer(timer);
    int asked = ++round;
    (config.delta() && complete ? changes() : everything())
        .map(done -> new Reading(up(), services(), Set.of()))
        .onComplete(
            (reading, failure) -> {
              if (!closed && asked == round) {
                fetched(reading, failure);
              }
            });
  }

  private void fetched(Reading reading, Throwable failure) {
    if (failure == null) {
      backoff.reset();
      reports.read(reading);
    } else {
      complete = false;
      reports.away(failure);
    }
    long pause = failure == null ? config.fetchInterval().toMillis() : backoff.pauseMillis();
    timer = vertx.setTimer(pause, id -> fetch());
  }

  private Set<String> services() {
    return listed.values().stream().map(Listed::service).collect(Collectors.toSet());
  }

  private List<ServiceInstance> up() {
    return DistinctIds.of(
        listed.values().stream()
            .filter(Listed::isUp)
            .map(Listed::instance)
            .flatMap(Optional::stream)
            .toList());
  }

  private Future<Void> everything() {
    return ask("/apps")
        .map(
            listing -> {
              Map<String, Listed> all = new TreeMap<>();
              listing.instances().forEach(instance -> all.put(instance.key(), instance));
              listed = all;
              complete = true;
              return null;
            });
  }

  /** Applies what has changed; reads everything where that does not lead to what the server has. */
  private Future<Void> changes() {
    return ask("/apps/delta")
        .compose(
            listing -> {
              Map<String, Listed> all = new TreeMap<>(listed);
              for (Listed change : listing.instances()) {
                if (change.action().equals("DELETED")) {
                  all.remove(change.key());
                } else {
                  all.put(change.key(), change);
                }
              }
              if (!hash(all).equals(listing.hash())) {
                return everything();
              }
              listed = all;
              return Future.succeededFuture();
            })
        // Some servers have it switched off.
        .recover(failure -> everything());
  }

  /** {@code DOWN_1_UP_2_}: how many there are in each state. */
  private static String hash(Map<String, Listed> all) {
    return all.values().stream()
        .collect(Collectors.groupingBy(Listed::status, TreeMap::new, Collectors.counting()))
        .entrySet()
        .stream()
        .map(entry -> entry.getKey() + "_" + entry.getValue() + "_")
        .collect(Collectors.joining());
  }

  private Future<Listing> ask(String path) {
    return servers
        .send(HttpMethod.GET, path, null)
        .compose(
            answer ->
                answer.status() == RegistryHttp.OK
                    ? Future.succeededFuture(EurekaFormat.read(answer.object()))
                    : Future.failedFuture("status " + answer.status()));
  }
}
