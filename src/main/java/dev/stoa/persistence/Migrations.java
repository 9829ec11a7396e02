package dev.stoa.persistence;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.resource.LoadableResource;

/**
 * The scripts of one database, found by ourselves: Flyway would look through the whole jar, several
 * times for each database.
 */
final class Migrations implements ResourceProvider {
  private static final String SUFFIX = ".sql";

  private final List<Script> scripts = new ArrayList<>();

  private Migrations() {}

  /** What lies in {@code db/<folder>} on the class path, read. */
  static Migrations of(List<String> folders) throws IOException {
    Migrations migrations = new Migrations();
    for (String folder : folders) {
      for (String name : names("db/" + folder + "/")) {
        migrations.scripts.add(Script.read(name));
      }
    }
    return migrations;
  }

  /** Where Flyway begins; the database is still to be named. */
  FluentConfiguration flyway() {
    return Flyway.configure()
        .resourceProvider(this)
        .javaMigrationClassProvider(List::of)
        // Shared tables of somebody else who opens the same database.
        .ignoreMigrationPatterns("repeatable:missing")
        .loggers("slf4j")
        .placeholderReplacement(false);
  }

  /** The same for the same scripts, never 0. */
  int fingerprint() {
    CRC32 sum = new CRC32();
    for (Script script : scripts) {
      sum.update((script.name + '\0' + script.text + '\0').getBytes(StandardCharsets.UTF_8));
    }
    return (int) sum.getValue() | 1;
  }

  @Override
  public LoadableResource getResource(String name) {
    return scripts.stream().filter(script -> script.name.equals(name)).findFirst().orElse(null);
  }

  @Override
  public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
    return scripts.stream()
        .filter(script -> script.getFilename().startsWith(prefix))
        .filter(script -> Arrays.stream(suffixes).anyMatch(script.name::endsWith))
        .map(LoadableResource.class::cast)
        .toList();
  }

  private static List<String> names(String folder) throws IOException {
    URL found = Migrations.class.getClassLoader().getResource(folder);
    if (found == null) {
      throw new IOException("no scripts in " + folder);
    }
    if (found.openConnection() instanceof JarURLConnection jar) {
      List<String> all =
          jar.getJarFile().getName().equals(OwnJar.NAME)
              ? OwnJar.SCRIPTS
              : scripts(jar.getJarFile());
      return all.stream().filter(name -> name.startsWith(folder)).toList();
    }
    try (var files = Files.list(Path.of(URI.create(found.toString())))) {
      return files
          .map(file -> folder + file.getFileName())
          .filter(name -> name.endsWith(SUFFIX))
          .sorted()
          .toList();
    }
  }

  private static List<String> scripts(JarFile jar) {
    List<String> scripts = new ArrayList<>();
    for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
      String name = entries.nextElement().getName();
      if (name.startsWith("db/") && name.endsWith(SUFFIX)) {
        scripts.add(name);
      }
    }
    Collections.sort(scripts);
    return List.copyOf(scripts);
  }

  /** Looked through once for all databases: it has more than twenty thousand entries. */
  private static final class OwnJar {
    private static final String NAME;
    private static final List<String> SCRIPTS;

    static {
      String name = "";
      List<String> scripts = List.of();
      URL found = Migrations.class.getClassLoader().getResource("db/");
      try {
        if (found != null && found.openConnection() instanceof JarURLConnection jar) {
          name = jar.getJarFile().getName();
          scripts = scripts(jar.getJarFile());
        }
      } catch (IOException e) {
        // Each folder is then looked for by itself, and says what is wrong.
        name = "";
      }
      NAME = name;
      SCRIPTS = scripts;
    }
  }

  private static final class Script extends LoadableResource {
    private final String name;
    private final String text;

    private Script(String name, String text) {
      this.name = name;
      this.text = text;
    }

    static Script read(String name) throws IOException {
      try (InputStream in = Migrations.class.getClassLoader().getResourceAsStream(name)) {
        return new Script(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }

    @Override
    public Reader read() {
      return new StringReader(text);
    }

    @Override
    public String getAbsolutePath() {
      return name;
    }

    @Override
    public String getAbsolutePathOnDisk() {
      return name;
    }

    @Override
    public String getFilename() {
      return name.substring(name.lastIndexOf('/') + 1);
    }

    @Override
    public String getRelativePath() {
      return getFilename();
    }
  }
}
