package io.redrill.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.RdbEnvelope.Codec;
import io.redrill.rdb.check.RdbCheck;
import io.redrill.rdb.check.RdbCheckReport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Valkey's compression envelope, known from descriptions only.
class RdbEnvelopeTest {

  private static final byte[] RDB =
      RdbBytes.file("VALKEY081").put(254, 0).key(0, "k").text("v").end();

  /// For an envelope that says zstd, and has the RDB in it as it is.
  private static final RdbEnvelope.Decompressor NOT_PACKED = (in, name) -> in;

  @Test
  void opensBothForms() throws IOException {
    byte[] lz4 = new RdbBytes().ascii("VCS").put(1, 1, 0, 1).raw(frame()).bytes();
    byte[] older = new RdbBytes().ascii("VKCS").put(1, 1, 1, 1).raw(frame()).bytes();
    byte[] zstd = new RdbBytes().ascii("VCS").put(1, 2, 0, 1).raw(RDB).bytes();

    for (byte[] file : new byte[][] {lz4, older, zstd, RDB}) {
      assertThat(check(file).isSound()).isTrue();
      assertThat(check(file).findings()).isEmpty();
      assertThat(check(file).digest()).isEqualTo(check(RDB).digest());
    }
    assertThat(open(lz4).envelope()).contains(new RdbEnvelope(Codec.LZ4));
    assertThat(open(zstd).envelope()).contains(new RdbEnvelope(Codec.ZSTD));
    assertThat(open(RDB).envelope()).isEmpty();
  }

  @Test
  void refusesEveryTruncation() throws IOException {
    byte[] file = new RdbBytes().ascii("VCS").put(1, 1, 0, 1).raw(frame()).bytes();

    for (int length = 0; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      boolean isSound;
      try {
        // What follows the RDB inside the frame is read too, up to the frame's end.
        isSound = check(cut).isSound();
      } catch (FormatException refused) {
        isSound = false;
      }
      assertThat(isSound).as("cut to %d bytes", length).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2, 1, 0, 1, the unknown version 2",
    "1, 3, 0, 1, the unknown codec 3",
    "1, 0, 0, 1, the unknown codec 0",
    "1, 1, 1, 1, the unknown flags 1",
    "1, 1, 0, 2, holds no RDB"
  })
  void refusesWhatItDoesNotKnow(int version, int codec, int flags, int kind, String sentence) {
    byte[] file = new RdbBytes().ascii("VCS").put(version, codec, flags, kind).raw(frame()).bytes();

    assertThatThrownBy(() -> open(file))
        .isInstanceOf(TooNewException.class)
        .hasMessageContaining(sentence);
  }

  @ParameterizedTest
  @CsvSource({"VCS, 1, lz4", "VCS, 2, zstd", "VKCS, 2, zstd", "VCS, 9, codec 9"})
  void isNamedByAReaderThatWasNotTold(String magic, int codec, String name) {
    byte[] file = new RdbBytes().ascii(magic).put(1, codec, 0, 1).raw(frame()).bytes();

    assertThatThrownBy(() -> RareForms.records(file))
        .isInstanceOf(TooNewException.class)
        .hasMessageContaining("compression envelope of Valkey 9.2 (" + name + ")");
  }

  /// The RDB in one block that is not packed.
  private static byte[] frame() {
    return new RdbBytes()
        .put(0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82)
        .little(4, 0x8000_0000L | RDB.length)
        .raw(RDB)
        .little(4, 0)
        .bytes();
  }

  private static RdbEnvelope.Opened open(byte[] file) throws IOException {
    return RdbEnvelope.open(new ByteArrayInputStream(file), "test", NOT_PACKED);
  }

  private static RdbCheckReport check(byte[] file) throws IOException {
    try (InputStream in = open(file).rdb()) {
      return RdbCheck.checkFile(new ByteInput(in, "test"));
    }
  }
}
