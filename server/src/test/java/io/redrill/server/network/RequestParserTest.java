package io.redrill.server.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What clients may send, whole, in pieces, and with ill intent.
final class RequestParserTest {

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// All requests in `text`, fed in pieces of `step` bytes; or the error that ended it.
  private static List<String> parse(String text, int step, boolean authenticated) {
    RequestParser parser = new RequestParser();
    List<String> requests = new ArrayList<>();
    byte[] all = bytes(text);
    for (int from = 0; from < all.length; from += step) {
      byte[] piece = Arrays.copyOfRange(all, from, Math.min(all.length, from + step));
      for (int at = 0; at < piece.length; ) {
        at = parser.feed(piece, at, piece.length, authenticated);
        if (parser.error() != null) {
          requests.add("error: " + parser.error());
          return requests;
        }
        byte[][] request = parser.take();
        if (request != null) {
          requests.add(
              Arrays.stream(request)
                  .map(word -> new String(word, StandardCharsets.ISO_8859_1))
                  .toList()
                  .toString());
        }
      }
    }
    return requests;
  }

  @Test
  void takesTheSameRequestsHoweverTheyAreCut() {
    String text =
        String.join(
            "\r\n",
            "*2",
            "$3",
            "GET",
            "$0",
            "",
            "PING",
            "",
            "*0",
            "*-1",
            "set \"a\\x41\\n\" 'it\\'s'",
            "*1",
            "$4",
            "QU\r\n",
            "");
    List<String> expected = List.of("[GET, ]", "[PING]", "[set, aA\n, it's]", "[QU\r\n]");
    for (int step = 1; step <= text.length(); step++) {
      assertThat(parse(text, step, true)).as("pieces of %d bytes", step).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "*9223372036854775807 | invalid multibulk length",
        "*1048577 | invalid multibulk length",
        "*99999999999999999999 | invalid multibulk length",
        "*x | invalid multibulk length",
        "*1;$-1 | invalid bulk length",
        "*1;$536870913 | invalid bulk length",
        "*1;$-9223372036854775808 | invalid bulk length",
        "*1;$ | invalid bulk length",
        "*1;:1 | expected '$', got ':'",
        "\"open | unbalanced quotes in request",
        "'a'b | unbalanced quotes in request"
      })
  void refuses(String lines, String error) {
    String text = lines.replace(";", "\r\n") + "\r\n";
    assertThat(parse(text, 1, true)).containsExactly("error: " + error);
    assertThat(parse(text, text.length(), true)).containsExactly("error: " + error);
  }

  @Test
  void allowsLittleBeforeAuthentication() {
    assertThat(parse("*11\r\n", 9, false))
        .containsExactly("error: unauthenticated multibulk length");
    assertThat(parse("*2\r\n$4\r\nAUTH\r\n$16385\r\n", 9, false))
        .containsExactly("error: unauthenticated bulk length");
  }

  @Test
  void refusesALineWithoutEnd() {
    assertThat(parse("a".repeat(70_000), 1000, true))
        .containsExactly("error: too big inline request");
    assertThat(parse("*" + "1".repeat(70_000), 1000, true))
        .containsExactly("error: too big mbulk count string");
  }

  @Test
  void keepsNoMoreThanWhatHasArrived() {
    RequestParser parser = new RequestParser();
    byte[] claim = bytes("*1048576\r\n$536870912\r\n");
    parser.feed(claim, 0, claim.length, true);
    assertThat(parser.bufferedBytes()).isZero();
    byte[] some = new byte[1000];
    parser.feed(some, 0, some.length, true);
    assertThat(parser.bufferedBytes()).isEqualTo(1000);
  }
}
