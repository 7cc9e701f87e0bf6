package io.redrill.cli.command;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import io.redrill.cli.composition.CommandContext;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.filter.ExpiryCondition;
import io.redrill.rdb.filter.KeyGlob;
import io.redrill.rdb.filter.RdbFilter;
import io.redrill.rdb.filter.SlotSet;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// Which keys of an RDB a command is about; all, unless options say otherwise.
final class RdbFilterOptions {

  private final CommandContext context;

  @Spec(Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--db",
      paramLabel = "N",
      split = ",",
      description = "Only keys of these databases.")
  private List<Integer> databases = new ArrayList<>();

  @Option(
      names = "--key",
      paramLabel = "GLOB",
      description = "Only keys that match this pattern, as of KEYS; may be repeated.")
  private List<String> keys = new ArrayList<>();

  @Option(
      names = "--except",
      paramLabel = "GLOB",
      description = "No keys that match this pattern; may be repeated.")
  private List<String> exceptKeys = new ArrayList<>();

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      split = ",",
      description = "Only values of these types: string, list, set, zset, hash, stream, ...")
  private List<String> types = new ArrayList<>();

  @Option(
      names = "--slot",
      paramLabel = "SLOTS",
      split = ",",
      description = "Only keys of these slots of a cluster: 0-5460, or 7; may be repeated.")
  private List<String> slots = new ArrayList<>();

  @Option(names = "--with-expiry", description = "Only keys that expire some day.")
  private boolean withExpiry;

  @Option(names = "--without-expiry", description = "Only keys that never expire.")
  private boolean withoutExpiry;

  @Option(
      names = "--expires-before",
      paramLabel = "TIME",
      description =
          "Only keys that expire before this time: 2026-11-24T02:41:00Z, with a zone or an offset, or"
              + " now.")
  private @Nullable String expiresBefore;

  @Option(
      names = "--expires-after",
      paramLabel = "TIME",
      description = "Only keys that expire at this time or later.")
  private @Nullable String expiresAfter;

  @Option(
      names = "--expired-at",
      paramLabel = "TIME",
      description = "Only keys that are expired at this time.")
  private @Nullable String expiredAt;

  @Option(
      names = "--alive-at",
      paramLabel = "TIME",
      description = "Only keys that are not yet expired at this time.")
  private @Nullable String aliveAt;

  RdbFilterOptions(CommandContext context) {
    this.context = context;
  }

  /// What the options mean.
  ///
  /// @throws ParameterException if a type or a slot is none
  /// @throws RedrillException if a time is none
  RdbFilter filter() {
    Set<Integer> negative =
        databases.stream().filter(db -> db < 0).collect(Collectors.toUnmodifiableSet());
    if (!negative.isEmpty()) {
      throw usage("--db: databases are numbered from 0 on");
    }
    if (withExpiry && withoutExpiry) {
      throw usage("--with-expiry and --without-expiry leave no key");
    }
    return new RdbFilter(
        new LinkedHashSet<>(databases),
        keys.stream().map(KeyGlob::of).toList(),
        exceptKeys.stream().map(KeyGlob::of).toList(),
        types.stream().map(this::kind).collect(Collectors.toSet()),
        slots(),
        expiries());
  }

  private RdbKind kind(String name) {
    return Arrays.stream(RdbKind.values())
        .filter(kind -> kind.redisName().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(() ->
            usage(
                "--type: '%s' is no type: choose from %s"
                    .formatted(
                        name,
                        Arrays.stream(RdbKind.values())
                            .map(RdbKind::redisName)
                            .collect(Collectors.joining(", ")))));
  }

  private Optional<SlotSet> slots() {
    try {
      return slots.stream().map(SlotSet::parse).reduce(SlotSet::with);
    } catch (IllegalArgumentException e) {
      throw usage("--slot: " + e.getMessage());
    }
  }

  private List<ExpiryCondition> expiries() {
    List<ExpiryCondition> conditions = new ArrayList<>();
    if (withExpiry) {
      conditions.add(new ExpiryCondition.Present());
    }
    if (withoutExpiry) {
      conditions.add(new ExpiryCondition.Absent());
    }
    millis(expiresBefore).map(ExpiryCondition.Before::new).ifPresent(conditions::add);
    millis(expiresAfter).map(ExpiryCondition.NotBefore::new).ifPresent(conditions::add);
    millis(expiredAt).map(ExpiryCondition.ExpiredAt::new).ifPresent(conditions::add);
    millis(aliveAt).map(ExpiryCondition.AliveAt::new).ifPresent(conditions::add);
    return conditions;
  }

  private Optional<Long> millis(@Nullable String time) {
    if (time == null) {
      return Optional.empty();
    }
    if (time.equals("now")) {
      return Optional.of(context.clock().millis());
    }
    try {
      return Optional.of(OffsetDateTime.parse(time).toInstant().toEpochMilli());
    } catch (DateTimeException | ArithmeticException e) {
      throw RedrillException.causedBy(e, ErrorCode.BAD_TIME, "time", time);
    }
  }

  private ParameterException usage(String problem) {
    if (spec == null) {
      throw new IllegalStateException("the options belong to no command");
    }
    return new ParameterException(spec.commandLine(), problem);
  }
}
