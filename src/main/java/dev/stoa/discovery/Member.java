package dev.stoa.discovery;

/** An instance as the catalog lists it, with what is known of it from calls. */
record Member(ServiceInstance instance, InstanceState state) {

  int weight() {
    return instance.weight();
  }

  /** How busy it is for its size: lower takes the next request. */
  double load() {
    return (state.inFlight() + 1.0) / Math.max(1, instance.weight());
  }
}
