package io.redrill.backup.repository;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.random.RandomGenerator;

/// The names of snapshots and drills: `20261124T013000.123Z-1a2b3c4d`. Their order is the order of
/// the times.
final class ObjectTime {

  static final String PATTERN = "\\d{8}T\\d{6}\\.\\d{3}Z-[0-9a-f]{8}";

  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private ObjectTime() {}

  static String name(Instant at, RandomGenerator random) {
    return FORMAT.format(at) + "-" + "%08x".formatted(random.nextInt());
  }

  static Instant time(String name) {
    return FORMAT.parse(name.substring(0, name.indexOf('-')), Instant::from);
  }
}
