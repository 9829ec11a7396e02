package dev.stoa.discovery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ejects those instances of a pool that fail while others do not. It has no timer: results of calls
 * drive it, and whoever brings one when a window is over evaluates that window. Never waits; of two
 * threads that want to eject at the same moment one gives up, and its next failure asks again.
 */
final class OutlierWatch {
  private static final Logger LOG = LoggerFactory.getLogger(OutlierWatch.class);

  /** An ejection that makes room for another one must have lasted so long; bounds the log, too. */
  private static final long LEAST_STAY = TimeUnit.SECONDS.toNanos(5);

  private record Suspect(Member member, double rate, double others) {
    double excess() {
      return rate - others;
    }
  }

  private final InstancePool pool;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final AtomicLong windowEnd = new AtomicLong();

  OutlierWatch(InstancePool pool) {
    this.pool = pool;
  }

  /** Counts a failure; enough of them in a row eject. */
  void failed(Member member, CallFailure kind, OutlierDetection settings, long now) {
    int row = member.state().failed(kind);
    if (settings.enabled() && row >= settings.consecutiveFailures()) {
      eject(member, settings, now, "failures in a row: " + row + ", the last: " + kind);
    }
  }

  /** Compares the instances, once in each interval. */
  void look(OutlierDetection settings, long now) {
    long end = windowEnd.get();
    if (!settings.enabled() || now < end) {
      return;
    }
    if (windowEnd.compareAndSet(end, now + settings.interval().toNanos()) && end != 0) {
      for (Suspect suspect : suspects(settings, now)) {
        String reason =
            "%.0f %% of its requests failed, %.0f %% of the others'"
                .formatted(100 * suspect.rate, 100 * suspect.others);
        eject(suspect.member, settings, now, reason);
      }
    }
  }

  /** Those that fail clearly more often than all others together, the worst first. */
  private List<Suspect> suspects(OutlierDetection settings, long now) {
    Member[] members = pool.members(now).all();
    InstanceState.Window[] windows = new InstanceState.Window[members.length];
    int requests = 0;
    int failures = 0;
    for (int i = 0; i < members.length; i++) {
      windows[i] = members[i].state().takeWindow();
      requests += windows[i].requests();
      failures += windows[i].failures();
    }
    List<Suspect> suspects = new ArrayList<>();
    for (int i = 0; i < members.length; i++) {
      int own = windows[i].requests();
      int others = requests - own;
      if (own >= settings.minRequests() && others >= settings.minRequests()) {
        Suspect suspect =
            new Suspect(
                members[i],
                (double) windows[i].failures() / own,
                (double) (failures - windows[i].failures()) / others);
        if (suspect.excess() >= settings.errorMargin()) {
          suspects.add(suspect);
        }
      }
    }
    suspects.sort(Comparator.comparingDouble(Suspect::excess).reversed());
    return suspects;
  }

  private void eject(Member member, OutlierDetection settings, long now, String reason) {
    if (!busy.compareAndSet(false, true)) {
      return;
    }
    try {
      if (!member.state().ejected(now) && makesRoom(member, settings, now)) {
        Duration time = Duration.ofNanos(member.state().eject(settings, now));
        pool.renew(now);
        LOG.warn(
            "Instance {} of {} is ejected for {} s: {}",
            member.instance().id(),
            pool.name(),
            time.toMillis() / 1000.0,
            reason);
      }
    } finally {
      busy.set(false);
    }
  }

  /**
   * Whether one more may be ejected. Where as many are as may be, the one that has been for longest
   * comes back: it has had time to recover, and this one just proves that it is no better.
   */
  private boolean makesRoom(Member candidate, OutlierDetection settings, long now) {
    Member[] all = pool.members(now).all();
    List<Member> ejected = new ArrayList<>();
    boolean somebodyLeft = false;
    for (Member member : all) {
      if (member.state().ejected(now)) {
        ejected.add(member);
      } else if (member.state() != candidate.state()) {
        somebodyLeft |= Members.isUsable(member, now);
      }
    }
    if (somebodyLeft && ejected.size() < settings.mostEjected(all.length)) {
      return true;
    }
    Optional<Member> longest =
        ejected.stream().min(Comparator.comparingLong(member -> member.state().ejectedAt()));
    if (longest.isPresent()
        && now - longest.get().state().ejectedAt() >= LEAST_STAY
        && longest.get().state().returnsEarly(now)) {
      returned(longest.get());
      return true;
    }
    return false;
  }

  void returned(Member member) {
    LOG.info("Instance {} of {} is back from ejection", member.instance().id(), pool.name());
  }
}
