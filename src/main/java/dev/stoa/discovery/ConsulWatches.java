package dev.stoa.discovery;

import dev.stoa.discovery.Directory.Reading;
import dev.stoa.discovery.Directory.Reports;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads Consul by blocking queries: one for the names of the services, one for the passing
 * instances of each.
 */
final class ConsulWatches implements ConsulImport {
  private static final Logger LOG = LoggerFactory.getLogger(ConsulWatches.class);

  /** Each costs a connection. */
  static final int MAX_SERVICES = 1_000;

  private static final Duration CONFIRM_AFTER = Duration.ofSeconds(1);
  private static final long GATHER_MILLIS = 20;

  private final Vertx vertx;
  private final ConsulConfig config;
  private final ConsulApi api;
  private final ConsulLoop<Set<String>> namesLoop;
  private final Map<String, Watch> watches = new TreeMap<>();
  private Reports reports;
  private boolean namesKnown;
  private boolean complete;
  private long timer = -1;

  ConsulWatches(Vertx vertx, ConsulConfig config, ConsulApi api) {
    this.vertx = vertx;
    this.config = config;
    this.api = api;
    this.namesLoop =
        new ConsulLoop<>(vertx, config.patience(), new ConsulNames(api)::ask, new Names());
  }

  @Override
  public void open(Reports to) {
    reports = to;
    namesLoop.ask();
  }

  @Override
  public void askAgain() {
    namesLoop.ask();
    watches.values().forEach(watch -> watch.loop.ask());
  }

  @Override
  public Duration confirmAfter() {
    return CONFIRM_AFTER;
  }

  @Override
  public Future<Void> close() {
    vertx.cancelTimer(timer);
    namesLoop.stop();
    watches.values().forEach(Watch::close);
    watches.clear();
    return Future.succeededFuture();
  }

  /** Soon, and not for each of many changes at once: a mass loss must be seen as one. */
  private void publish() {
    if (timer < 0) {
      timer = vertx.setTimer(GATHER_MILLIS, id -> publishNow());
    }
  }

  private void publishNow() {
    timer = -1;
    complete |= watches.values().stream().allMatch(watch -> watch.asked);
    if (!namesKnown || !complete) {
      return;
    }
    List<ServiceInstance> instances = new ArrayList<>();
    Set<String> services = new HashSet<>();
    Set<String> unconfirmed = new HashSet<>();
    watches.forEach(
        (name, watch) -> {
          services.add(ConsulFormat.serviceName(name));
          instances.addAll(watch.instances);
          if (!watch.answers) {
            unconfirmed.add(ConsulFormat.serviceName(name));
          }
        });
    reports.read(new Reading(DistinctIds.of(instances), services, unconfirmed));
  }

  private final class Names implements ConsulLoop.Listener<Set<String>> {
    @Override
    public void answered(Set<String> services) {
      namesKnown = true;
      List<String> gone =
          watches.keySet().stream().filter(name -> !services.contains(name)).toList();
      gone.forEach(name -> watches.remove(name).close());
      for (String name : services) {
        if (!watches.containsKey(name) && watches.size() < MAX_SERVICES) {
          Watch watch = new Watch(name);
          watches.put(name, watch);
          watch.loop.ask();
        }
      }
      if (services.size() > MAX_SERVICES) {
        LOG.warn("consul lists {} services; {} are watched", services.size(), MAX_SERVICES);
      }
      publish();
    }

    @Override
    public void failed(Throwable cause) {
      namesKnown = false;
      reports.away(cause);
    }

    @Override
    public void restarted() {
      reports.restarted();
    }
  }

  /** The passing instances of one service. */
  private final class Watch implements ConsulLoop.Listener<List<ServiceInstance>> {
    private final String name;
    private final ConsulLoop<List<ServiceInstance>> loop;
    private List<ServiceInstance> instances = List.of();
    private boolean asked;
    private boolean answers;

    Watch(String name) {
      this.name = name;
      this.loop =
          new ConsulLoop<>(vertx, config.patience(), since -> api.passing(name, since), this);
    }

    @Override
    public void answered(List<ServiceInstance> passing) {
      asked = true;
      answers = true;
      instances = passing;
      publish();
    }

    @Override
    public void failed(Throwable cause) {
      LOG.debug("consul does not tell of {}", name, cause);
      asked = true;
      answers = false;
      instances = List.of();
      publish();
    }

    @Override
    public void restarted() {
      reports.restarted();
    }

    void close() {
      loop.stop();
    }
  }
}
