package io.redrill.aof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.AofCursor.Step;
import io.redrill.aof.AofRecord.Tail;
import io.redrill.aof.resp.RespLimits;
import io.redrill.aof.resp.RespReader;
import io.redrill.aof.resp.RespWriter;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.CorruptInputException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AofCursorTest {

  private static final int LARGE = 3 * CommandScanner.HELD_BYTES;

  /// Commands of all lengths, in pieces of all lengths: every argument is the one that the plain
  /// reader gives, and every byte is where it says.
  @Test
  void agreesWithThePlainReaderHoweverTheBytesArrive() throws IOException {
    for (long seed = 1; seed <= 60; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] log = randomLog(random);
      ByteInput plain = ByteInput.of(log, "plain");
      RespReader twin = new RespReader(plain, RespLimits.LOG);
      AofCursor cursor = new AofCursor(inPieces(log, random));
      ByteArrayOutputStream copy = new ByteArrayOutputStream();
      while (cursor.next() == Step.COMMAND) {
        long start = plain.offset();
        List<byte[]> args = twin.readCommand().orElseThrow();
        String what = "seed %d, offset %d".formatted(seed, start);
        assertThat(cursor.offset()).as(what).isEqualTo(start);
        assertThat(cursor.argumentCount()).as(what).isEqualTo(args.size());
        for (int i = 0; i < cursor.argumentsAtHand(); i++) {
          assertThat(argument(cursor, i)).as(what).isEqualTo(args.get(i));
        }
        if (random.nextBoolean()) {
          assertThat(cursor.copyTo(copy)).as(what).isTrue();
        } else {
          List<byte[]> own = cursor.arguments(RespLimits.LOG).orElseThrow();
          assertThat(Arrays.deepEquals(own.toArray(), args.toArray())).as(what).isTrue();
          copy.write(log, (int) start, (int) cursor.length());
        }
        assertThat(cursor.length()).as(what).isEqualTo(plain.offset() - start);
      }
      assertThat(cursor.end())
          .as("seed %d", seed)
          .isEqualTo(new AofRecord.End(log.length, log.length, new Tail.Clean()));
      assertThat(copy.toByteArray()).as("seed %d", seed).isEqualTo(log);
    }
  }

  @Test
  void showsTheBeginningOfALongCommand() throws IOException {
    byte[] log = log(command("SET", "key", "v".repeat(LARGE), "KEEPTTL"), command("SELECT", "2"));
    AofCursor cursor = new AofCursor(input(log));
    assertThat(cursor.next()).isEqualTo(Step.COMMAND);
    assertThat(cursor.is("SET")).isTrue();
    assertThat(cursor.argumentCount()).isEqualTo(4);
    assertThat(cursor.argumentsAtHand()).isEqualTo(2);
    assertThat(argument(cursor, 1)).isEqualTo("key".getBytes(ISO_8859_1));
    assertThat(cursor.goodOffset()).isZero();
    assertThat(cursor.complete()).isTrue();
    assertThat(argument(cursor, 1)).isEqualTo("key".getBytes(ISO_8859_1));
    assertThat(cursor.length())
        .isEqualTo(command("SET", "key", "v".repeat(LARGE), "KEEPTTL").length);
    assertThat(cursor.goodOffset()).isEqualTo(cursor.length());
    assertThat(cursor.next()).isEqualTo(Step.COMMAND);
    assertThat(cursor.db()).isEqualTo(2);
  }

  @Test
  void completesALongCommandUnasked() throws IOException {
    byte[] log = log(command("SET", "key", "v".repeat(LARGE)), command("PING"));
    AofCursor cursor = new AofCursor(input(log));
    cursor.next();
    assertThat(cursor.next()).isEqualTo(Step.COMMAND);
    assertThat(cursor.is("PING")).isTrue();
    assertThat(cursor.next()).isEqualTo(Step.END);
    assertThat(cursor.next()).isEqualTo(Step.END);
  }

  @Test
  void saysAtEveryKindOfPlaceThatALongCommandIsCutShort() throws IOException {
    byte[] first = command("SET", "a", "1");
    byte[] log = log(first, command("MSET", "k", "v".repeat(LARGE), "l", "w".repeat(LARGE)));
    SplittableRandom random = new SplittableRandom(5);
    for (int cut = log.length - 1; cut > first.length; cut -= 1 + random.nextInt(3000)) {
      byte[] part = Arrays.copyOf(log, cut);
      for (int way = 0; way < 4; way++) {
        AofCursor cursor = new AofCursor(input(part));
        cursor.next();
        Step step = cursor.next();
        if (step == Step.COMMAND) {
          switch (way) {
            case 0 -> assertThat(cursor.complete()).isFalse();
            case 1 -> assertThat(cursor.copyTo(new ByteArrayOutputStream())).isFalse();
            case 2 -> assertThat(cursor.arguments(RespLimits.LOG)).isEmpty();
            default -> {}
          }
          step = cursor.next();
        }
        assertThat(step).as("cut at %d", cut).isEqualTo(Step.END);
        assertThat(cursor.complete()).isFalse();
        assertThat(cursor.end())
            .as("cut at %d", cut)
            .isEqualTo(new AofRecord.End(first.length, cut, new Tail.CutInCommand(first.length)));
      }
    }
  }

  @Test
  void findsDamageInTheMiddleOfALongCommand() throws IOException {
    byte[] first = command("SET", "a", "1");
    byte[] log = log(first, command("MSET", "k", "v".repeat(LARGE), "l", "w".repeat(LARGE)));
    int at = log.length - 2 - LARGE - 11; // the line end before the header of the last value
    assertThat((char) log[at - 1]).isEqualTo('l');
    log[at] = 'x';
    AofCursor cursor = new AofCursor(input(log));
    cursor.next();
    cursor.next();
    assertThatThrownBy(cursor::complete)
        .isInstanceOfSatisfying(
            CorruptInputException.class, fault -> assertThat(fault.offset()).isEqualTo(at));
    assertThat(cursor.goodOffset()).isEqualTo(first.length);
  }

  /// A command may be long because it has many arguments, and none of them is.
  @Test
  void takesAnyNumberOfArguments() throws IOException {
    int count = 2_000_001;
    StringBuilder text = new StringBuilder("*" + count + "\r\n$4\r\nSADD\r\n");
    for (int i = 1; i < count; i++) {
      text.append("$1\r\na\r\n");
    }
    byte[] log = text.toString().getBytes(ISO_8859_1);
    AofCursor cursor = new AofCursor(input(log));
    assertThat(cursor.next()).isEqualTo(Step.COMMAND);
    assertThat(cursor.argumentCount()).isEqualTo(count);
    assertThat(cursor.complete()).isTrue();
    assertThat(cursor.next()).isEqualTo(Step.END);
    AofReader reader = new AofReader(input(log));
    assertThat(((AofRecord.Command) reader.next()).args()).hasSize(count);
  }

  /// What a length says is not believed before the bytes are there.
  @Test
  void takesNoMemoryForWhatIsOnlyAnnounced() throws IOException {
    byte[] log = "*2000000000\r\n$999999999999999999\r\nSE".getBytes(ISO_8859_1);
    AofCursor cursor = new AofCursor(input(log));
    assertThat(cursor.next()).isEqualTo(Step.COMMAND);
    assertThat(cursor.argumentsAtHand()).isZero();
    assertThat(cursor.is("SET")).isFalse();
    assertThat(cursor.complete()).isFalse();
    assertThat(cursor.end().tail()).isEqualTo(new Tail.CutInCommand(0));
    assertThatThrownBy(() -> new AofReader(input(log)).next())
        .isInstanceOf(CorruptInputException.class)
        .hasMessageContaining("out of range");
  }

  private static byte[] randomLog(SplittableRandom random) throws IOException {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    int commands = 1 + random.nextInt(30);
    for (int i = 0; i < commands; i++) {
      List<byte[]> args = new ArrayList<>();
      int count = random.nextInt(10) == 0 ? 1 + random.nextInt(5000) : 1 + random.nextInt(6);
      for (int j = 0; j < count; j++) {
        int length =
            switch (count > 100 ? 0 : random.nextInt(12)) {
              case 0 -> random.nextInt(3);
              case 1 -> random.nextInt(LARGE);
              case 2 -> CommandScanner.HELD_BYTES - 40 + random.nextInt(80);
              default -> random.nextInt(200);
            };
        byte[] argument = new byte[length];
        for (int k = 0; k < length; k++) {
          argument[k] = (byte) "\r\n$*#TS:0\0a".charAt(random.nextInt(11));
        }
        args.add(argument);
      }
      new RespWriter(log).writeCommand(args);
    }
    return log.toByteArray();
  }

  /// As a socket gives them: a few bytes, or many.
  private static ByteInput inPieces(byte[] log, SplittableRandom random) {
    InputStream pieces =
        new ByteArrayInputStream(log) {
          @Override
          public synchronized int read(byte[] target, int from, int wanted) {
            int most = random.nextInt(3) == 0 ? 1 + random.nextInt(20) : 1 + random.nextInt(50_000);
            return super.read(target, from, Math.min(wanted, most));
          }
        };
    return new ByteInput(pieces, "pieces", random.nextBoolean() ? 64 : 256 * 1024);
  }

  private static byte[] argument(AofCursor cursor, int index) {
    ByteSlice slice = new ByteSlice();
    cursor.argument(index, slice);
    return slice.toByteArray();
  }

  private static ByteInput input(byte[] log) {
    return new ByteInput(new ByteArrayInputStream(log), "test.aof");
  }

  private static byte[] log(byte[]... commands) {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    for (byte[] command : commands) {
      log.writeBytes(command);
    }
    return log.toByteArray();
  }

  private static byte[] command(String... args) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new RespWriter(bytes).writeCommand(args);
    return bytes.toByteArray();
  }
}
