package io.redrill.rdb.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbBytes;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.TooLargeException;
import io.redrill.rdb.check.Finding;
import io.redrill.rdb.check.Finding.Severity;
import io.redrill.rdb.check.RdbCheck;
import io.redrill.rdb.check.RdbCheck.Depth;
import io.redrill.rdb.check.RdbCheckOptions;
import io.redrill.rdb.check.RdbCheckReport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Values of more than 2 GiB, out of a stream that makes them up, in less memory than they take.
class HugeValuesTest {

  private static final long STRING_BYTES = 3L << 30;
  private static final int ELEMENTS = 36;
  private static final long ELEMENT_BYTES = 64L << 20;
  private static final long FIELDS = 2_200_000;

  private static final byte[] BEFORE =
      RdbBytes.file("REDIS0011").key(0, "before").text("v").bytes();
  private static final byte[] AFTER = new RdbBytes().key(0, "after").text("v").endUnchecked();

  /// So many bytes of the letter `z`.
  static final class Letters extends InputStream {
    private long left;

    Letters(long count) {
      this.left = count;
    }

    @Override
    public int read() {
      return left-- > 0 ? 'z' : -1;
    }

    @Override
    public int read(byte[] target, int from, int length) {
      if (left <= 0) {
        return -1;
      }
      int count = (int) Math.min(length, left);
      Arrays.fill(target, from, from + count, (byte) 'z');
      left -= count;
      return count;
    }
  }

  /// So many fields of a hash, each with a name of its own and a value of nearly a kilobyte.
  static final class Fields extends InputStream {
    private static final int LARGEST = 1024;

    private final long count;
    private final byte[] value = new byte[1000];
    private byte[] field = {};
    private int at;
    private long made;

    Fields(long count) {
      this.count = count;
      Arrays.fill(value, (byte) 'v');
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("it is read by the buffer");
    }

    @Override
    public int read(byte[] target, int from, int length) {
      int done = 0;
      while (done < length && next()) {
        int step = Math.min(length - done, field.length - at);
        System.arraycopy(field, at, target, from + done, step);
        at += step;
        done += step;
      }
      return done == 0 ? -1 : done;
    }

    private boolean next() {
      if (at == field.length && made < count) {
        field = new RdbBytes().text("field" + made++).blob(value).bytes();
        at = 0;
        assertThat(field.length).isLessThanOrEqualTo(LARGEST);
      }
      return at < field.length;
    }
  }

  /// A hash whose fields add up to more than 2 GiB.
  static ByteInput hash() {
    byte[] begin = new RdbBytes().raw(BEFORE).key(4, "huge").length(FIELDS).bytes();
    return input(List.of(bytes(begin), new Fields(FIELDS), bytes(AFTER)));
  }

  private static ByteInput string() {
    byte[] begin = new RdbBytes().raw(BEFORE).key(0, "huge").length(STRING_BYTES).bytes();
    return input(List.of(bytes(begin), new Letters(STRING_BYTES), bytes(AFTER)));
  }

  private static ByteInput list() {
    List<InputStream> parts = new ArrayList<>();
    parts.add(bytes(new RdbBytes().raw(BEFORE).key(1, "huge").length(ELEMENTS).bytes()));
    for (int i = 0; i < ELEMENTS; i++) {
      parts.add(bytes(new RdbBytes().length(ELEMENT_BYTES).bytes()));
      parts.add(new Letters(ELEMENT_BYTES));
    }
    parts.add(bytes(AFTER));
    return input(parts);
  }

