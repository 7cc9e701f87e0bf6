package io.redrill.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.digest.KeyDigest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;

/// Two walks through a file in step, one with every value held and one with hardly any, which have
/// to find the same.
public final class PassingValues {

  private static final RdbReading HOLDING_NOTHING = RdbReading.DEFAULT.holding(0);
  private static final int SMALL_BUFFER_BYTES = 64;

  private PassingValues() {}

  /// Walks `file` both ways, to its end or to what refuses it, and compares digests, which takes no
  /// memory.
  public static void compareDigests(byte[] file) throws IOException {
    KeyDigest digest = new KeyDigest();
    compare(file, cursor -> digest(cursor, digest, digest));
  }

  /// As above, and compares what there is in words of every piece of the values.
  ///
  /// @return how many values were not held
  static int compare(byte[] file) throws IOException {
    KeyDigest digest = new KeyDigest();
    return compare(
        file,
        cursor -> {
          Spelled spelled = new Spelled();
          return digest(cursor, digest, ElementHandler.both(digest, spelled))
              + " "
              + spelled.text();
        });
  }

  private static String digest(RdbCursor cursor, KeyDigest digest, ElementHandler handler)
      throws IOException {
    digest.begin(cursor.key(), cursor.expireAtMillis(), cursor.type().kind());
    cursor.walk(handler);
    digest.end();
    return digest.high() + " " + digest.low();
  }

  private static int compare(byte[] file, Walk walk) throws IOException {
    ByteInput passingInput =
        new ByteInput(new ByteArrayInputStream(file), "file", SMALL_BUFFER_BYTES);
    RdbCursor passing = new RdbCursor(passingInput, HOLDING_NOTHING);
    ByteInput heldInput = ByteInput.of(file, "file");
    RdbCursor held = new RdbCursor(heldInput);
    int passed = 0;
    while (true) {
      Found next = Found.of(() -> String.valueOf(held.next()));
      assertThat(Found.of(() -> String.valueOf(passing.next()))).isEqualTo(next);
      assertThat(passing.recordOffset()).isEqualTo(held.recordOffset());
      if (next.refusal().isPresent() || held.record() instanceof RdbRecord.End) {
        return passed;
      }
      if (!held.isAtKey()) {
        continue;
      }
      Found value = Found.of(() -> walk.of(held));
      if (value.refusal().filter(text -> text.contains("larger than 2 GiB")).isPresent()) {
        return passed;
      }
      boolean[] isHeld = new boolean[1];
      Found same =
          Found.of(() -> {
            isHeld[0] = passing.holdValue();
            return walk.of(passing);
          });
      assertThat(same).as("%s at %d", held.type(), held.recordOffset()).isEqualTo(value);
      assertThat(passing.isValueDelimited()).isEqualTo(held.isValueDelimited());
      passed += isHeld[0] ? 0 : 1;
      if (!held.isValueDelimited()) {
        return passed;
      }
      assertThat(passingInput.offset()).isEqualTo(heldInput.offset());
    }
  }

  private interface Walk {
    String of(RdbCursor cursor) throws IOException;
  }

  private interface Reading {
    String run() throws IOException;
  }

  private record Found(String what, Optional<String> refusal) {

    static Found of(Reading reading) throws IOException {
      try {
        return new Found(reading.run(), Optional.empty());
      } catch (FormatException e) {
        return new Found("", Optional.of(e.toString()));
      }
    }
  }
}
