package dev.stoa.apidocs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.page.Page;
import dev.stoa.problem.ProblemType;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemPagesTest {
  private static final String BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8";

  @ParameterizedTest
  @EnumSource
  void everyTypeOfTheCatalogueLeadsToAPage(ProblemType type) {
    Page page = ProblemPages.at(type.uri(), BROWSER);
    JsonObject data = ProblemPages.at(type.uri(), "*/*").body().toJsonObject();

    assertTrue(ProblemPages.PATHS.contains(type.uri()));
    assertTrue(page.contentType().startsWith("text/html"));
    assertTrue(page.body().toString().contains(type.title()));
    assertEquals(type.uri(), data.getString("type"));
    assertEquals(type.status(), data.getInteger("status"));
    assertFalse(data.getString("meaning").isBlank());
    assertFalse(data.getString("advice").isBlank());
  }

  @Test
  void whatLooksLikeMarkupIsTextAndCodeIsCode() {
    String html = ProblemPages.at(ProblemType.MISSING_TOKEN.uri(), BROWSER).body().toString();

    assertTrue(html.contains("<code>Authorization: Bearer &lt;token&gt;</code>"), html);
    assertFalse(html.contains("<token>"), html);
  }

  @Test
  void noScriptRunsAndOnlyTheStyleOfThePageCounts() {
    Page page = ProblemPages.at(ProblemPages.INDEX, BROWSER);

    assertTrue(
        page.headers()
            .get("Content-Security-Policy")
            .startsWith("default-src 'none'; style-src 'sha256-"));
    assertFalse(page.body().toString().contains("<script"));
  }

  @Test
  void theIndexListsThemAll() {
    JsonObject index = ProblemPages.at(ProblemPages.INDEX, null).body().toJsonObject();

    assertEquals(ProblemType.values().length, index.getJsonArray("items").size());
  }
}
