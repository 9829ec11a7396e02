package dev.stoa.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.jar.Manifest;
import picocli.CommandLine.IVersionProvider;

/** The version and the commit that was built, out of the jar's manifest. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {version == null ? "stoa (not packaged)" : "stoa " + version + commit()};
  }

  /** Of a jar there is but one manifest, its own; built without a history it names no commit. */
  private static String commit() {
    try (InputStream manifest = Version.class.getResourceAsStream("/META-INF/MANIFEST.MF")) {
      String commit = new Manifest(manifest).getMainAttributes().getValue("Build-Commit");
      return commit == null ? "" : " (" + commit + ")";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
