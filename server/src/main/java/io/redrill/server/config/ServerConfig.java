package io.redrill.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The values of all directives of one server.
///
/// Before the server starts, whoever builds the configuration owns it; from then on the event loop
/// does, and [#text], [#number] and [#yes] may be called by any thread for directives that do not
/// change while the server runs.
public final class ServerConfig {

  private final Map<Directive, String> texts = new EnumMap<>(Directive.class);
  private final Map<Directive, Long> numbers = new EnumMap<>(Directive.class);
  private final Map<Directive, List<Runnable>> watchers = new EnumMap<>(Directive.class);
  private final List<String> ignored = new ArrayList<>();

  /// Makes a configuration of defaults; `dir` is the process' working directory.
  public ServerConfig() {
    for (Directive directive : Directive.values()) {
      put(directive, directive.defaultValue());
    }
    put(Directive.DIR, Path.of("").toAbsolutePath().toString());
  }

  /// The value as `CONFIG GET` shows it.
  public String text(Directive directive) {
    return Objects.requireNonNull(texts.get(directive));
  }

  /// The value of a directive that takes a number or a size in bytes.
  public long number(Directive directive) {
    return Objects.requireNonNull(numbers.get(directive));
  }

  /// [#number] for values that always fit.
  public int intNumber(Directive directive) {
    return Math.clamp(number(directive), Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /// Whether a `yes`/`no` directive is on.
  public boolean yes(Directive directive) {
    return text(directive).equals("yes");
  }

  /// Sets one value, by the words that would stand after its name in a file.
  ///
  /// @throws ConfigException if they are no value for it; nothing has then changed
  public ServerConfig set(Directive directive, String... words) throws ConfigException {
    put(directive, directive.type().canonical(List.of(words), text(directive)));
    return this;
  }

  /// Changes several directives of a running server: all of them or none.
  ///
  /// @param namesAndValues name, value, name, value, ...
  /// @param protectedAllowed whether protected directives may be changed
  /// @throws ConfigException with the text of the error reply
  public void change(List<String> namesAndValues, boolean protectedAllowed) throws ConfigException {
    Map<Directive, String> changes = new EnumMap<>(Directive.class);
    for (int i = 0; i < namesAndValues.size(); i += 2) {
      String name = namesAndValues.get(i);
      Directive directive =
          Directive.find(name)
              .orElseThrow(() ->
                  new ConfigException(
                      "Unknown option or number of arguments for CONFIG SET - '%s'"
                          .formatted(name)));
      try {
        requireChangeable(directive, protectedAllowed);
        if (changes.containsKey(directive)) {
          throw new ConfigException("duplicate parameter");
        }
        changes.put(
            directive,
            directive.type().canonical(List.of(namesAndValues.get(i + 1)), text(directive)));
      } catch (ConfigException e) {
        throw new ConfigException(
            "CONFIG SET failed (possibly related to argument '%s') - %s"
                .formatted(name, e.getMessage()));
      }
    }
    Set<Directive> changed = EnumSet.noneOf(Directive.class);
    changes.forEach((directive, value) -> {
      if (!text(directive).equals(value)) {
        changed.add(directive);
      }
      put(directive, value);
    });
    changed.forEach(
        directive -> watchers.getOrDefault(directive, List.of()).forEach(Runnable::run));
  }

  /// Has `action` run on the event loop after each change of `directive`.
  public void watch(Directive directive, Runnable action) {
    watchers.computeIfAbsent(directive, _ -> new ArrayList<>()).add(action);
  }

  /// The names of directives that were read, are known to Redis, and do nothing here.
  public List<String> ignored() {
    return List.copyOf(ignored);
  }

  /// Notes that a directive was read that does nothing here.
  void ignore(String name) {
    ignored.add(name);
  }

  /// The directory that file names are relative to.
  public Path dir() {
    return Path.of(text(Directive.DIR));
  }

  private void put(Directive directive, String value) {
    texts.put(directive, value);
    if (directive.type() instanceof DirectiveType.WholeNumber
        || directive.type() instanceof DirectiveType.Memory) {
      numbers.put(directive, Long.parseLong(value));
    }
  }

  private static void requireChangeable(Directive directive, boolean protectedAllowed)
      throws ConfigException {
    switch (directive.change()) {
      case ALWAYS -> {}
      case PROTECTED -> {
        if (!protectedAllowed) {
          throw new ConfigException("can't set protected config");
        }
      }
      case NEVER -> throw new ConfigException("can't set immutable config");
    }
  }
}
