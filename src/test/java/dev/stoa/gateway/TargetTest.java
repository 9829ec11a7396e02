package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {

  @Test
  void readsUrls() {
    assertEquals(
        Optional.of(new Target(false, "user-service", 8081, "", 1)),
        Target.parse("http://user-service:8081", 1));
    assertEquals(
        Optional.of(new Target(true, "my_api.example", 443, "/v1", 3)),
        Target.parse("HTTPS://My_Api.example/v1/", 3));
    assertEquals("[::1]:80", "[::1]:" + Target.parse("http://[::1]/", 1).orElseThrow().port());
    assertEquals("[::1]:8080", Target.parse("http://[::1]:8080", 1).orElseThrow().authority());
    assertEquals("a.example", Target.parse("https://a.example", 1).orElseThrow().authority());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "user-service:8081",
        "ftp://a",
        "http://",
        "http://a:0",
        "http://a:70000",
        "http://user@a",
        "http://a?q",
        "http://a/x?q",
        "http://a#f",
        "http://a/../b",
        "http://-a",
        "http://a b",
        "http://[zz]",
        "http://[1:2]",
        "http://a/\r\nX"
      })
  void refusesAnythingElse(String url) {
    assertTrue(Target.parse(url, 1).isEmpty());
  }

  @Test
  void rewritesWholeSegments() {
    PathRewrite strip = new PathRewrite("/api", "", "");
    PathRewrite both = new PathRewrite("/api", "/old", "/new/deep");

    assertEquals("/users/1", strip.apply("/api/users/1"));
    assertEquals("/", strip.apply("/api"));
    assertEquals("/apix", strip.apply("/apix"));
    assertEquals("/new/deep/1", both.apply("/api/old/1"));
    assertEquals("/older", both.apply("/api/older"));
    assertEquals("/", new PathRewrite("", "/old", "").apply("/old"));
    assertEquals("/a", PathRewrite.NONE.apply("/a"));
  }
}
