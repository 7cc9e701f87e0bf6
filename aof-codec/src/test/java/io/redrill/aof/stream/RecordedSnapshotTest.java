package io.redrill.aof.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.AofCorpus;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.check.RdbCheck;
import io.redrill.rdb.check.RdbCheckReport;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordedSnapshotTest {

  private static final String MARK = "0123456789012345678901234567890123456789";

  @ParameterizedTest
  @MethodSource("io.redrill.aof.AofCorpus#streams")
  void findsTheRdbThatAPrimarySent(Path recording) throws IOException {
    byte[] whole = Files.readAllBytes(recording);
    int begin = AofCorpus.beside(recording, ".json").get("rdb_at").asInt();

    byte[] rdb = RecordedSnapshot.open(new ByteArrayInputStream(whole), "recording").readAllBytes();

    assertThat(RecordedSnapshot.mayBegin(whole[0])).isTrue();
    assertThat(rdb).isEqualTo(Arrays.copyOfRange(whole, begin, begin + rdb.length));
    RdbCheckReport check = RdbCheck.checkFile(ByteInput.of(rdb, "recording"));
    assertThat(check.findings()).isEmpty();
    assertThat(check.end()).isPresent();
  }

  /// Delivers a byte at a time.
  private static InputStream slow(String text) {
    return new FilterInputStream(new ByteArrayInputStream(text.getBytes(ISO_8859_1))) {
      @Override
      public int read(byte[] target, int from, int length) throws IOException {
        return super.read(target, from, Math.min(length, 1));
      }
    };
  }

  private static String read(String recording) throws IOException {
    try (InputStream in = RecordedSnapshot.open(slow(recording), "recording")) {
      return new String(in.readAllBytes(), ISO_8859_1);
    }
  }

  @Test
  void readsNoFurtherThanItSaysForTheBeginning() throws IOException {
    int room = RecordedSnapshot.MOST_BYTES_BEFORE;
    ByteArrayInputStream feeds = new ByteArrayInputStream("\n".repeat(room + 10).getBytes(UTF_8));

    assertThatThrownBy(() -> RecordedSnapshot.open(feeds, "recording"))
        .isInstanceOf(CorruptInputException.class)
        .hasMessageContaining("no RDB");
    assertThat(feeds.available()).isEqualTo(10);
    assertThat(read("\n".repeat(room - 4) + "$5\r\nREDIS")).isEqualTo("REDIS");
  }

  @Test
  void endsAtTheMarkAndAtTheLength() throws IOException {
    assertThat(read("\n+FULLRESYNC x 0\r\n\n$EOF:" + MARK + "\r\nab" + MARK + "*1\r\n"))
        .isEqualTo("ab");
    assertThat(read("$EOF:" + MARK + "\r\n0123" + MARK)).isEqualTo("0123");
    assertThat(read("$EOF:" + MARK + "\r\n" + MARK)).isEmpty();
    assertThat(read("$3\r\nabcd")).isEqualTo("abc");
    assertThat(read("$0\r\nabcd")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "$4, abc, true",
    "$3, abc, false",
    "$EOF:" + MARK + ", ab, true",
    "$EOF:" + MARK + ", 012345678901234567890123456789012345678, true",
  })
  void handsOutAllOfWhatEndsEarly(String frame, String rest, boolean endsEarly) throws IOException {
    try (RecordedSnapshot in = RecordedSnapshot.open(slow(frame + "\r\n" + rest), "recording")) {
      assertThat(new String(in.readAllBytes(), ISO_8859_1)).isEqualTo(rest);
      assertThat(in.endsEarly()).isEqualTo(endsEarly);
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+CONTINUE\r\n*1\r\n",
        "$EOF:short\r\n",
        "$-1\r\n",
        "$",
        "+FULLRESYNC x 0\r\n",
        "\n\n\n"
      })
  void refusesWhatIsNone(String recording) {
    assertThatThrownBy(() -> read(recording)).isInstanceOf(CorruptInputException.class);
  }
}
