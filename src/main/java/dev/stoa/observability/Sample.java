package dev.stoa.observability;

import java.util.List;

/**
 * One number of a family that is asked for when it is read.
 *
 * @param labels the values of the family's labels, in their order
 */
public record Sample(double value, List<String> labels) {
  public Sample {
    labels = List.copyOf(labels);
  }

  public static Sample of(double value, String... labels) {
    return new Sample(value, List.of(labels));
  }
}
