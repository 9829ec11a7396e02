package dev.stoa.config;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Decodes UTF-8 and refuses anything else instead of putting replacement characters. */
final class StrictText {
  private StrictText() {}

  static Optional<String> decode(String file, Buffer content, Findings findings) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(content.getBytes());
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
    } catch (CharacterCodingException e) {
      findings.unreadable(Origin.typed(file, 0, null), "UTF-8 text", "other bytes");
      return Optional.empty();
    }
  }
}
