package io.redrill.aof.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigInteger;
import java.net.ProtocolException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RespReaderTest {

  @Test
  void readsCommandsUntilTheEnd() throws IOException {
    RespReader reader = reader("*2\r\n$3\r\nGET\r\n$5\r\na\r\nb\0\r\n*1\r\n$4\r\nPING\r\n");

    assertThat(text(reader.readCommand().orElseThrow())).containsExactly("GET", "a\r\nb\0");
    assertThat(text(reader.readCommand().orElseThrow())).containsExactly("PING");
    assertThat(reader.readCommand()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PING\r\n",
        "*0\r\n",
        "*-1\r\n",
        "*1\n$4\r\nPING\r\n",
        "*1\r\n:4\r\n",
        "*1\r\n$-1\r\n",
        "*1\r\n$4\r\nPINGxx",
        "*1x\r\n",
        "*+1\r\n",
        "*\r\n",
        "*99999999999999999999\r\n",
        "*9223372036854775808\r\n",
        "*1\r\n$600000000\r\n",
        "*2000000\r\n",
        "\0\0\0"
      })
  void refusesWhatIsNoCommand(String bytes) {
    assertThatThrownBy(() -> reader(bytes).readCommand())
        .isInstanceOf(CorruptInputException.class)
        .hasMessageContaining("file=test");
  }

  @Test
  void saysWhereTheFaultIs() {
    assertThatThrownBy(() -> reader("*1\r\n$4\r\nPING??").readCommand())
        .isInstanceOfSatisfying(
            CorruptInputException.class,
            fault -> {
              assertThat(fault.offset()).isEqualTo(12);
              assertThat(fault.problem()).contains("0x3f");
            });
  }

  @Test
  void endsWithEndOfFileAtEveryCut() {
    String whole = "*2\r\n$4\r\nECHO\r\n$3\r\nabc\r\n";
    for (int cut = 1; cut < whole.length(); cut++) {
      String part = whole.substring(0, cut);
      assertThatThrownBy(() -> reader(part).readCommand())
          .as("cut at %d", cut)
          .isInstanceOf(EOFException.class);
    }
  }

  @Test
  void boundsTheBytesOfOneCommand() {
    RespLimits limits = new RespLimits(10, 10, 15, 4);
    String bytes = "*2\r\n$8\r\n12345678\r\n$8\r\n12345678\r\n";
    assertThatThrownBy(() -> new RespReader(input(bytes), limits).readCommand())
        .isInstanceOf(CorruptInputException.class)
        .hasMessageContaining("longer than 15 bytes");
  }

  @Test
  void boundsNesting() {
    assertThatThrownBy(() -> reader("*1\r\n".repeat(100)).readReply())
        .isInstanceOf(CorruptInputException.class)
        .hasMessageContaining("nested");
  }

  @Test
  void boundsALineWithoutEnd() {
    RespLimits limits = new RespLimits(10, 10, 1000, 4);
    assertThatThrownBy(() -> new RespReader(input("+" + "x".repeat(100_000)), limits).readReply())
        .isInstanceOf(CorruptInputException.class);
  }

  @Test
  void readsEveryKindOfReply() throws IOException {
    assertThat(reply("+OK\r\n")).isEqualTo(new RespReply.SimpleString("OK"));
    assertThat(reply("-ERR no\r\n")).isEqualTo(new RespReply.ErrorReply("ERR no"));
    assertThat(reply("!6\r\nERR no\r\n")).isEqualTo(new RespReply.ErrorReply("ERR no"));
    assertThat(reply(":-9223372036854775808\r\n").asLong()).isEqualTo(Long.MIN_VALUE);
    assertThat(reply(":9223372036854775807\r\n").asLong()).isEqualTo(Long.MAX_VALUE);
    assertThat(reply("$2\r\nhi\r\n").asText()).isEqualTo("hi");
    assertThat(reply("$-1\r\n")).isEqualTo(new RespReply.NullReply());
    assertThat(reply("*-1\r\n")).isEqualTo(new RespReply.NullReply());
    assertThat(reply("_\r\n")).isEqualTo(new RespReply.NullReply());
    assertThat(reply("*2\r\n:1\r\n*1\r\n:2\r\n")).isEqualTo(array(integer(1), array(integer(2))));
    assertThat(reply("~1\r\n:1\r\n")).isEqualTo(new RespReply.SetReply(List.of(integer(1))));
    assertThat(reply(">1\r\n:1\r\n")).isEqualTo(new RespReply.PushReply(List.of(integer(1))));
    assertThat(reply("%1\r\n+a\r\n:1\r\n"))
        .isEqualTo(
            new RespReply.MapReply(
                List.of(
                    new RespReply.MapReply.Entry(new RespReply.SimpleString("a"), integer(1)))));
    assertThat(reply(",1.5e3\r\n")).isEqualTo(new RespReply.DoubleReply(1500));
    assertThat(reply(",-inf\r\n")).isEqualTo(new RespReply.DoubleReply(Double.NEGATIVE_INFINITY));
    assertThat(reply("#t\r\n")).isEqualTo(new RespReply.BooleanReply(true));
    assertThat(reply("(123456789012345678901234567890\r\n"))
        .isEqualTo(new RespReply.BigNumber(new BigInteger("123456789012345678901234567890")));
    assertThat(reply("=7\r\ntxt:abc\r\n").asText()).isEqualTo("abc");
    assertThat(reply("|1\r\n+ttl\r\n:3\r\n+OK\r\n")).isEqualTo(new RespReply.SimpleString("OK"));
  }

  @Test
  void refusesTheWrongKind() throws IOException {
    RespReply reply = reply(":1\r\n");
    assertThatThrownBy(reply::asText)
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("expected=a string");
  }

  @Test
  void readsBackWhatTheWriterWrites() throws IOException {
    long seed = 20261124;
    Random random = new Random(seed);
    for (int round = 0; round < 2000; round++) {
      RespReply reply = anyReply(random, 4);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      new RespWriter(bytes, RespVersion.RESP3).writeReply(reply);
      RespReply back = new RespReader(ByteInput.of(bytes.toByteArray(), "test")).readReply();
      assertThat(back)
          .as("seed %d round %d", seed, round)
          .usingRecursiveComparison()
          .isEqualTo(reply);
    }
  }

  @Test
  void writesVersion3TypesInVersion2Form() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    RespWriter writer = new RespWriter(bytes);
    writer.writeReply(
        new RespReply.MapReply(
            List.of(
                new RespReply.MapReply.Entry(
                    new RespReply.DoubleReply(2), new RespReply.BooleanReply(true)))));
    writer.writeReply(new RespReply.NullReply());
    assertThat(bytes.toString(ISO_8859_1)).isEqualTo("*2\r\n$1\r\n2\r\n:1\r\n$-1\r\n");
  }

  private static RespReply anyReply(Random random, int depth) {
    return switch (random.nextInt(depth > 1 ? 12 : 9)) {
      case 0 -> new RespReply.SimpleString("status" + random.nextInt());
      case 1 -> new RespReply.ErrorReply("ERR " + random.nextInt());
      case 2 -> integer(random.nextLong());
      case 3 -> new RespReply.BulkString(anyBytes(random));
      case 4 -> new RespReply.NullReply();
      case 5 -> new RespReply.DoubleReply(random.nextGaussian() * 1e20);
      case 6 -> new RespReply.BooleanReply(random.nextBoolean());
      case 7 -> new RespReply.BigNumber(new BigInteger(200, random).negate());
      case 8 -> new RespReply.VerbatimString("mkd", anyBytes(random));
      case 9 -> array(anyReply(random, depth - 1), anyReply(random, depth - 1));
      case 10 ->
          new RespReply.MapReply(
              List.of(
                  new RespReply.MapReply.Entry(
                      anyReply(random, depth - 1), anyReply(random, depth - 1))));
      default -> new RespReply.SetReply(List.of(anyReply(random, depth - 1)));
    };
  }

  private static byte[] anyBytes(Random random) {
    byte[] bytes = new byte[random.nextInt(300)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static RespReply integer(long value) {
    return new RespReply.IntegerReply(value);
  }

  private static RespReply array(RespReply... items) {
    return new RespReply.ArrayReply(List.of(items));
  }

  private static RespReply reply(String bytes) throws IOException {
    return reader(bytes).readReply();
  }

  private static RespReader reader(String bytes) {
    return new RespReader(input(bytes));
  }

  private static ByteInput input(String bytes) {
    return ByteInput.of(bytes.getBytes(ISO_8859_1), "test");
  }

  private static List<String> text(List<byte[]> args) {
    return args.stream().map(arg -> new String(arg, ISO_8859_1)).toList();
  }
}
