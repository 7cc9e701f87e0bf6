package io.redrill.cli.command;

import io.redrill.backup.ExitStatus;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Output;
import io.redrill.rdb.ElementHandler;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.digest.DatasetDigest;
import io.redrill.rdb.digest.KeyDigest;
import io.redrill.rdb.digest.KindDigest;
import io.redrill.rdb.digest.RedisDigest;
import io.redrill.rdb.digest.RedisDigest.Release;
import io.redrill.rdb.digest.SlotDigests;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Prints the digest of an RDB file.
@Command(
    name = "digest",
    mixinStandardHelpOptions = true,
    description = {
      "Print the digest of an RDB file: equal for equal data, whatever the order and the encodings.",
      "With --redis also what DEBUG DIGEST answers in a Redis that holds the same data."
    },
    footer = {
      "",
      "Examples:",
      "  redrill rdb digest dump.rdb --redis",
      "  redrill rdb digest dump.rdb --by-slot --alive-at now"
    },
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:printed",
      "2:the command line is wrong",
      "3:with --redis: a value is a module's, which no Redis digests without it",
      "5:the file is damaged",
      "6:no such file"
    })
final class RdbDigestCommand implements Callable<Integer> {

  private final CommandContext context;

  @Mixin private RdbFileArgument file = new RdbFileArgument();

  @Option(names = "--redis", description = "Print what DEBUG DIGEST answers, too.")
  private boolean redis;

  @Option(names = "--by-slot", description = "Print the digest of each slot of a cluster, too.")
  private boolean bySlot;

  @Option(
      names = "--text",
      description = "Print only the text of which the fingerprint is the hash.")
  private boolean text;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Mixin private RdbFilterOptions filterOptions;

  RdbDigestCommand(CommandContext context) {
    this.context = context;
    this.filterOptions = new RdbFilterOptions(context);
  }

  @Override
  public Integer call() {
    Digests digests = new Digests(redis, bySlot);
    new RdbExport(context, file.path(), filterOptions.filter()).read(digests);
    if (text) {
      digests.dataset.text().lines().forEach(context.output()::result);
    } else if (json) {
      context.output().json(tree(digests));
    } else {
      print(digests);
    }
    boolean isExact = digests.areExact();
    if (!isExact) {
      context
          .output()
          .message(
              "redrill: the digest of DEBUG DIGEST leaves out what only a module or a newer server"
                  + " can digest: a server will say another");
    }
    return (isExact ? ExitStatus.PROVEN : ExitStatus.PARTIAL).code();
  }

  private void print(Digests digests) {
    Output output = context.output();
    output.result("fingerprint  " + digests.dataset.fingerprint().hex());
    // Those that are alike in one line, as they are unless there are scores with fractions, or
    // fields that expire.
    Map<String, String> releases = new LinkedHashMap<>();
    digests.redis.forEach((release, digest) ->
        releases.merge(digest.hex(), words(release), (one, other) -> one + ", " + other));
    releases.forEach((digest, words) ->
        output.result("DEBUG DIGEST " + digest + (releases.size() == 1 ? "" : "  " + words)));
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("db", "type", "keys", "expiring", "digest"));
    digests
        .dataset
        .databases()
        .forEach((db, kinds) ->
            kinds.forEach((kind, digest) ->
                rows.add(
                    List.of(
                        String.valueOf(db),
                        kind.redisName(),
                        String.valueOf(digest.keys()),
                        String.valueOf(digest.expiring()),
                        digest.digest().hex()))));
    rows.add(
        List.of(
            "",
            "functions",
            String.valueOf(digests.dataset.functionCount()),
            "",
            digests.dataset.functions().hex()));
    output.table(rows);
    digests.slots.ifPresent(slots -> {
      List<List<String>> lines = new ArrayList<>();
      lines.add(List.of("db", "slot", "keys", "digest"));
      slots.forEach((db, slot, keys, digest) ->
          lines.add(
              List.of(
                  String.valueOf(db), String.valueOf(slot), String.valueOf(keys), digest.hex())));
      output.table(lines);
    });
  }

  private static String words(Release release) {
    return switch (release) {
      case REDIS_7_0 -> "Redis up to 7.0";
      case VALKEY -> "Valkey";
      case REDIS_7_2 -> "Redis from 7.2 on";
    };
  }

  private static Map<String, Object> tree(Digests digests) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("fingerprint", digests.dataset.fingerprint().hex());
    if (!digests.redis.isEmpty()) {
      Map<String, Object> redis = new LinkedHashMap<>();
      digests.redis.forEach(
          (release, digest) -> redis.put(release.name().toLowerCase(Locale.ROOT), digest.hex()));
      tree.put("redis", redis);
      tree.put("redisIsExact", digests.areExact());
    }
    List<Map<String, Object>> kinds = new ArrayList<>();
    digests
        .dataset
        .databases()
        .forEach((db, ofDb) ->
            ofDb.forEach((kind, digest) -> kinds.add(row(db, kind.redisName(), digest))));
    tree.put("kinds", kinds);
    tree.put(
        "functions",
        Map.of(
            "libraries",
            digests.dataset.functionCount(),
            "digest",
            digests.dataset.functions().hex()));
    digests.slots.ifPresent(slots -> {
      List<Map<String, Object>> rows = new ArrayList<>();
      slots.forEach((db, slot, keys, digest) -> {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("db", db);
        row.put("slot", slot);
        row.put("keys", keys);
        row.put("digest", digest.hex());
        rows.add(row);
      });
      tree.put("slots", rows);
    });
    return tree;
  }

  private static Map<String, Object> row(int db, String type, KindDigest digest) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("db", db);
    row.put("type", type);
    row.put("keys", digest.keys());
    row.put("expiring", digest.expiring());
    row.put("digest", digest.digest().hex());
    return row;
  }

  /// All that is asked for, of one reading.
  private static final class Digests implements RdbExport.Form {

    private final DatasetDigest dataset = new DatasetDigest();
    private final Map<Release, RedisDigest> redis = new EnumMap<>(Release.class);
    private final Optional<SlotDigests> slots;
    private final KeyDigest key = new KeyDigest();

    Digests(boolean redis, boolean bySlot) {
      if (redis) {
        for (Release release : Release.values()) {
          this.redis.put(release, new RedisDigest(release));
        }
      }
      this.slots = bySlot ? Optional.of(new SlotDigests()) : Optional.empty();
    }

    boolean areExact() {
      return redis.values().stream().allMatch(RedisDigest::isExact);
    }

    @Override
    public void begin(RdbHeader header) {
      // no part of the data
    }

    @Override
    public void key(RdbCursor cursor) throws IOException {
      key.begin(cursor.key(), cursor.expireAtMillis(), cursor.type().kind());
      ElementHandler all = key;
      for (RedisDigest digest : redis.values()) {
        all = ElementHandler.both(all, digest.begin(cursor));
      }
      cursor.walk(all);
      for (RedisDigest digest : redis.values()) {
        digest.end(cursor);
      }
      key.end();
      dataset.add(cursor.db(), cursor.expireAtMillis(), key);
      if (slots.isPresent()) {
        slots.get().add(cursor.db(), cursor.key().toByteArray(), key);
      }
    }

    @Override
    public void record(RdbRecord record) {
      if (record instanceof RdbRecord.FunctionLibrary(byte[] source)) {
        dataset.addFunction(source);
      }
    }

    @Override
    public void end() {
      // printed by the command
    }

    @Override
    public void flush() {
      // nothing is buffered
    }
  }
}
