package io.redrill.aof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AbsoluteExpiryTest {

  private static final long NOW = 1_000_000;

  @ParameterizedTest
  @CsvSource({
    "EXPIRE k 10, PEXPIREAT k 1010000",
    "expire k 10 NX, PEXPIREAT k 1010000 NX",
    "EXPIRE k -1, PEXPIREAT k 999000",
    "PEXPIRE k 10, PEXPIREAT k 1000010",
    "SETEX k 10 v, SET k v PXAT 1010000",
    "PSETEX k 10 v, SET k v PXAT 1000010",
    "SET k v EX 10, SET k v PXAT 1010000",
    "SET k v px 10, SET k v PXAT 1000010",
    "SET k v NX PX 10 GET, SET k v NX PXAT 1000010 GET",
    "SET EX PX EX 10, SET EX PX PXAT 1010000",
    "GETEX k EX 10, PEXPIREAT k 1010000",
    "GETEX k PX 10, PEXPIREAT k 1000010",
    "RESTORE k 10 payload, RESTORE k 1000010 payload ABSTTL",
    "RESTORE k 10 payload REPLACE, RESTORE k 1000010 payload REPLACE ABSTTL",
  })
  void tellsTheMoment(String relative, String absolute) {
    assertThat(rewritten(relative)).isEqualTo(absolute);
  }

  @ParameterizedTest
  @CsvSource({
    "SET k v",
    "SET k EX",
    "SET k v KEEPTTL",
    "SET k v PXAT 10",
    "SET k v EXAT 10",
    "SET k v EX",
    "SET k v EX ten",
    "SET k v EX 9223372036854775807",
    "PEXPIRE k 9223372036854775807",
    "EXPIREAT k 10",
    "PEXPIREAT k 10",
    "EXPIRE k",
    "SETEX k 10",
    "GETEX k",
    "GETEX k PERSIST",
    "RESTORE k 0 payload",
    "RESTORE k 10 payload absttl",
    "RESTORE k",
    "EXPIRED k 10",
    "RPUSH EX 10",
  })
  void leavesTheRestAsItIs(String command) {
    assertThat(rewritten(command)).isEqualTo(command);
  }

  private static String rewritten(String command) {
    List<byte[]> args =
        Arrays.stream(command.split(" ", -1))
            .map(word -> word.getBytes(StandardCharsets.ISO_8859_1))
            .toList();
    return AbsoluteExpiry.of(args, NOW).stream()
        .map(word -> new String(word, StandardCharsets.ISO_8859_1))
        .collect(Collectors.joining(" "));
  }
}
