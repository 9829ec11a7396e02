package dev.stoa.upstream;

import io.vertx.core.Promise;

/** Who has asked a {@link ConnectionPool} for a connection; told once, of one or the other. */
public interface Taker {
  /**
   * There is one, idle or new, for one request. May be told before {@link ConnectionPool#take}
   * returns. Its request is to be begun before this returns, for who comes later is not told that
   * the connection ended meanwhile. Whoever does not want it any more {@linkplain Call#drop gives
   * it back}.
   */
  void taken(Call call);

  /** There is none: {@link PoolFullException}, or what the attempt to connect ended with. */
  void notTaken(Throwable cause);

  /** One that has a promise of it. */
  static Taker of(Promise<Call> promise) {
    return new Taker() {
      @Override
      public void taken(Call call) {
        promise.complete(call);
      }

      @Override
      public void notTaken(Throwable cause) {
        promise.fail(cause);
      }
    };
  }
}
