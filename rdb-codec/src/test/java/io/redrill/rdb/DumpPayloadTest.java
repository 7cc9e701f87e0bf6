package io.redrill.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DumpPayloadTest {

  private static final int FOOTER_BYTES = 10;

  /// Redis 6.0, whose version is 9, ends when it gets a value of a module that it lacks, but
  /// refuses any payload of a later version.
  @ParameterizedTest
  @CsvSource({
    "81bde72da2bb1eb400, 12, a vector set",
    "81bde72da2bb1eb401, 12, a vector set of another encoding",
    "81b5eb2dfffadd6c01, 8, a value of another module",
    "81be71, 8, a damaged id",
    "'', 8, no id"
  })
  void hasTheVersionOfTheFirstServersWithTheModule(String value, int version, String what) {
    byte[] bytes = HexFormat.of().parseHex(value);

    byte[] payload = DumpPayload.of(RdbType.MODULE_2, bytes);

    assertThat(payload[payload.length - FOOTER_BYTES]).as(what).isEqualTo((byte) version);
  }
}
