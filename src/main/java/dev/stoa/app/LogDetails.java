package dev.stoa.app;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.stoa.observability.RequestScope;
import org.slf4j.event.KeyValuePair;

/**
 * What a line for people says after its message: {@code key=value} of what it says by name, and the
 * request it is about, unless the message has its id.
 */
public final class LogDetails extends ClassicConverter {

  @Override
  public String convert(ILoggingEvent event) {
    StringBuilder details = new StringBuilder();
    boolean identified = false;
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        details.append(' ').append(pair.key).append('=').append(pair.value);
        identified |= pair.key.equals("request_id");
      }
    }
    RequestScope scope = RequestScope.current();
    String id = scope.requestId();
    if (!identified && !id.isEmpty() && !event.getFormattedMessage().contains(id)) {
      details.append(" request_id=").append(id);
    }
    return details.toString();
  }
}
