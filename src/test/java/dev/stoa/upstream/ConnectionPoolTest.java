package dev.stoa.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.http.ScratchReads;
import dev.stoa.upstream.PoolFixture.Asked;
import dev.stoa.upstream.PoolFixture.Peer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ConnectionPoolTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  /** How much is read at once. */
  private static final int FIRST_READ = ScratchReads.ROOM;

  private PoolFixture fixture;

  /** One connection, for which one more may wait. */
  @BeforeEach
  void start() throws Exception {
    PoolSettings narrow = PoolSettings.DEFAULT.withConnections(1).withWaiting(1);
    fixture = new PoolFixture(narrow.withKeepAlive(Duration.ofMinutes(1)));
  }

  @AfterEach
  void stop() throws Exception {
    fixture.close();
  }

  /** The server has the request and answers it, and the answer is there. */
  private static void answer(Peer peer, Asked asked) throws Exception {
    peer.head();
    peer.say(OK);
    expectWhole(asked);
  }

  private static void expectWhole(Asked asked) throws InterruptedException {
    asked.expect("answered");
    asked.expect("ok");
    asked.expect("end");
  }

  private boolean nextIsReused() throws Exception {
    Asked next = fixture.take();
    next.expect("taken");
    return next.call.reused();
  }

  @Test
  void aConnectionIsUsedAgain() throws Exception {
    Asked first = fixture.get();
    try (Peer peer = fixture.accept()) {
      assertEquals("GET / HTTP/1.1\r\n\r\n", peer.head());
      peer.say(OK);
      expectWhole(first);

      Asked second = fixture.get();
      answer(peer, second);
      assertFalse(first.call.reused());
      assertTrue(second.call.reused());
      assertEquals(1, fixture.opened.get());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nConnection: x, CLOSE\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        OK + "H",
        OK + "\r\n"
      })
  void aConnectionIsNotUsedAgainWhereTheAnswerSpeaksAgainstIt(String answer) throws Exception {
    Asked first = fixture.get();
    try (Peer peer = fixture.accept()) {
      peer.head();
      peer.say(answer);

      expectWhole(first);
      peer.untilGone();
    }
    assertFalse(nextIsReused());
  }

  @Test
  void theEndOfTheConnectionIsTheEndOfAnAnswerWithoutLength() throws Exception {
    Asked first = fixture.get();
    try (Peer peer = fixture.accept()) {
      peer.head();
      peer.say("HTTP/1.1 200 OK\r\n\r\nok");
      first.expect("answered");
      first.expect("ok");
    }

    first.expect("end");
    assertFalse(nextIsReused());
  }

  @Test
  void anAnswerOfHttp10MayKeepItsConnection() throws Exception {
    Asked first = fixture.get();
    try (Peer peer = fixture.accept()) {
      peer.head();
      peer.say("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nok");
      expectWhole(first);

      assertTrue(nextIsReused());
    }
  }

  /** An answer that comes before all of the request was sent. */
  @Test
  void aConnectionIsNotUsedAgainWhereTheRequestIsNotWhole() throws Exception {
    Asked first = fixture.take();
    first.expect("taken");
    fixture.on(
        () -> {
          first.call.request("POST", "/", first).chunked().sendHead();
          return null;
        });
    try (Peer peer = fixture.accept()) {
      answer(peer, first);
      peer.untilGone();
    }
    assertFalse(nextIsReused());
  }

  @Test
  void whoWaitsGetsTheConnectionThatBecomesFree() throws Exception {
    Asked first = fixture.get();
    Asked second = fixture.take();
    Asked third = fixture.take();
    third.expect("not taken: PoolFullException");
    assertTrue(second.nothingTold());
    try (Peer peer = fixture.accept()) {
      answer(peer, first);
      second.expect("taken");
      assertTrue(second.call.reused());
    }
  }

  @Test
  void whoWaitsGetsANewConnectionWhereTheOldOneEnds() throws Exception {
    Asked first = fixture.get();
    Asked second = fixture.take();
    try (Peer peer = fixture.accept()) {
      peer.head();
    }

    first.expect("failed: ConnectionClosedException");
    second.expect("taken");
    assertFalse(second.call.reused());
  }

  /** It was taken and not used when its server closed it. */
  @Test
  void nobodyWhoWaitsGetsAConnectionThatIsDead() throws Exception {
    Asked first = fixture.take();
    first.expect("taken");
    Asked second = fixture.take();
    fixture.accept().close();
    while (fixture.closed.get() < 1) {
      Thread.onSpinWait();
    }

    fixture.on(
        () -> {
          first.call.drop();
          return null;
        });

    second.expect("taken");
    fixture.on(() -> second.call.request("GET", "/", second).end());
    try (Peer peer = fixture.accept()) {
      answer(peer, second);
    }
    assertEquals(2, fixture.opened.get());
  }

  @Test
  void waitingEnds() throws Exception {
    Asked first = fixture.get();
    Asked second = fixture.take(20);

    second.expect("not taken: TimeoutException");

    try (Peer peer = fixture.accept()) {
      answer(peer, first);
      assertTrue(nextIsReused());
    }
    assertTrue(second.nothingTold());
  }

  @Test
  void aConnectionOnWhichNothingWasSentIsGivenBack() throws Exception {
    Asked first = fixture.take();
    first.expect("taken");
    try (Peer peer = fixture.accept()) {
      Asked second = fixture.take();

      fixture.on(
          () -> {
            first.call.drop();
            return null;
          });

      second.expect("taken");
      fixture.on(() -> second.call.request("GET", "/", second).end());
      answer(peer, second);
    }
    assertEquals(1, fixture.opened.get());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsBehindAnAnswerThatEndsWithAReadIsNobodysAnswer(boolean pauses) throws Exception {
    Asked second = new Asked();
    Asked first = fixture.take();
    first.expect("taken");
    first.pauses = pauses;
    first.whenAnswered =
        () ->
            first.answer.endHandler(
                v -> fixture.pool().take(fixture.origin(), 20_000, true, second));
    fixture.on(() -> first.call.request("GET", "/", first).end());
    try (Peer peer = fixture.accept()) {
      String head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nX-Fill: ";
      int fill = FIRST_READ - head.length() - 4 - 1_000;
      peer.head();
      peer.say(head + "x".repeat(fill) + "\r\n\r\n" + "b".repeat(1_000) + "HTTP/1.1 200 Evil\r\n");
      first.expect("answered");
      if (pauses) {
        fixture.on(() -> first.answer.resume());
      }
      first.expect("b".repeat(1_000));

      second.expect("taken");
      assertFalse(second.call.reused());
      peer.untilGone();
    }
  }

  /** Between the taking of a connection and its request; what came may be half of an answer. */
  @Test
  void aConnectionOnWhichSomethingCameUnaskedIsNotGivenBack() throws Exception {
    Asked first = fixture.get();
    try (Peer peer = fixture.accept()) {
      answer(peer, first);
      Asked second = fixture.take();
      second.expect("taken");
      second.whenFailed = () -> second.call.drop();
      second.call.request("GET", "/", second);

      peer.say("HTTP/1.1 200 OK\r\nSet-Cookie: evil=1\r\nX: ");

      second.expect("failed: ConnectionClosedException");
      peer.untilGone();
    }
    assertFalse(nextIsReused());
  }

  @Test
  void anIdleConnectionThatTheServerClosesIsForgotten() throws Exception {
    Asked first = fixture.get();
    try (Peer peer = fixture.accept()) {
      answer(peer, first);
    }

    while (fixture.closed.get() < 1) {
      Thread.onSpinWait();
    }
    assertFalse(nextIsReused());
  }

  @Test
  void aServerSaysHowLongItKeepsAConnection() throws Exception {
    Asked first = fixture.get();
    try (Peer peer = fixture.accept()) {
      peer.head();
      peer.say("HTTP/1.1 200 OK\r\nKeep-Alive: max=9, timeout=1\r\nContent-Length: 2\r\n\r\nok");
      expectWhole(first);

      peer.untilGone();
    }
    assertFalse(nextIsReused());
  }

  /** From now on an idle connection is too old at once for what must not be sent twice. */
  private void keepOnlyAReserve() throws Exception {
    fixture.close();
    PoolSettings narrow = PoolSettings.DEFAULT.withConnections(1).withWaiting(1);
    Duration minute = Duration.ofMinutes(1);
    fixture = new PoolFixture(narrow.withKeepAlive(Duration.ZERO).withReserve(minute));
  }

  @Test
  void aConnectionThatWasIdleForLongIsForWhatMayBeSentAgain() throws Exception {
    keepOnlyAReserve();
    Asked first = fixture.get();
    try (Peer peer = fixture.accept()) {
      answer(peer, first);
      Asked again = fixture.get();
      answer(peer, again);

      Asked once = fixture.takeForOnce();

      peer.untilGone(); // there is room for one only
      once.expect("taken");
      assertTrue(again.call.reused());
      assertFalse(once.call.reused());
    }
    assertEquals(2, fixture.opened.get());
  }

  @Test
  void aConnectionIsNoYoungerForNotBeingUsed() throws Exception {
    keepOnlyAReserve();
    Asked first = fixture.get();
    try (Peer peer = fixture.accept()) {
      answer(peer, first);
      Asked unused = fixture.take();
      unused.expect("taken");
      Asked once = fixture.takeForOnce();

      fixture.on(
          () -> {
            unused.call.drop();
            return null;
          });

      once.expect("taken");
      assertTrue(unused.call.reused());
      assertFalse(once.call.reused());
    }
  }

  @Test
  void malformedAnswersEndTheConnection() throws Exception {
    Asked first = fixture.get();
    try (Peer peer = fixture.accept()) {
      peer.head();
      peer.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok");

      first.expect("failed: MalformedAnswerException");
      peer.untilGone();
    }
    assertFalse(nextIsReused());
  }

  @Test
  void anAnswerIsHeldUntilItIsWanted() throws Exception {
    Asked first = fixture.take();
    first.expect("taken");
    first.pauses = true;
    fixture.on(() -> first.call.request("GET", "/", first).end());
    Asked second = fixture.take();
    try (Peer peer = fixture.accept()) {
      peer.head();
      peer.say(OK);
      first.expect("answered");
      assertTrue(first.nothingTold());
      assertTrue(second.nothingTold());

      fixture.on(first.answer::resume);

      first.expect("ok");
      first.expect("end");
      second.expect("taken");
      assertTrue(second.call.reused());
    }
  }

  /** By then it may carry another one's request. */
  @Test
  void aFaultInTheTakingOfAnAnswerIsNotTheNextOnes() throws Exception {
    Asked first = fixture.take();
    first.expect("taken");
    first.whenAnswered =
        () -> {
          throw new IllegalStateException("meant by the test");
        };
    fixture.on(() -> first.call.request("HEAD", "/", first).end());
    Asked second = fixture.take();
    try (Peer peer = fixture.accept()) {
      peer.head();
      peer.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");

      first.expect("answered");
      first.expect("failed: IllegalStateException");
      second.expect("taken");
      fixture.on(() -> second.call.request("GET", "/", second).end());
      answer(peer, second);
    }
  }

  @Test
  void closingEndsWhatIsOnItsWay() throws Exception {
    Asked first = fixture.get();
    Asked second = fixture.take();
    try (Peer peer = fixture.accept()) {
      peer.head();

      CompletableFuture<Void> over = new CompletableFuture<>();
      fixture.on(() -> fixture.pool().close().onSuccess(over::complete));

      over.get(20, TimeUnit.SECONDS);
      peer.untilGone();
      second.expect("not taken: ConnectionClosedException");
      first.expect("failed: ConnectionClosedException");
      fixture.take().expect("not taken: ConnectionClosedException");
      assertEquals(fixture.opened.get(), fixture.closed.get());
    }
  }

  @Test
  void closingEndsIdleConnections() throws Exception {
    Asked first = fixture.get();
    try (Peer peer = fixture.accept()) {
      answer(peer, first);

      fixture.on(() -> fixture.pool().close());

      peer.untilGone();
    }
  }
}
