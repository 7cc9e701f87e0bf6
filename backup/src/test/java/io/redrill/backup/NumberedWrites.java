package io.redrill.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.testing.RealRedis;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.Random;

/// Writes the numbers from 1 on into a list, on one connection, in several shapes; what a server
/// holds then is 1 to n, or something was lost, doubled or reordered.
final class NumberedWrites implements Closeable {

  private static final String KEY = "numbers";

  private final Random random;
  private RespConnection connection;
  private int written;

  /// Writes into `server`; `random` chooses the shapes.
  NumberedWrites(RealRedis server, Random random) throws IOException {
    this.random = random;
    this.connection = server.connect();
  }

  /// Goes on with another server, which holds what the first held.
  void continueOn(RealRedis server) throws IOException {
    connection.close();
    connection = server.connect();
    assertThat(read(connection)).isEqualTo(written);
  }

  /// Begins at 1 again, on a server that holds nothing.
  void beginOn(RealRedis server) throws IOException {
    connection.close();
    connection = server.connect();
    written = 0;
  }

  /// Goes on behind what this server holds.
  void adopt() throws IOException {
    written = read(connection);
  }

  /// Writes `count` more, alone, several at a time, or in transactions with another database.
  void write(int count) throws IOException {
    int last = written + count;
    while (written < last) {
      switch (random.nextInt(4)) {
        case 0 -> transaction(Math.min(last - written, 1 + random.nextInt(4)));
        case 1 -> several(Math.min(last - written, 1 + random.nextInt(4)));
        default -> one();
      }
    }
  }

  /// Writes one more together with `bytes` of ballast, which goes again at once.
  void writeWithBallast(int bytes) throws IOException {
    connection.call("SET", "ballast", "x".repeat(bytes));
    one();
    connection.call("DEL", "ballast");
  }

  /// Writes something that is no number.
  void writeOther() throws IOException {
    writeOther("x");
  }

  /// As above, and can be found again.
  void writeOther(String value) throws IOException {
    connection.call("SET", "other", value);
  }

  private void one() throws IOException {
    connection.call("RPUSH", KEY, next());
  }

  private void several(int count) throws IOException {
    String[] command = new String[count + 2];
    command[0] = "RPUSH";
    command[1] = KEY;
    for (int i = 0; i < count; i++) {
      command[i + 2] = next();
    }
    connection.call(command);
  }

  private void transaction(int count) throws IOException {
    connection.call("MULTI");
    connection.call("SELECT", "2");
    connection.call("INCRBY", "transactions", String.valueOf(count));
    connection.call("SELECT", "0");
    for (int i = 0; i < count; i++) {
      connection.call("RPUSH", KEY, next());
    }
    connection.call("EXEC");
  }

  private String next() {
    written++;
    return String.valueOf(written);
  }

  /// How many numbers were written.
  int written() {
    return written;
  }

  /// Where the server's log ends now, in replication offsets.
  long offset() throws IOException {
    return Long.parseLong(Servers.field(connection, "replication", "master_repl_offset"));
  }

  /// A moment at which nothing was on its way.
  ///
  /// @param offset where the log ended
  /// @param written how many numbers there were
  record Mark(Instant at, String timeline, long offset, int written) {}

  /// Reads the list of a server and returns n, after proving that it is 1 to n.
  static int read(RespConnection connection) throws IOException {
    int length = Math.toIntExact(connection.call("LLEN", KEY).asLong());
    var numbers = connection.call("LRANGE", KEY, "0", "-1").asList();
    for (int i = 0; i < length; i++) {
      assertThat(numbers.get(i).asText()).as("the element %d", i).isEqualTo(String.valueOf(i + 1));
    }
    return length;
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
