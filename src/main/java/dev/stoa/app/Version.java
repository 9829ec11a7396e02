package dev.stoa.app;

import picocli.CommandLine.IVersionProvider;

/** The version, out of the jar's manifest. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {"stoa " + (version == null ? "(not packaged)" : version)};
  }
}
