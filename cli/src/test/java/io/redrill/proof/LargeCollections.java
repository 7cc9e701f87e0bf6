package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.PackingLimits;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValue.HashValue;
import io.redrill.rdb.RdbValue.ListValue;
import io.redrill.rdb.RdbValue.SetValue;
import io.redrill.rdb.RdbValue.SortedSetValue;
import io.redrill.rdb.RdbValue.StreamValue;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A collection of each kind that a conversion does not decode as a whole, in the newest forms that
/// are written.
///
/// @param version of the RDB, in which fields of hashes expire
/// @param arePacked whether all are packed, whatever their size
record LargeCollections(int version, boolean arePacked) {

  private static final int ELEMENTS = 40_000;
  private static final int PENDING = 3_000;
  private static final long IN_2050 = 2_524_608_000_000L;
  private static final int ANY = Integer.MAX_VALUE;
  private static final PackingLimits PACKED =
      new PackingLimits(ANY, ANY, ANY, ANY, ANY, ANY, ANY, 8192, 4096, 100);

  /// How many keys there are.
  static final int KEYS = 5;

  /// Of Redis 7.4 and of Valkey 9, packed and not.
  static List<LargeCollections> all() {
    return List.of(
        new LargeCollections(12, false),
        new LargeCollections(12, true),
        new LargeCollections(80, false),
        new LargeCollections(80, true));
  }

  private Path write(Path directory) throws IOException {
    Path file = directory.resolve("large-%d-%s.rdb".formatted(version, arePacked));
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      RdbWriter rdb =
          new RdbWriter(
              out, RdbWriterOptions.of(version), arePacked ? PACKED : PackingLimits.DEFAULT);
      put(rdb, "list", new ListValue(texts("element ")));
      put(rdb, "set", new SetValue(texts("member ")));
      put(rdb, "sorted set", sortedSet());
      put(rdb, "hash", hash());
      put(rdb, "stream", stream());
      rdb.end();
    }
    return file;
  }

  /// Writes them into a file in `directory`, and that as `to` with `rdb convert`, which loses what
  /// `target` does not have.
  void convert(Path directory, String target, Path to) throws IOException {
    Path file = write(directory);
    CommandRun converted =
        CommandRun.in(
            directory,
            "rdb",
            "convert",
            file.toString(),
            "--target",
            target,
            "--to",
            to.toString(),
            "--force",
            "--lossy");
    assertThat(converted.status()).as("%s", converted).isIn(0, 3);
  }

  private static void put(RdbWriter rdb, String key, RdbValue value) throws IOException {
    rdb.write(0, text(key), RdbRecord.Entry.NO_EXPIRY, value);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// Of many lengths, some the text of a number, some good to compress.
  private static List<byte[]> texts(String begin) {
    List<byte[]> texts = new ArrayList<>();
    for (int i = 0; i < ELEMENTS; i++) {
      texts.add(text(i % 5 == 0 ? Integer.toString(i * 7919) : begin + "-".repeat(i % 90) + i));
    }
    return texts;
  }

  private static SortedSetValue sortedSet() {
    List<SortedSetValue.Member> members = new ArrayList<>();
    for (byte[] member : texts("member ")) {
      members.add(new SortedSetValue.Member(member, members.size() * 0.37 - 1000));
    }
    return new SortedSetValue(members);
  }

  private static HashValue hash() {
    List<HashValue.Field> fields = new ArrayList<>();
    for (byte[] field : texts("field ")) {
      int i = fields.size();
      fields.add(new HashValue.Field(field, text("value " + i), i % 3 == 0 ? IN_2050 + i : -1));
    }
    return new HashValue(fields);
  }

  private static StreamValue stream() {
    List<StreamValue.Entry> entries = new ArrayList<>();
    for (int i = 1; i <= ELEMENTS; i++) {
      entries.add(new StreamValue.Entry(id(i), List.of(text("field"), text("value " + i))));
    }
    List<StreamValue.Pending> pending = new ArrayList<>();
    List<StreamValue.Id> ofFirst = new ArrayList<>();
    List<StreamValue.Id> ofSecond = new ArrayList<>();
    for (int i = 1; i <= PENDING; i++) {
      pending.add(new StreamValue.Pending(id(i), IN_2050, 1));
      (i % 3 == 0 ? ofFirst : ofSecond).add(id(i));
    }
    StreamValue.Group group =
        new StreamValue.Group(
            text("group"),
            id(PENDING),
            PENDING,
            pending,
            List.of(
                new StreamValue.Consumer(text("first"), IN_2050, IN_2050, ofFirst),
                new StreamValue.Consumer(text("second"), IN_2050, -1, ofSecond)));
    return new StreamValue(
        entries, ELEMENTS, id(ELEMENTS), id(1), id(0), ELEMENTS + 5, List.of(group));
  }

  private static StreamValue.Id id(int number) {
    return new StreamValue.Id(number, 0);
  }
}
