package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FieldNamesTest {
  private final FieldNames names = FieldNames.of("TE", "Trailer", "Upgrade");

  @Test
  void findsANameInAnyCase() {
    assertTrue(names.contains("te"));
    assertTrue(names.contains("TRAILER"));
    assertTrue(names.contains("Upgrade"));
  }

  @Test
  void findsNoOther() {
    assertFalse(names.contains(""));
    assertFalse(names.contains("tf"));
    assertFalse(names.contains("Upgrades"));
    assertFalse(names.contains("Via"));
    assertFalse(names.contains("Transfer-Encoding"));
  }
}
