package io.redrill.rdb.digest;

import io.redrill.rdb.TooLargeException;
import io.redrill.rdb.filter.KeySlot;
import java.util.Map;
import java.util.TreeMap;

/// Per database and slot of a cluster, how many keys there are and the sum of their hashes modulo
/// 2^128: which slots of two copies differ. The text form is in `docs/formats/digest.md`.
///
/// A sum has no order, so digests of parts can be added. Memory: 384 KiB per database that has
/// keys, of which no more than [#MOST_DATABASES] are taken. Not safe for use by several threads.
public final class SlotDigests {

  /// More databases than clusters have; others would cost memory without bound.
  public static final int MOST_DATABASES = 64;

  private static final String TITLE = "redrill-slot-digest 1";
  private static final int NUMBERS = 3;

  /// Per database three numbers per slot: count, upper and lower half of the sum.
  private final Map<Integer, long[]> databases = new TreeMap<>();

  /// Begins without keys.
  public SlotDigests() {}

  /// Adds `key` of database `db`, whose name is `name`; a collection without elements is none.
  ///
  /// @throws TooLargeException if there are keys in too many databases
  public void add(int db, byte[] name, KeyDigest key) throws TooLargeException {
    if (key.isKey()) {
      add(slots(db), NUMBERS * KeySlot.of(name), 1, key.high(), key.low());
    }
  }

  /// Adds all that `other` holds.
  ///
  /// @throws TooLargeException if there are keys in too many databases
  public void plus(SlotDigests other) throws TooLargeException {
    for (Map.Entry<Integer, long[]> database : other.databases.entrySet()) {
      long[] from = database.getValue();
      long[] to = slots(database.getKey());
      for (int at = 0; at < from.length; at += NUMBERS) {
        add(to, at, from[at], from[at + 1], from[at + 2]);
      }
    }
  }

  private long[] slots(int db) throws TooLargeException {
    long[] slots = databases.get(db);
    if (slots == null) {
      if (databases.size() == MOST_DATABASES) {
        throw new TooLargeException(
            "keys stand in more than %d databases, too many to tell their slots apart"
                .formatted(MOST_DATABASES),
            "digest",
            0);
      }
      slots = new long[NUMBERS * KeySlot.COUNT];
      databases.put(db, slots);
    }
    return slots;
  }

  private static void add(long[] slots, int at, long count, long high, long low) {
    long sum = slots[at + 2] + low;
    slots[at] += count;
    slots[at + 1] += high + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
    slots[at + 2] = sum;
  }

  /// How many keys slot `slot` of database `db` has.
  public long keys(int db, int slot) {
    long[] slots = databases.get(db);
    return slots == null ? 0 : slots[NUMBERS * slot];
  }

  /// The sum of the hashes of the keys of slot `slot` of database `db`.
  public Digest128 digest(int db, int slot) {
    long[] slots = databases.get(db);
    return slots == null
        ? Digest128.ZERO
        : new Digest128(slots[NUMBERS * slot + 1], slots[NUMBERS * slot + 2]);
  }

  /// Takes a slot that has keys.
  @FunctionalInterface
  public interface Visitor {
    /// Takes slot `slot` of database `db`.
    void slot(int db, int slot, long keys, Digest128 digest);
  }

  /// Shows every slot that has keys, by database and slot.
  public void forEach(Visitor visitor) {
    databases.forEach((db, slots) -> {
      for (int slot = 0; slot < KeySlot.COUNT; slot++) {
        if (slots[NUMBERS * slot] != 0) {
          visitor.slot(db, slot, slots[NUMBERS * slot], digest(db, slot));
        }
      }
    });
  }

  /// This as lines of text: a title, then per slot that has keys database, slot, keys and 32
  /// hexadecimal digits, in ascending order.
  public String text() {
    StringBuilder text = new StringBuilder(TITLE).append('\n');
    forEach((db, slot, keys, digest) ->
        text.append("%d %d %d %s\n".formatted(db, slot, keys, digest.hex())));
    return text.toString();
  }
}
