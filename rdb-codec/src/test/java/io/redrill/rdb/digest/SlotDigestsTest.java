package io.redrill.rdb.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.TooLargeException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// What stands in a slot is what its keys are, whatever their order and their parts.
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
  void partsAddUpToTheWhole() throws TooLargeException {
    SlotDigests whole = new SlotDigests();
    SlotDigests first = new SlotDigests();
    SlotDigests second = new SlotDigests();
    for (int i = 999; i >= 0; i--) {
      add(whole, i % 3, "key:" + i);
    }
    for (int i = 0; i < 1000; i++) {
      add(i % 2 == 0 ? first : second, i % 3, "key:" + i);
    }
    first.plus(second);
    assertThat(first.text()).isEqualTo(whole.text()).hasLineCount(1 + rows(whole));
  }

  private static int rows(SlotDigests digests) {
    int[] rows = {0};
    digests.forEach((db, slot, keys, digest) -> rows[0]++);
    return rows[0];
  }

  @Test
  void keysOfOneHashTagStandInOneSlot() throws TooLargeException {
    SlotDigests digests = new SlotDigests();
    add(digests, 0, "a{user}");
    add(digests, 0, "b{user}");
    add(digests, 0, "123456789");
    assertThat(digests.keys(0, 5474)).isEqualTo(2);
    assertThat(digests.keys(0, 0x31c3)).isEqualTo(1);
    assertThat(digests.keys(1, 5474)).isZero();
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
