package io.redrill.rdb.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.RdbBytes;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.check.RdbCheck.Depth;
import io.redrill.rdb.digest.KeyDigest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// What a check keeps of a value is bounded, and what does not fit is said.
class ValueCheckTest {

  private static final int SMALL_ROOM = 1000;

  private static ByteSlice slice(String text) {
    return ByteSlice.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /// A check with little room, of a value of `type`.
  private static ValueCheck checked(RdbType type, Consumer<ValueCheck> pieces) {
    ValueCheck check = new ValueCheck(new KeyDigest(), SMALL_ROOM, Optional.empty());
    check.begin(slice("key"), RdbRecord.Entry.NO_EXPIRY, type);
    pieces.accept(check);
    return check;
  }

  private static void stream(ValueCheck check, int pending, int owned) {
    check.group(slice("group"), 0, 0, 0);
    for (int i = 0; i < pending; i++) {
      check.pending(1, i, 0, 1);
    }
    check.consumer(slice("consumer"), 0, 0);
    for (int i = 0; i < owned; i++) {
      check.consumerPending(1, i);
    }
  }

  @Test
  void aSmallSetIsCheckedWhole() throws IOException {
    ValueCheck check = checked(RdbType.SET, set -> set.element(slice("member")));

    assertThat(check.end()).isEmpty();
    assertThat(check.unchecked()).isEmpty();
  }

  @Test
  void aSetThatIsTooLargeIsCheckedInPart() throws IOException {
    ValueCheck check =
        checked(
            RdbType.SET,
            set -> {
              for (int i = 0; i < 1000; i++) {
                set.element(slice("member" + i));
              }
            });

    assertThat(check.end()).isEmpty();
    assertThat(check.hasDuplicate()).isFalse();
    assertThat(check.unchecked()).singleElement().asString().startsWith("only 32 of 1000 elements");
  }

  @Test
  void aGroupThatHasTooMuchPendingIsNotCompared() throws IOException {
    ValueCheck small = checked(RdbType.STREAM_LISTPACKS, stream -> stream(stream, 5, 4));
    assertThat(small.end())
        .containsExactly("a pending entry in group 1 of a stream belongs to no consumer: 1-4");
    assertThat(small.unchecked()).isEmpty();

    ValueCheck large = checked(RdbType.STREAM_LISTPACKS, stream -> stream(stream, 500, 400));
    assertThat(large.end()).isEmpty();
    assertThat(large.unchecked()).singleElement().asString().contains("each pending entry");
  }

  /// It is named with the field that comes first, as where the hash is held.
  @Test
  void aFieldThatStandsTwiceIsFoundWhereTheHashIsNotHeld() throws IOException {
    RdbBytes hash = RdbBytes.file("REDIS0011").key(4, "hash").length(6);
    for (String field : new String[] {"b", "c", "a", "c", "b", "d"}) {
      hash.texts(field, "v".repeat(50));
    }
    byte[] file = hash.end();
    for (int threads = 1; threads <= 2; threads++) {
      RdbCheckReport report =
          RdbCheck.checkFile(
              new ByteInput(new ByteArrayInputStream(file), "file", 64),
              new RdbCheckOptions(
                  Depth.ELEMENTS, RdbReading.DEFAULT.holding(0), threads, Optional.empty()));

      assertThat(report.findings())
          .singleElement()
          .extracting(Finding::sentence)
          .isEqualTo(
              "a hash holds a field twice: b (by hashes of 64 bits: the value is too large to compare its bytes)");
      assertThat(report.isSound()).isFalse();
    }
  }
}
