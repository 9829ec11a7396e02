package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressTest {
  private static final List<AddressRange> PROXIES = ranges("10.0.0.0/8", "fd00::/8", "192.0.2.7");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.0.0.1     | 198.51.100.1                        | 198.51.100.1",
        "10.0.0.1     | 6.6.6.6, 198.51.100.1, 10.1.2.3     | 198.51.100.1",
        "198.51.100.9 | 1.2.3.4                             | 198.51.100.9",
        "10.0.0.1     | 198.51.100.1, garbage               | 10.0.0.1",
        "10.0.0.1     | 198.51.100.1, garbage, 10.9.9.9     | 10.9.9.9",
        "10.0.0.1     | 10.0.0.3, 10.0.0.2                  | 10.0.0.3",
        "192.0.2.7    | 198.51.100.1:5678                   | 198.51.100.1",
        "fd00::1      | [2001:db8::1]:443                   | 2001:db8::1",
        "::ffff:10.0.0.1 | 198.51.100.1                     | 198.51.100.1",
        "10.0.0.1     | ,                                   | 10.0.0.1"
      })
  void believesOnlyTrustedProxies(String peer, String forwardedFor, String client) {
    assertEquals(client, ClientAddress.of(peer, List.of(forwardedFor), PROXIES));
  }

  @Test
  void readsRepeatedFieldsInTheirOrder() {
    List<String> fields = List.of("6.6.6.6", "198.51.100.1, 10.0.0.2", "10.0.0.3");

    assertEquals("198.51.100.1", ClientAddress.of("10.0.0.1", fields, PROXIES));
    assertEquals("10.0.0.1", ClientAddress.of("10.0.0.1", List.of(), PROXIES));
  }

  @Test
  void limitsIpv6ClientsBySite() {
    String key = ClientAddress.limitKey("2001:db8:1:2:3:4:5:6");

    assertEquals(key, ClientAddress.limitKey("2001:db8:1:2::1"));
    assertFalse(key.equals(ClientAddress.limitKey("2001:db8:1:3::1")));
    assertEquals("192.0.2.1", ClientAddress.limitKey("::ffff:192.0.2.1"));
    assertEquals("192.0.2.1", ClientAddress.limitKey("192.0.2.1"));
  }

  @Test
  void comparesBitsNotBytes() {
    assertTrue(ClientAddress.isIn(ranges("172.16.0.0/12"), "172.31.255.255"));
    assertFalse(ClientAddress.isIn(ranges("172.16.0.0/12"), "172.32.0.0"));
    assertTrue(ClientAddress.isIn(ranges("0.0.0.0/0"), "8.8.8.8"));
    assertFalse(ClientAddress.isIn(ranges("0.0.0.0/0"), "::1"));
    assertTrue(ClientAddress.isIn(ranges("2001:db8::/33"), "2001:db8:7fff::1"));
    assertFalse(ClientAddress.isIn(ranges("2001:db8::/33"), "2001:db8:8000::1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "localhost", "10.0.0.0/33", "::/129", "10.0.0/8", "10.0.0.0/-1", "/8"})
  void refusesWhatIsNoRange(String text) {
    assertTrue(AddressRange.parse(text).isEmpty());
  }

  private static List<AddressRange> ranges(String... texts) {
    return Arrays.stream(texts).map(text -> AddressRange.parse(text).orElseThrow()).toList();
  }
}
