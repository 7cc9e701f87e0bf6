package io.redrill.verify;

import java.util.List;
import java.util.regex.Pattern;

/// A command that the user expects to be answered in a certain way once the data is back.
///
/// @param name what the report calls it
/// @param db the database that the command runs in
/// @param command the command and its arguments, as UTF-8 text
/// @param expected what the reply has to be
public record DrillAssertion(String name, int db, List<String> command, Expected expected) {

  /// Checks the form.
  ///
  /// @throws IllegalArgumentException if there is no command
  public DrillAssertion {
    command = List.copyOf(command);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("an assertion needs a command");
    }
  }

  /// What a reply has to be. A reply is compared as text: a number in decimal, nil as `(nil)`, an
  /// array as its elements joined by line feeds, an error as `(error) ...`.
  public sealed interface Expected {

    /// The very text.
    record Equal(String text) implements Expected {}

    /// A text in which the pattern is found.
    record Matching(Pattern pattern) implements Expected {}

    /// A number from `least` to `most`, both included.
    record Between(long least, long most) implements Expected {}

    /// Whether `reply` is as expected.
    default boolean accepts(String reply) {
      return switch (this) {
        case Equal(String text) -> text.equals(reply);
        case Matching(Pattern pattern) -> pattern.matcher(reply).find();
        case Between(long least, long most) ->
            reply.matches("-?[0-9]{1,18}")
                && Long.parseLong(reply) >= least
                && Long.parseLong(reply) <= most;
      };
    }

    /// How the expectation is told in the report.
    default String words() {
      return switch (this) {
        case Equal(String text) -> text;
        case Matching(Pattern pattern) -> "matches " + pattern.pattern();
        case Between(long least, long most) -> "from " + least + " to " + most;
      };
    }
  }
}
