package io.redrill.scheduler;

import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.quartz.CronExpression;

/// When a job is due: a cron expression with seconds, read in UTC.
///
/// Six or seven fields: second, minute, hour, day of month, month, day of week, and perhaps a year;
/// one of the two day fields is `?`. `0 30 3 * * ?` is every day at 03:30.
public record Cron(String expression) {

  private static final Pattern SPACES = Pattern.compile("\\s+");
  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final List<String> FIELDS =
      List.of(
          "seconds",
          "minutes",
          "hours",
          "days of the month",
          "months",
          "days of the week",
          "years");
  private static final int[] HIGHEST = {59, 59, 23, 31, 12, 7, 2299};
  private static final TimeZone UTC = TimeZone.getTimeZone("UTC");

  /// Checks the expression.
  ///
  /// @throws IllegalArgumentException if it is no cron expression; the message says why
  public Cron {
    checkNumbers(expression);
    try {
      CronExpression.validateExpression(expression);
    } catch (ParseException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /// Quartz takes a second or minute of 60 and more for "any", which would turn a slip of the pen
  /// into a job that never rests; and it does not look at what follows the year.
  private static void checkNumbers(String expression) {
    List<String> fields = SPACES.splitAsStream(expression.strip()).toList();
    if (fields.size() < 6 || fields.size() > 7) {
      throw new IllegalArgumentException(
          "it has " + fields.size() + " fields, and needs six or seven");
    }
    for (int i = 0; i < fields.size(); i++) {
      Matcher numbers = NUMBER.matcher(fields.get(i));
      while (numbers.find()) {
        if (numbers.group().length() > 4 || Integer.parseInt(numbers.group()) > HIGHEST[i]) {
          throw new IllegalArgumentException(
              "%s is above %d in the field of the %s"
                  .formatted(numbers.group(), HIGHEST[i], FIELDS.get(i)));
        }
      }
    }
  }

  /// The first tick after `moment`; empty if there is none, as with a year that has gone by.
  public Optional<Instant> next(Instant moment) {
    return Optional.ofNullable(quartz().getNextValidTimeAfter(Date.from(moment)))
        .map(Date::toInstant);
  }

  CronExpression quartz() {
    try {
      CronExpression parsed = new CronExpression(expression);
      parsed.setTimeZone(UTC);
      return parsed;
    } catch (ParseException e) {
      throw new IllegalStateException("a checked expression no longer parses: " + expression, e);
    }
  }

  @Override
  public String toString() {
    return expression;
  }
}