  private static InputStream bytes(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  private static ByteInput input(List<InputStream> parts) {
    return new ByteInput(new SequenceInputStream(Collections.enumeration(parts)), "huge");
  }

  private static RdbCheckReport check(ByteInput in, Depth depth, int threads) throws IOException {
    return RdbCheck.checkFile(
        in, new RdbCheckOptions(depth, RdbReading.DEFAULT, threads, Optional.empty()));
  }

  @Test
  void aStringIsPassedOver() throws IOException {
    RdbCheckReport report = check(string(), Depth.STRUCTURE, 1);

    assertThat(report.isSound()).isTrue();
    assertThat(report.entries()).containsEntry(RdbType.STRING, 3L);
    assertThat(report.end().orElseThrow().offset())
        .isEqualTo(STRING_BYTES + BEFORE.length + AFTER.length + 11);
  }

  @Test
  void soIsAListWhoseElementsAddUp() throws IOException {
    RdbCheckReport report = check(list(), Depth.STRUCTURE, 1);

    assertThat(report.isSound()).isTrue();
    assertThat(report.entries()).containsEntry(RdbType.LIST, 1L);
    assertThat(report.entries()).containsEntry(RdbType.STRING, 2L);
  }

  @Test
  void aListIsLookedInto() throws IOException {
    RdbCheckReport report = check(list(), Depth.ELEMENTS, 1);

    assertThat(report.findings()).extracting(Finding::severity).containsOnly(Severity.INFO);
    assertThat(report.isSound()).isTrue();
    assertThat(report.digest().keys()).isEqualTo(3);
  }

  /// Also in a small heap: the hash is larger than 2 GiB, and nothing in it is larger than a
  /// kilobyte.
  @Test
  void aHashIsLookedInto() throws Exception {
    RdbCheckReport report = check(hash(), Depth.ELEMENTS, 2);

    assertThat(report.isSound()).isTrue();
    assertThat(report.end().orElseThrow().offset()).isGreaterThan(1L << 31);
    assertThat(report.digest().keys()).isEqualTo(3);
    assertThat(SmallHeap.run("hash").output()).isEqualTo("sound: true");
  }

  /// What is too large is one of its elements; the end of the list is known, and the check goes on.
  @Test
  void anElementThatNoArrayCouldHoldIsAFinding() throws IOException {
    byte[] begin =
        new RdbBytes()
            .raw(BEFORE)
            .key(1, "huge")
            .length(2)
            .text("small")
            .length(STRING_BYTES)
            .bytes();
    RdbCheckReport report =
        check(
            input(List.of(bytes(begin), new Letters(STRING_BYTES), bytes(AFTER))),
            Depth.ELEMENTS,
            1);

    assertThat(report.findings())
        .filteredOn(finding -> finding.severity() == Severity.ERROR)
        .singleElement()
        .satisfies(
            finding -> assertThat(finding.sentence()).contains("larger than 2 GiB"),
            finding -> assertThat(finding.key()).contains("huge"));
    assertThat(report.entries()).containsEntry(RdbType.STRING, 2L);
  }

  @Test
  void aLookInsideIsRefusedBeforeItTakesMemory() throws IOException {
    RdbCursor cursor = new RdbCursor(string());
    cursor.next();
    cursor.next();

    assertThat(cursor.key().toByteArray()).asString().isEqualTo("huge");
    assertThatThrownBy(cursor::value)
        .isInstanceOf(TooLargeException.class)
        .hasMessageContaining("larger than 2 GiB");
  }

  @Test
  void aCheckOfElementsSaysSo() throws IOException {
    RdbCheckReport report = check(string(), Depth.ELEMENTS, 1);

    assertThat(report.isSound()).isFalse();
    assertThat(report.findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.sentence()).contains("larger than 2 GiB"));
  }

  /// Several threads hold one large value at a time, as one thread does.
  @Test
  void threadsTakeTheMemoryOfOne() throws Exception {
    SmallHeap large = SmallHeap.run("large");

    assertThat(large.output()).isEqualTo("sound: true");
  }

  /// Nobody copies what a survey walks through.
  @Test
  void aSurveyKeepsNoLargeValue() throws Exception {
    assertThat(SmallHeap.run("compat").output()).isEqualTo("encoded anew: 2");
  }

  @Test
  void collectionsAreWrittenAnewElementByElement() throws Exception {
    assertThat(SmallHeap.run("convert").output()).isEqualTo("same: true");
  }

  /// A walk that is over holds nothing while the next one goes on.
  @Test
  void aFieldIsHeldOnce() throws Exception {
    assertThat(SmallHeap.run("convert fields").output()).isEqualTo("same: true");
  }

  /// Before anything is written: what is one piece has to be held to change its form.
  @Test
  void aPackedOneThatHasNoRoomIsRefusedWithItsKey() throws Exception {
    assertThat(SmallHeap.run("refuse").output())
        .isEqualTo(
            "a packed value that has to change its form is larger than a quarter of the memory: large");
  }

  /// Not for less than what it takes: 150,000 pending ids are 6 MB, and take some 30 MB.
  @Test
  void theGroupsOfAStreamAreRefusedOnlyWhereTheyHaveNoRoom() throws Exception {
    assertThat(SmallHeap.run("convert pending").output()).isEqualTo("same: true");
    assertThat(SmallHeap.run("refuse pending").output())
        .isEqualTo(
            "what a stream that has to change its form says of its groups takes more than half of"
                + " the memory: large");
  }

  /// A thread that runs out of memory ends the check, which then neither hangs nor claims anything.
  @Test
  void memoryThatRunsOutInAThreadIsNoVerdict() throws Exception {
    SmallHeap bomb = SmallHeap.run("bomb");

    assertThat(bomb.output()).isEqualTo("out of memory");
  }
}
