package io.redrill.rdb.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.TooLargeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What stands in a slot is what its keys are, whatever their order.
class SlotDigestsTest {

  private static void add(SlotDigests to, int db, String key) throws TooLargeException {
    byte[] name = key.getBytes(StandardCharsets.UTF_8);
    KeyDigest digest = new KeyDigest();
    digest.begin(ByteSlice.of(name), -1, RdbKind.STRING);
    digest.string(ByteSlice.of(name));
    digest.end();
    to.add(db, name, digest);
  }

  @Test
  void doesNotDependOnTheOrderOfKeys() throws TooLargeException {
    SlotDigests up = new SlotDigests();
    SlotDigests down = new SlotDigests();
    for (int i = 0; i < 1000; i++) {
      add(up, i % 3, "key:" + i);
      add(down, (999 - i) % 3, "key:" + (999 - i));
    }
    assertThat(rows(up)).isEqualTo(rows(down)).hasSizeGreaterThan(900);
  }

  private static List<String> rows(SlotDigests digests) {
    List<String> rows = new ArrayList<>();
    digests.forEach(
        (db, slot, keys, digest) -> rows.add("%d %d %d %s".formatted(db, slot, keys, digest)));
    return rows;
  }

  @Test
  void keysOfOneHashTagStandInOneSlot() throws TooLargeException {
    SlotDigests digests = new SlotDigests();
    add(digests, 0, "a{user}");
    add(digests, 0, "b{user}");
    add(digests, 0, "123456789");

    List<String> counts = new ArrayList<>();
    digests.forEach((db, slot, keys, _) -> counts.add("%d %d %d".formatted(db, slot, keys)));

    assertThat(counts).containsExactly("0 5474 2", "0 12739 1");
  }

  @Test
  void takesNoMoreDatabasesThanMemoryAllows() throws TooLargeException {
    SlotDigests digests = new SlotDigests();
    for (int db = 0; db < SlotDigests.MOST_DATABASES; db++) {
      add(digests, db, "key");
    }
    assertThatThrownBy(() -> add(digests, 1000, "key")).isInstanceOf(TooLargeException.class);
  }
}
