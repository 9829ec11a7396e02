package dev.stoa.app;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears SIGTERM and SIGINT beside the JVM, which takes no notice of a second one. By reflection,
 * since what Java has for this is no part of its API; where it is missing, the first signal ends
 * the process in order, as ever, and a second one does nothing.
 */
final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
  private static final int BASE = 128;

  private Signals() {}

  /** From now on the first signal ends the process in order, and each further one runs this. */
  static void hurryBy(Runnable hurry) {
    // One for both: Ctrl-C and then SIGTERM is a second one, too.
    AtomicBoolean ending = new AtomicBoolean();
    hear("TERM", 15, ending, hurry);
    hear("INT", 2, ending, hurry);
  }

  private static void hear(String name, int number, AtomicBoolean ending, Runnable hurry) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ours =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                if (!method.getName().equals("handle")) {
                  return method.getName().equals("equals") ? proxy == arguments[0] : 0;
                }
                if (ending.getAndSet(true)) {
                  hurry.run();
                } else {
                  new Thread(() -> System.exit(BASE + number), "stoa-signal").start();
                }
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.debug("a second SIG{} will not be heard: {}", name, e.toString());
    }
  }
}
