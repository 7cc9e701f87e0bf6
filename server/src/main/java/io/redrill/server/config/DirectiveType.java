package io.redrill.server.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringTokenizer;
import java.util.stream.Collectors;

/// What values a directive takes: turns the words after its name into the one text that `CONFIG
/// GET` shows, or refuses them in Redis' words.
sealed interface DirectiveType {

  /// The canonical text of `words`.
  ///
  /// @param before the value until now, for directives that change only a part of it
  /// @throws ConfigException if they are no value of this type
  String canonical(List<String> words, String before) throws ConfigException;

  private static String single(List<String> words) throws ConfigException {
    if (words.size() != 1) {
      throw new ConfigException("wrong number of arguments");
    }
    return words.getFirst();
  }

  /// `yes` or `no`.
  record YesNo() implements DirectiveType {
    @Override
    public String canonical(List<String> words, String before) throws ConfigException {
      String word = single(words).toLowerCase(Locale.ROOT);
      if (!word.equals("yes") && !word.equals("no")) {
        throw new ConfigException("argument must be 'yes' or 'no'");
      }
      return word;
    }
  }

  /// A whole number.
  record WholeNumber(long min, long max) implements DirectiveType {
    @Override
    public String canonical(List<String> words, String before) throws ConfigException {
      long value;
      try {
        value = Long.parseLong(single(words));
      } catch (NumberFormatException e) {
        throw new ConfigException("argument couldn't be parsed into an integer");
      }
      return Long.toString(inside(value, min, max));
    }
  }

  /// A number of bytes, with an optional unit: `1k` is 1000, `1kb` is 1024.
  record Memory(long min, long max) implements DirectiveType {
    @Override
    public String canonical(List<String> words, String before) throws ConfigException {
      return Long.toString(inside(bytes(single(words)), min, max));
    }

    static long bytes(String text) throws ConfigException {
      String lower = text.toLowerCase(Locale.ROOT);
      int digits = 0;
      while (digits < lower.length() && Character.isDigit(lower.charAt(digits))) {
        digits++;
      }
      long unit =
          switch (lower.substring(digits)) {
            case "", "b" -> 1;
            case "k" -> 1000;
            case "kb" -> 1 << 10;
            case "m" -> 1_000_000;
            case "mb" -> 1 << 20;
            case "g" -> 1_000_000_000;
            case "gb" -> 1 << 30;
            default -> throw new ConfigException("argument must be a memory value");
          };
      try {
        return Math.multiplyExact(Long.parseLong(lower.substring(0, digits)), unit);
      } catch (ArithmeticException | NumberFormatException e) {
        throw new ConfigException("argument must be a memory value");
      }
    }
  }

  /// One of some words.
  record Choice(List<String> choices) implements DirectiveType {
    Choice(String... choices) {
      this(List.of(choices));
    }

    @Override
    public String canonical(List<String> words, String before) throws ConfigException {
      String word = single(words).toLowerCase(Locale.ROOT);
      if (!choices.contains(word)) {
        throw new ConfigException(
            "argument(s) must be one of the following: " + String.join(", ", choices));
      }
      return word;
    }
  }

  /// Any one word, also an empty one.
  record Text() implements DirectiveType {
    @Override
    public String canonical(List<String> words, String before) throws ConfigException {
      return single(words);
    }
  }

  /// A file's name without a directory.
  record FileName() implements DirectiveType {
    @Override
    public String canonical(List<String> words, String before) throws ConfigException {
      String word = single(words);
      if (word.isEmpty() || word.contains("/")) {
        throw new ConfigException("argument can't be a path, just a filename");
      }
      return word;
    }
  }

  /// An existing directory; shown as its absolute path.
  record Directory() implements DirectiveType {
    @Override
    public String canonical(List<String> words, String before) throws ConfigException {
      Path path = Path.of(single(words)).toAbsolutePath().normalize();
      if (!Files.exists(path)) {
        throw new ConfigException("No such file or directory");
      }
      if (!Files.isDirectory(path)) {
        throw new ConfigException("Not a directory");
      }
      return path.toString();
    }
  }

  /// Any number of words.
  record Words() implements DirectiveType {
    @Override
    public String canonical(List<String> words, String before) {
      return words.stream().filter(word -> !word.isEmpty()).collect(Collectors.joining(" "));
    }
  }

  /// Pairs of seconds and changes; a save is due when one of them is reached. Nothing, or one empty
  /// word: never.
  record SavePoints() implements DirectiveType {
    @Override
    public String canonical(List<String> words, String before) throws ConfigException {
      List<String> numbers = split(words);
      if (numbers.size() % 2 != 0) {
        throw new ConfigException("Invalid save parameters");
      }
      for (int i = 0; i < numbers.size(); i++) {
        try {
          if (Long.parseLong(numbers.get(i)) < (i % 2 == 0 ? 1 : 0)) {
            throw new ConfigException("Invalid save parameters");
          }
        } catch (NumberFormatException e) {
          throw new ConfigException("Invalid save parameters");
        }
      }
      return String.join(" ", numbers);
    }
  }

  /// `class hard soft seconds` for the classes `normal`, `slave` (also called `replica`) and
  /// `pubsub`; classes that are not named keep their limits.
  record OutputLimits() implements DirectiveType {
    private static final List<String> CLASSES = List.of("normal", "slave", "pubsub");

    @Override
    public String canonical(List<String> words, String before) throws ConfigException {
      List<String> given = split(words);
      if (given.isEmpty() || given.size() % 4 != 0) {
        throw new ConfigException("Wrong number of arguments in buffer limit configuration.");
      }
      List<String> limits = new ArrayList<>(split(List.of(before)));
      for (int i = 0; i < given.size(); i += 4) {
        String name = given.get(i).toLowerCase(Locale.ROOT);
        int index = CLASSES.indexOf(name.equals("replica") ? "slave" : name);
        if (index < 0) {
          throw new ConfigException(
              "Invalid client class specified in buffer limit configuration.");
        }
        try {
          limits.set(index * 4 + 1, Long.toString(Memory.bytes(given.get(i + 1))));
          limits.set(index * 4 + 2, Long.toString(Memory.bytes(given.get(i + 2))));
          limits.set(index * 4 + 3, Integer.toString(Integer.parseUnsignedInt(given.get(i + 3))));
        } catch (ConfigException | NumberFormatException e) {
          throw new ConfigException(
              "Error in hard, soft or soft_seconds setting in buffer limit configuration.");
        }
      }
      return String.join(" ", limits);
    }
  }

  private static long inside(long value, long min, long max) throws ConfigException {
    if (value < min || value > max) {
      throw new ConfigException("argument must be between %d and %d inclusive".formatted(min, max));
    }
    return value;
  }

  /// `CONFIG SET` gives as one word what a file gives as several.
  private static List<String> split(List<String> words) {
    List<String> parts = new ArrayList<>();
    for (String word : words) {
      for (StringTokenizer tokens = new StringTokenizer(word); tokens.hasMoreTokens(); ) {
        parts.add(tokens.nextToken());
      }
    }
    return parts;
  }
}
