package dev.stoa.edge;

import java.util.Random;

/** Some well-formed requests in a row, of all the forms that the edge takes. */
final class RandomRequests {
  private static final String[] METHODS = {"GET", "POST", "PUT", "DELETE", "OPTIONS", "PURGE", "x"};
  private static final String[] NAMES = {
    "Accept", "accept", "User-Agent", "X-Request-Id", "Cookie", "TE", "x", "Content-Type", "~!#$%"
  };
  private static final String VALUES = "abcXYZ019 \t\"',;=:/()\\\u00e9\u00ff\u0085\u00a0";

  private RandomRequests() {}

  static String next(Random random) {
    StringBuilder all = new StringBuilder();
    for (int requests = 1 + random.nextInt(3); requests > 0; requests--) {
      request(all, random);
    }
    return all.toString();
  }

  private static void request(StringBuilder all, Random random) {
    boolean chunked = random.nextInt(4) == 0;
    boolean sized = !chunked && random.nextInt(3) == 0;
    boolean old = !chunked && random.nextInt(8) == 0;
    String body = text(random, random.nextInt(200));
    all.append("\r\n".repeat(random.nextInt(8) == 0 ? 1 : 0));
    all.append(METHODS[random.nextInt(METHODS.length)]).append(" /").append(random.nextInt());
    all.append(old ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n").append("Host: shop.example:8000\r\n");
    fields(all, random, 6);
    if (chunked) {
      all.append("Transfer-Encoding: chunked\r\n\r\n");
      chunks(all, random, body);
    } else if (sized) {
      all.append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body);
    } else {
      all.append("\r\n");
    }
  }

  private static void fields(StringBuilder all, Random random, int most) {
    for (int fields = random.nextInt(most); fields > 0; fields--) {
      all.append(NAMES[random.nextInt(NAMES.length)]).append(':');
      all.append(" \t".repeat(random.nextInt(2))).append(text(random, random.nextInt(40)));
      all.append("\r\n");
    }
  }

  private static void chunks(StringBuilder all, Random random, String body) {
    int at = 0;
    while (at < body.length()) {
      int end = Math.min(body.length(), at + 1 + random.nextInt(80));
      all.append(Integer.toHexString(end - at)).append(random.nextInt(3) == 0 ? ";n=v" : "");
      all.append("\r\n").append(body, at, end).append("\r\n");
      at = end;
    }
    all.append("0\r\n");
    fields(all, random, 3);
    all.append("\r\n");
  }

  private static String text(Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(VALUES.charAt(random.nextInt(VALUES.length())));
    }
    return text.toString();
  }
}
