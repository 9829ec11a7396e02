package dev.stoa.edge;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The name of a field, spelled as it came, and what it means to the edge.
 *
 * @param name whose hash and text are computed once for all where it is a common one
 */
record Field(AsciiString name, Meaning meaning) {
  private static final int LONGEST = 20;

  /** Fields that say where a message ends, whose it is, or how it goes on. */
  enum Meaning {
    PLAIN,
    HOST,
    CONTENT_LENGTH,
    TRANSFER_ENCODING,

    /** Of no harm in a head, but never of a trailer. */
    HEAD_ONLY,

    /** To which protocol the client would like to go over. */
    UPGRADE,

    /**
     * One letter off Content-Length, for which others take it: the decoder of Vert.x 5.0 does not
     * look at the ninth letter.
     */
    TAKEN_FOR_LENGTH,

    /**
     * Of drafts before RFC 6455: with both of them others read eight octets that nothing announces.
     */
    UNSEEN_BODY;

    private static Meaning of(String lowerCase) {
      return switch (lowerCase) {
        case "host" -> HOST;
        case "content-length" -> CONTENT_LENGTH;
        case "transfer-encoding" -> TRANSFER_ENCODING;
        case "authorization", "connection" -> HEAD_ONLY;
        case "upgrade" -> UPGRADE;
        case "sec-websocket-key1", "sec-websocket-key2" -> UNSEEN_BODY;
        default -> isTakenForLength(lowerCase) ? TAKEN_FOR_LENGTH : PLAIN;
      };
    }
  }

  private static boolean isTakenForLength(String lowerCase) {
    return lowerCase.length() == "content-length".length()
        && lowerCase.startsWith("content-")
        && lowerCase.endsWith("ength");
  }

  static Field of(String spelled) {
    AsciiString name = AsciiString.cached(spelled);
    name.hashCode(); // kept by it, as its text is
    return new Field(name, Meaning.of(spelled.toLowerCase(Locale.ROOT)));
  }

  /** One that is not common, or in a spelling that is not. */
  static Field of(Word word) {
    Meaning meaning =
        word.length() <= LONGEST ? Meaning.of(word.text().toLowerCase(Locale.ROOT)) : Meaning.PLAIN;
    return new Field(word.ascii(), meaning);
  }

  byte[] octets() {
    return name.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
