package io.redrill.rdb.salvage;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/// What the keys of a file look like, learnt from those that were read soundly.
///
/// Bytes in the middle of a damaged value often parse as a record, but seldom with a key such as
/// the others are. Keys are nearly always text; where the file has shown that its keys are not,
/// other bytes are let pass. Keys also share their beginnings, as a server keeps them in no order:
/// where nearly every key began as one before it did, those that do not are suspected to be
/// something else, such as the fields of a large hash.
final class KeyShape {

  private static final int LONGEST_UNSEEN = 8 * 1024;
  private static final int ENOUGH = 20;
  private static final int FEW = 5;
  private static final int BEGINNING_BYTES = 4;
  private static final int MAX_BEGINNINGS = 1 << 16;

  private long seen;
  private long binary;
  private int longest;
  private boolean anything;
  private boolean foreign;
  private boolean withoutSizes;
  private final Set<Integer> beginnings = new HashSet<>();
  private long familiar;

  void observe(byte[] key) {
    seen++;
    familiar += isKnown(key) ? 1 : 0;
    if (beginnings.size() < MAX_BEGINNINGS) {
      beginnings.add(beginning(key));
    }
    longest = Math.max(longest, key.length);
    if (!isText(key)) {
      binary++;
    }
  }

  /// Whether `key` is like the others. The empty key never is: a stretch of zeros is full of it.
  boolean accepts(byte[] key) {
    return key.length > 0
        && (anything || key.length <= Math.max(LONGEST_UNSEEN, 4L * longest))
        && (takesBinary() || isText(key));
  }

  /// Whether `key` begins as a key before it did, or that would say nothing.
  boolean isFamiliar(byte[] key) {
    return isUntaught() || familiar * 10 < seen * 7 || isKnown(key);
  }

  private boolean isKnown(byte[] key) {
    return beginnings.contains(beginning(key));
  }

  private static int beginning(byte[] key) {
    int beginning = 0;
    for (int i = 0; i < Math.min(BEGINNING_BYTES, key.length); i++) {
      beginning = beginning << 8 | (key[i] & 0xff);
    }
    return beginning;
  }

  /// Whether keys need not be text.
  boolean takesBinary() {
    return anything || binary * ENOUGH > seen;
  }

  /// Whether so many keys were seen that are not text, that the file has such keys.
  boolean hasSeenBinary() {
    return seen >= FEW && binary * 2 > seen;
  }

  /// Whether a key was seen that is text.
  boolean hasSeenText() {
    return seen > binary;
  }

  /// Whether too few keys were seen to know.
  boolean isUntaught() {
    return seen < ENOUGH;
  }

  /// Takes any key but the empty one from now on.
  void takeAnything() {
    anything = true;
  }

  /// Whether records that servers refuse stand between the keys.
  boolean takesForeignRecords() {
    return foreign;
  }

  /// Takes records that servers refuse as a part of this file from now on.
  void takeForeignRecords() {
    foreign = true;
  }

  /// Whether databases stand without their sizes.
  boolean takesDatabasesWithoutSizes() {
    return withoutSizes;
  }

  /// Takes databases without their sizes from now on.
  void takeDatabasesWithoutSizes() {
    withoutSizes = true;
  }

  static boolean isText(byte[] key) {
    boolean ascii = true;
    for (byte b : key) {
      if ((b >= 0 && b < ' ') || b == 0x7f) {
        return false;
      }
      ascii &= b >= 0;
    }
    return ascii || isUtf8(key);
  }

  private static boolean isUtf8(byte[] key) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key));
      return true;
    } catch (CharacterCodingException notText) {
      return false;
    }
  }
}
