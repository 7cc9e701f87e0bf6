package io.redrill.cli.config;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/// A value of a YAML file together with its place, read as the one type that its key needs.
///
/// @param key the path of keys that leads to it, such as `sources.main.url`
record YamlValue(Path file, String key, Node node) {

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

  /// A text. A number or a word such as `true` that stands where a text is needed is taken as it is
  /// written.
  String text() {
    if (node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
      return scalar.getValue();
    }
    throw bad("a text");
  }

  /// A text that `parse` understands; the message of its IllegalArgumentException is shown.
  <T> T parsed(String what, Function<String, T> parse) {
    String text = text();
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw bad(what + ": " + e.getMessage());
    } catch (RedrillException e) {
      String problem = e.context().get("problem");
      throw at(e.code(), e, "problem", problem == null ? what : what + ": " + problem);
    }
  }

  int integer(int least, int most) {
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.INT)) {
      String digits = scalar.getValue();
      if (digits.matches("[0-9]{1,9}")
          && Integer.parseInt(digits) >= least
          && Integer.parseInt(digits) <= most) {
        return Integer.parseInt(digits);
      }
    }
    throw bad("a whole number from " + least + " to " + most);
  }

  boolean yesOrNo() {
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.BOOL)) {
      return switch (scalar.getValue()) {
        case "true" -> true;
        case "false" -> false;
        default -> throw bad("true or false");
      };
    }
    throw bad("true or false");
  }

  Duration duration() {
    Matcher matcher = DURATION.matcher(text());
    if (!matcher.matches()) {
      throw bad("a duration such as 500ms, 60s, 10m, 24h or 7d");
    }
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  List<YamlValue> items() {
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue().stream().map(item -> new YamlValue(file, key, item)).toList();
    }
    throw bad("a list");
  }

  YamlMapping mapping() {
    if (node instanceof MappingNode mapping) {
      return YamlMapping.of(this, mapping);
    }
    throw bad("keys with values");
  }

  /// The failure of this value not being what its key needs.
  RedrillException bad(String needs) {
    return at(ErrorCode.CONFIG_BAD_VALUE, null, "needs", needs);
  }

  private RedrillException at(
      ErrorCode code,
      @org.jspecify.annotations.Nullable Throwable cause,
      String name,
      String text) {
    Object[] context = {
      "file", file, "line", line(node), "column", column(node), "key", key, name, text
    };
    return cause == null
        ? new RedrillException(code, context)
        : RedrillException.causedBy(cause, code, context);
  }

  static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  static int column(Node node) {
    return node.getStartMark().getColumn() + 1;
  }
}
