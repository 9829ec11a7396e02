package dev.stoa.shop;

import dev.stoa.service.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One shop per transport for the tests of a class, started when first asked for. */
public final class Shops implements AfterAllCallback {
  private final Map<Transport, Shop> started = new EnumMap<>(Transport.class);

  /** The shop, with its settings as they were. */
  public Shop over(Transport transport) {
    Shop shop = started.computeIfAbsent(transport, t -> new Shop(directory(), t));
    shop.reset();
    return shop;
  }

  private static Path directory() {
    try {
      return Files.createTempDirectory(Path.of("target"), "shop");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    started.values().forEach(Shop::close);
  }
}
