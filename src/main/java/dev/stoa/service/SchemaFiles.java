package dev.stoa.service;

import io.vertx.core.file.impl.FileResolverImpl;
import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.VertxServiceProvider;
import io.vertx.core.spi.file.FileResolver;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Hands the schemas that contracts are checked by out of the jar, one by one. Vert.x would walk
 * through all entries of the jar for each of their folders: ten times twenty thousand at each
 * start. Found by Vert.x before it starts; all other files are its own business.
 */
public final class SchemaFiles implements VertxServiceProvider {

  @Override
  public void init(VertxBootstrap vertx) {
    if (vertx.fileResolver() == null
        && vertx.options().getFileSystemOptions().isFileCachingEnabled()) {
      vertx.fileResolver(
          new Resolver(new FileResolverImpl(vertx.options().getFileSystemOptions())));
    }
  }

  private record Resolver(FileResolverImpl files) implements FileResolver {
    @Override
    public File resolve(String name) {
      if (isSchema(name)) {
        unpack(name);
      }
      return files.resolve(name);
    }

    private static boolean isSchema(String name) {
      return name.startsWith("spec.openapis.org/") || name.startsWith("json-schema.org/");
    }

    private void unpack(String name) {
      synchronized (files.getFileCache()) {
        if (files.getFileCache().getFile(name).exists()) {
          return;
        }
        try (InputStream schema = SchemaFiles.class.getClassLoader().getResourceAsStream(name)) {
          if (schema != null) {
            files.getFileCache().cacheFile(name, schema, false);
          }
        } catch (IOException e) {
          throw new UncheckedIOException("cannot unpack " + name, e);
        }
      }
    }

    @Override
    public void close() throws IOException {
      files.close();
    }
  }
}
