package io.redrill.backup.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.redrill.aof.AofManifest;
import io.redrill.aof.AofManifest.Part;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import io.redrill.backup.source.AofLocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AofTailTest {

  private static final String NAME = "appendonly.aof";
  private static final Part FIRST = new Part(NAME + ".1.incr.aof", 1, AofManifest.Type.INCREMENTAL);
  private static final Part SECOND =
      new Part(NAME + ".2.incr.aof", 2, AofManifest.Type.INCREMENTAL);
  private static final Part THIRD = new Part(NAME + ".3.incr.aof", 3, AofManifest.Type.INCREMENTAL);

  @TempDir private Path directory;

  @BeforeEach
  void begin() throws IOException {
    append(FIRST, "one ");
    say(FIRST);
  }

  private void append(Part part, String text) throws IOException {
    Files.writeString(
        directory.resolve(part.name()), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private void say(Part... parts) throws IOException {
    new AofManifest(List.of(parts)).store(directory, NAME + ".manifest");
  }

  private AofTail tail() throws IOException {
    return new AofTail(new AofLocation(directory, NAME), FIRST, 0, manifest -> {}, () -> {});
  }

  /// Whoever reads may be busy with what was read while a rewrite begins and ends.
  @Test
  void aRewriteThatPassesWhileNobodyReadsIsSeen() throws IOException {
    try (AofTail tail = tail()) {
      append(FIRST, "two ");
      say(FIRST, SECOND);
      await().until(tail::isFollowed);
      say(SECOND);
      Files.delete(directory.resolve(FIRST.name()));

      assertThat(new String(tail.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo("one two ");
      assertThat(tail.successor()).contains(SECOND);
      tail.release();
    }
  }

  @Test
  void aFileThatIsGoneWithoutItsNextOneIsNoEnd() throws IOException {
    try (AofTail tail = tail()) {
      say(THIRD);

      assertThatThrownBy(tail::readAllBytes)
          .isInstanceOfSatisfying(
              RedrillException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.AOF_REPLACED));
      tail.release();
    }
  }
}
