package dev.stoa.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How our tables of messages are written: a pilcrow for the end of a line, {@code <x*3>} for what
 * is repeated, and {@code \r}, {@code \x7f} and the like for what cannot be seen.
 */
public final class OctetNotation {
  private static final Pattern REPEAT = Pattern.compile("<([^<>]*)\\*([0-9]+)>");

  private OctetNotation() {}

  /** The octets that this stands for. */
  public static byte[] octets(String written) {
    Matcher repeat = REPEAT.matcher(written.replace("¶", "\\r\\n"));
    return unescaped(
            repeat.replaceAll(
                r -> Matcher.quoteReplacement(r.group(1).repeat(Integer.parseInt(r.group(2))))))
        .getBytes(ISO_8859_1);
  }

  private static String unescaped(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      char kind = text.charAt(++i);
      switch (kind) {
        case 'r' -> out.append('\r');
        case 'n' -> out.append('\n');
        case 't' -> out.append('\t');
        case '0' -> out.append('\0');
        case 'x' -> {
          out.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
          i += 2;
        }
        default -> out.append(kind);
      }
    }
    return out.toString();
  }
}
