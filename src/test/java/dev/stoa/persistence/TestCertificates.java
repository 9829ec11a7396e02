package dev.stoa.persistence;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An authority of the tests' own, made by the JDK's keytool, and what it vouches for. */
final class TestCertificates {
  private static final String PASSWORD = "changeit";
  private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private final Path directory;
  private final String name;

  /** Makes the authority. */
  TestCertificates(Path directory, String name) {
    this.directory = directory;
    this.name = name;
    keytool("-genkeypair", "-alias", "ca", "-dname", "CN=" + name, "-ext", "bc:critical=ca:true");
  }

  /** Its certificate, as a PEM file. */
  Path authority() {
    Path file = directory.resolve(name + "-ca.pem");
    keytool("-exportcert", "-alias", "ca", "-rfc", "-file", file.toString());
    return file;
  }

  /** Makes a server of that host name; answers its certificate and its key, as PEM files. */
  List<Path> server(String host) {
    String request = directory.resolve(name + ".csr").toString();
    String signed = directory.resolve(name + "-server.pem").toString();
    keytool("-genkeypair", "-alias", "server", "-dname", "CN=" + host);
    keytool("-certreq", "-alias", "server", "-file", request);
    keytool(
        "-gencert",
        "-alias",
        "ca",
        "-infile",
        request,
        "-outfile",
        signed,
        "-rfc",
        "-ext",
        "san=dns:" + host);
    Path key = directory.resolve(name + "-server.key");
    write(key, "-----BEGIN PRIVATE KEY-----\n" + key() + "\n-----END PRIVATE KEY-----\n");
    return List.of(Path.of(signed), key);
  }

  private String key() {
    try (InputStream in = Files.newInputStream(store())) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      return PEM.encodeToString(keys.getKey("server", PASSWORD.toCharArray()).getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** A server refuses a key that others may read. */
  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path store() {
    return directory.resolve(name + ".p12");
  }

  private void keytool(String command, String... arguments) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    line.addAll(List.of(command, "-keystore", store().toString(), "-storepass", PASSWORD));
    if (command.equals("-genkeypair")) {
      line.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "30"));
    }
    line.addAll(List.of(arguments));
    Path said = directory.resolve("keytool.log");
    try {
      Process process =
          new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(said.toFile()).start();
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError(line + ": " + Files.readString(said));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
