package io.redrill.rdb.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.spill.SpillLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Groups, consumers and pending ids of a stream are compared whatever their number, and what is
/// found does not depend on how many fit into memory.
class StreamCheckTest {

  private static final long[] ROOMS = {0, 5_000, 90_000, 1 << 30};
  private static final int LEAST = 16_384;
  private static final int IDS = 1500;

  @TempDir private Path directory;

  @AfterEach
  void nothingIsLeftBehind() throws IOException {
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).isEmpty();
    }
  }

  private static ByteSlice name(String text) {
    return ByteSlice.of(text.getBytes(UTF_8));
  }

  private StreamCheck stream(long roomBytes, Path work) {
    StreamCheck stream = new StreamCheck(roomBytes, Optional.of(new SpillLimits(work, LEAST)));
    stream.begin();
    return stream;
  }

  private List<String> check(long roomBytes, Consumer<StreamCheck> pieces) throws IOException {
    StreamCheck stream = stream(roomBytes, directory);
    try {
      pieces.accept(stream);
      List<String> problems = stream.end();
      assertThat(stream.isFull()).isFalse();
      return problems;
    } finally {
      stream.release();
    }
  }

  /// What there is to say at every limit.
  private List<String> check(Consumer<StreamCheck> pieces) throws IOException {
    List<String> problems = check(ROOMS[ROOMS.length - 1], pieces);
    for (long roomBytes : ROOMS) {
      assertThat(check(roomBytes, pieces)).as("room %d", roomBytes).isEqualTo(problems);
    }
    return problems;
  }

  /// A group whose ids belong to two consumers in turn.
  private static void group(StreamCheck stream, String name) {
    stream.group(name(name));
    for (int i = 0; i < IDS; i++) {
      stream.pending(i, 7);
    }
    for (int consumer = 0; consumer < 2; consumer++) {
      stream.consumer(name("consumer" + consumer));
      for (int i = consumer; i < IDS; i += 2) {
        stream.owned(i, 7);
      }
    }
  }

  @Test
  void soundGroupsAreSound() throws IOException {
    assertThat(
            check(stream -> {
              group(stream, "a");
              group(stream, "b");
            }))
        .isEmpty();
  }

  @Test
  void eachRuleIsKept() throws IOException {
    assertThat(
            check(stream -> {
              group(stream, "b");
              group(stream, "a");
              stream.group(name("c"));
              for (int i = 0; i < IDS; i++) {
                stream.pending(i, 1);
              }
              stream.pending(901, 1);
              stream.pending(900, 1);
              stream.consumer(name("twice"));
              stream.owned(5, 1);
              stream.consumer(name("once"));
              stream.consumer(name("twice"));
              stream.owned(5, 1);
              stream.owned(3, 2);
              for (int i = 20; i < IDS; i++) {
                stream.owned(i, 1);
              }
              group(stream, "a");
            }))
        .containsExactly(
            "a stream has a group twice: a",
            "group 3 of a stream has a consumer twice: twice",
            "group 3 of a stream has an entry pending twice: 900-1",
            "a consumer in group 3 of a stream has a pending entry that the group has not, or another consumer has too: 3-2",
            "a pending entry in group 3 of a stream belongs to no consumer: 0-1");
  }

  @Test
  void idsAreUnsigned() throws IOException {
    assertThat(
            check(stream -> {
              stream.group(name("g"));
              stream.pending(-1, -1);
              stream.pending(-1, -2);
            }))
        .containsExactly(
            "a pending entry in group 1 of a stream belongs to no consumer: 18446744073709551615-18446744073709551614");
  }

  /// More often than fits into the memory for one id.
  @Test
  void anIdThatIsPendingVeryOftenIsFound() throws IOException {
    assertThat(
            check(stream -> {
              stream.group(name("g"));
              for (int i = 0; i < IDS; i++) {
                stream.pending(1, 1);
              }
              stream.consumer(name("c"));
              stream.owned(1, 1);
            }))
        .containsExactly("group 1 of a stream has an entry pending twice: 1-1");
  }

  @Test
  void anIdThatIsPendingVeryOftenIsMissedByItsConsumers() throws IOException {
    assertThat(
            check(stream -> {
              stream.group(name("g"));
              for (int i = 0; i < IDS; i++) {
                stream.pending(1, 1);
                stream.pending(2, i);
              }
            }))
        .containsExactly(
            "group 1 of a stream has an entry pending twice: 1-1",
            "a pending entry in group 1 of a stream belongs to no consumer: 1-1");
  }

  @Test
  void anIdThatConsumersHaveVeryOftenIsFound() throws IOException {
    assertThat(
            check(stream -> {
              stream.group(name("g"));
              stream.pending(1, 1);
              stream.consumer(name("c"));
              for (int i = 0; i < IDS; i++) {
                stream.owned(1, 1);
              }
            }))
        .containsExactly(
            "a consumer in group 1 of a stream has a pending entry that the group has not, or another consumer has too: 1-1");
  }

  @Test
  void manyGroupsAndConsumersAreCompared() throws IOException {
    String longName = "n".repeat(1000);
    assertThat(
            check(stream -> {
              for (int i = 0; i < IDS; i++) {
                stream.group(name(longName + i));
                stream.consumer(name("same"));
              }
              for (int i = 0; i < IDS; i++) {
                stream.consumer(name(longName + i));
              }
            }))
        .isEmpty();
  }

  @Test
  void theNextStreamBeginsAnew() throws IOException {
    StreamCheck stream = stream(300, directory);
    stream.group(name("g"));
    for (int i = 0; i < IDS; i++) {
      stream.pending(i, 1);
    }
    stream.release(); // it was damaged
    stream.begin();
    group(stream, "g");

    assertThat(stream.end()).isEmpty();
    stream.release();
  }

  @Test
  void filesThatCannotBeMadeAreSaid() throws IOException {
    Path noDirectory = Files.createFile(directory.resolve("file"));
    StreamCheck stream = stream(300, noDirectory);

    assertThatThrownBy(() -> group(stream, "g"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(noDirectory.toString());
    stream.release();
    Files.delete(noDirectory);
  }
}
