package dev.stoa.discovery;

import dev.stoa.discovery.Directory.Reading;
import dev.stoa.discovery.Directory.Reports;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.servicediscovery.consul.ConsulServiceImporter;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads Consul by the bridge of Vert.x' service discovery, which scans everything every two
 * seconds. Left alone, the bridge gives up if Consul is away when it starts, says nothing when it
 * goes away, and may keep duplicates for ever. So a question of our own tells whether Consul
 * answers, and the bridge is built anew when Consul comes back, when there are duplicates, and when
 * something is missing. Its limits that remain: a change takes up to two seconds, and one under the
 * same id (another port, other metadata) is not seen.
 */
final class ConsulBridge implements ConsulImport {
  private static final Logger LOG = LoggerFactory.getLogger(ConsulBridge.class);
  private static final int SCAN_MILLIS = 2_000;
  private static final long GATHER_MILLIS = 100;

  /** Two scans. */
  private static final Duration CONFIRM_AFTER = Duration.ofMillis(2 * SCAN_MILLIS + 500);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final long BUILD_TIMEOUT_MILLIS = 10_000;

  private final Vertx vertx;
  private final ConsulConfig config;
  private final ConsulLoop<Set<String>> pulse;
  private final Backoff backoff = new Backoff(LONGEST_PAUSE);
  private Reports reports;
  private Built current;
  private Set<String> names = Set.of();
  private boolean alive;
  private boolean trusted;
  private int builds;
  private long timer = -1;
  private long gathering = -1;
  private boolean closed;

  /** A bridge and what it has imported. */
  private record Built(ConsulServiceImporter importer, ImportedRecords records) {
    void close() {
      importer.close(done -> {});
    }
  }

  ConsulBridge(Vertx vertx, ConsulConfig config, ConsulApi api) {
    this.vertx = vertx;
    this.config = config;
    this.pulse = new ConsulLoop<>(vertx, config.patience(), new ConsulNames(api)::ask, new Pulse());
  }

  @Override
  public void open(Reports to) {
    reports = to;
    pulse.ask();
  }

  @Override
  public void askAgain() {
    build();
  }

  @Override
  public Duration confirmAfter() {
    return CONFIRM_AFTER;
  }

  @Override
  public Future<Void> close() {
    closed = true;
    pulse.stop();
    vertx.cancelTimer(timer);
    vertx.cancelTimer(gathering);
    if (current != null) {
      current.close();
    }
    return Future.succeededFuture();
  }

  private void build() {
    if (closed) {
      return;
    }
    trusted = false;
    int build = ++builds;
    vertx.cancelTimer(timer);
    ConsulServiceImporter importer = new ConsulServiceImporter();
    Built built = new Built(importer, new ImportedRecords(this::changed));
    Promise<Void> started = Promise.promise();
    long timeout =
        vertx.setTimer(BUILD_TIMEOUT_MILLIS, id -> started.tryFail("the bridge does not start"));
    started
        .future()
        .onComplete(
            (done, failure) -> {
              vertx.cancelTimer(timeout);
              if (closed || build != builds) {
                built.close();
              } else if (failure == null) {
                use(built);
              } else {
                LOG.debug("the bridge did not start", failure);
                built.close();
                timer = vertx.setTimer(backoff.pauseMillis(), id -> build());
              }
            });
    importer.start(vertx, built.records, bridgeConfig(), started);
  }

  private void use(Built built) {
    if (current != null) {
      current.close();
    }
    current = built;
    backoff.reset();
    trusted = true;
    changed(built.records);
  }

  private JsonObject bridgeConfig() {
    JsonObject bridge =
        new JsonObject()
            .put("host", config.access().host())
            .put("port", config.access().port())
            .put("scan-period", SCAN_MILLIS);
    config.access().datacenter().ifPresent(name -> bridge.put("dc", name));
    config.access().token().ifPresent(token -> bridge.put("acl_token", token));
    return bridge;
  }

  private void changed(ImportedRecords records) {
    if (current != null && records == current.records) {
      changed();
    }
  }

  private void changed() {
    if (trusted && current != null && gathering < 0) {
      ImportedRecords records = current.records;
      gathering = vertx.setTimer(GATHER_MILLIS, id -> publish(records));
    }
  }

  /** All that one scan has changed at once: a mass loss must be seen as one. */
  private void publish(ImportedRecords records) {
    gathering = -1;
    if (closed || !alive || !trusted || records != current.records) {
      return;
    }
    if (records.hasDuplicates()) {
      build();
    } else {
      reports.read(new Reading(records.instances(), names, Set.of()));
    }
  }

  private final class Pulse implements ConsulLoop.Listener<Set<String>> {
    @Override
    public void answered(Set<String> services) {
      names = services.stream().map(ConsulFormat::serviceName).collect(Collectors.toSet());
      if (!alive) {
        alive = true;
        build();
      } else {
        changed();
      }
    }

    @Override
    public void failed(Throwable cause) {
      alive = false;
      trusted = false;
      reports.away(cause);
    }

    @Override
    public void restarted() {
      reports.restarted();
    }
  }
}
