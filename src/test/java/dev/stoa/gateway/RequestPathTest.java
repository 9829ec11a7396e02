package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathTest {

  @ParameterizedTest
  @CsvSource({
    "/, /",
    "/api/users/1, /api/users/1",
    "/api/users/, /api/users/",
    "/api/%75sers, /api/users",
    "/%7euser/%2D%5f%2e%2Eb, /~user/-_..b",
    "/a%20b/%c3%a9, /a%20b/%C3%A9",
    "/a%3fb%23c%25d, /a%3Fb%23c%25d",
    "/a;v=1/b:c@d, /a;v=1/b:c@d",
    "/...;x/.hidden/a..b, /...;x/.hidden/a..b",
    "/auth%3b, /auth%3B"
  })
  void spellsPathsInOneWay(String raw, String normal) {
    assertEquals(normal, RequestPath.parse(raw).path());
    assertEquals(normal, RequestPath.parse(normal).path());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "api/users",
        "http://host/api",
        "host:80",
        "//",
        "//host/x",
        "/a//b",
        "/a//",
        "/.",
        "/..",
        "/a/.",
        "/a/..",
        "/a/./b",
        "/a/../b",
        "/%2e",
        "/a/%2E%2e/b",
        "/a/.%2e",
        "/..;/auth",
        "/a/.;x=1/b",
        "/a%2fb",
        "/a%2Fb",
        "/a%5cb",
        "/a%5Cb",
        "/a\\b",
        "/a%00b",
        "/a%0d%0ab",
        "/a%1fb",
        "/a%7Fb",
        "/a\tb",
        "/a b",
        "/a\u0000b",
        "/a#b",
        "/a%",
        "/a%2",
        "/a%zz",
        "/a%2x",
        "/a%-1",
        "/caf\u00e9",
        "/a?b#c",
        "/a?b c",
        "/a?b\u0001",
        "/a?\r\nX: y"
      })
  void refusesWhatAnotherServerMightReadDifferently(String target) {
    ProblemException refusal =
        assertThrows(ProblemException.class, () -> RequestPath.parse(target));

    assertEquals(ProblemType.MALFORMED_REQUEST, refusal.type());
  }

  @Test
  void passesTheQueryOnUntouched() {
    RequestPath path = RequestPath.parse("/a%62?q=%2e%2E/../%zz&r=//\\");

    assertEquals("/ab", path.path());
    assertEquals("/ab?q=%2e%2E/../%zz&r=//\\", path.target());
    assertEquals("/ab?", RequestPath.parse("/ab?").target());
  }

  @Test
  void isStableAndNeverThrowsAnythingElse() {
    Random random = new Random(7);
    String alphabet = "/%.;2eEfF5cCaA0\\?#*~-";
    for (int i = 0; i < 200_000; i++) {
      StringBuilder target = new StringBuilder("/");
      for (int n = random.nextInt(12); n > 0; n--) {
        target.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        RequestPath once = RequestPath.parse(target.toString());
        assertEquals(once, RequestPath.parse(once.target()));
      } catch (ProblemException refusal) {
        assertEquals(ProblemType.MALFORMED_REQUEST, refusal.type());
      }
    }
  }
}
