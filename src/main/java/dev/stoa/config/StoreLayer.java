package dev.stoa.config;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a central store says. A key that is called as a file of the configuration is one, and read
 * as that; the others are single values and win over those: {@code rate_limiting/default_limit} or
 * {@code rate_limiting.default_limit}, read as environment variables are.
 */
final class StoreLayer implements ConfigLayer {
  /** Each costs a look at all before it. */
  private static final int MAX_VALUES = 2_000;

  private static final int MAX_SHOWN = 200;
  private static final Pattern DOCUMENT = Pattern.compile("[^/]+\\.(?i:ya?ml|json)");
  private static final Pattern OF_PROFILES = Pattern.compile("config-[A-Za-z0-9_-]+\\.yaml");

  /** Reads the content of a file of this name. */
  @FunctionalInterface
  interface Reader {
    Optional<Node.Mapping> read(String name, String shown, Buffer content);
  }

  private final ConfigStore store;
  private final List<String> fileNames;
  private final Reader reader;
  private final StoreContent content;

  StoreLayer(ConfigStore store, List<String> fileNames, Reader reader, StoreContent content) {
    this.store = store;
    this.fileNames = fileNames;
    this.reader = reader;
    this.content = content;
  }

  /** What messages call a key of a store. */
  static String shown(ConfigStore store, String prefix, String key) {
    String whole = (prefix + key).replaceAll("\\p{Cntrl}", " ");
    return store.name()
        + " "
        + (whole.length() > MAX_SHOWN ? whole.substring(0, MAX_SHOWN) + "…" : whole);
  }

  @Override
  public Optional<Node.Mapping> read(Node.Mapping lower, Findings findings) {
    Node.Mapping all = Node.Mapping.EMPTY;
    for (String name : fileNames) {
      Buffer text = content.values().get(name);
      Optional<Node.Mapping> document =
          text == null ? Optional.empty() : reader.read(name, shown(name), text);
      all = document.map(all::mergedWith).orElse(all);
    }
    all = all.mergedWith(single(findings));
    Node own = Node.find(all, store.section());
    if (own != null) {
      String expected = "it in a file, the environment or the command line";
      String found = "it in the store that it leads to";
      findings.error(new ConfigError(own.origin().toString(), store.section(), expected, found));
    }
    return Optional.of(all);
  }

  private Node.Mapping single(Findings findings) {
    // By path, then by key: shorter paths have to come first.
    SortedMap<String, SortedMap<String, Buffer>> paths = new TreeMap<>();
    content.values().forEach((key, value) -> collect(key, value, paths, findings));
    Overrides overrides = new Overrides(findings);
    if (paths.size() > MAX_VALUES) {
      findings.unreadable(
          new ConfigError(shown(""), "", "at most " + MAX_VALUES + " keys", "" + paths.size()));
      return overrides.mapping();
    }
    paths.forEach(
        (path, keys) ->
            keys.forEach(
                (key, value) ->
                    StrictText.decode(shown(key), value, findings)
                        .ifPresent(text -> overrides.put(shown(key), path, text))));
    return overrides.mapping();
  }

  private void collect(
      String key,
      Buffer value,
      SortedMap<String, SortedMap<String, Buffer>> paths,
      Findings findings) {
    if (DOCUMENT.matcher(key).matches()) {
      boolean ofAnother = OF_PROFILES.matcher(key).matches();
      if (!fileNames.contains(key) && !ofAnother) {
        String message = "a file of this name is not read; one of " + fileNames + " would be";
        findings.warning(new ConfigWarning(shown(key), "", message));
      }
    } else {
      paths.computeIfAbsent(key.replace('/', '.'), any -> new TreeMap<>()).put(key, value);
    }
  }

  private String shown(String key) {
    return shown(store, content.prefix(), key);
  }
}
