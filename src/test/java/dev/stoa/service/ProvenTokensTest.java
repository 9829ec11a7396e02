package dev.stoa.service;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.stoa.service.TokenParser.ParsedToken;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProvenTokensTest {
  private static final Identity SOMEBODY = new Identity("u1", "ann", Set.of());

  @Test
  void keepsATokenInUseHoweverManyOthersCome() {
    ProvenTokens proven = new ProvenTokens(10);
    ParsedToken inUse = token("in-use");
    proven.add(inUse);

    for (int i = 0; i < 1_000; i++) {
      proven.add(token("once-" + i));
      assertSame(inUse, proven.find("Bearer in-use"), "after " + i);
    }
  }

  @Test
  void forgetsWhatNobodyAskedForInAGeneration() {
    ProvenTokens proven = new ProvenTokens(10);

    for (int i = 0; i < 100; i++) {
      proven.add(token("once-" + i));
    }

    assertNull(proven.find("Bearer once-0"));
    assertNotNull(proven.find("Bearer once-99"));
  }

  @Test
  void tellsTokensApartThatEndAlike() {
    ProvenTokens proven = new ProvenTokens(10);
    proven.add(token("claims-of-ann.the-signature"));

    assertNull(proven.find("Bearer claims-of-eve.the-signature"));
    assertNull(proven.find("Bearer the-signature"));
    assertNotNull(proven.find("Bearer claims-of-ann.the-signature"));
  }

  private static ParsedToken token(String compact) {
    return new ParsedToken(compact, "HS256", "", SOMEBODY, Long.MAX_VALUE, 0);
  }
}
