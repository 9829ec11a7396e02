package dev.stoa.gateway;

import dev.stoa.service.Identity;
import java.util.Optional;

/** What the filters let happen to a request. */
sealed interface Decision {

  /** A browser's question whether a page may send another request is answered with yes. */
  record Preflight() implements Decision {}

  /** The gateway answers itself. */
  record Own(Endpoint endpoint) implements Decision {}

  /** It goes to an upstream. */
  record Forward(Destination destination, Optional<Identity> caller) implements Decision {}
}
