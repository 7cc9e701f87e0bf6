package io.redrill.rdb.salvage;

import java.util.Arrays;
import java.util.Random;

/// Ways to damage a file, each from a seed.
///
/// @param bytes the damaged file
/// @param from,to the range of the original that was touched
record Damage(byte[] bytes, int from, int to) {

  enum Kind {
    FLIP {
      @Override
      Damage apply(byte[] file, int at, Random random) {
        byte[] bytes = file.clone();
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        return new Damage(bytes, at, at + 1);
      }
    },
    ZERO {
      @Override
      Damage apply(byte[] file, int at, Random random) {
        int to = end(file, at, random);
        byte[] bytes = file.clone();
        Arrays.fill(bytes, at, to, (byte) 0);
        return new Damage(bytes, at, to);
      }
    },
    GARBLE {
      @Override
      Damage apply(byte[] file, int at, Random random) {
        int to = end(file, at, random);
        byte[] garbage = new byte[to - at];
        random.nextBytes(garbage);
        byte[] bytes = file.clone();
        System.arraycopy(garbage, 0, bytes, at, garbage.length);
        return new Damage(bytes, at, to);
      }
    },
    CUT {
      @Override
      Damage apply(byte[] file, int at, Random random) {
        return new Damage(Arrays.copyOf(file, at), at, file.length);
      }
    },
    INSERT {
      @Override
      Damage apply(byte[] file, int at, Random random) {
        byte[] garbage = new byte[1 + random.nextInt(300)];
        random.nextBytes(garbage);
        byte[] bytes = new byte[file.length + garbage.length];
        System.arraycopy(file, 0, bytes, 0, at);
        System.arraycopy(garbage, 0, bytes, at, garbage.length);
        System.arraycopy(file, at, bytes, at + garbage.length, file.length - at);
        return new Damage(bytes, at, at + 1);
      }
    },
    DELETE {
      @Override
      Damage apply(byte[] file, int at, Random random) {
        int to = end(file, at, random);
        byte[] bytes = new byte[file.length - (to - at)];
        System.arraycopy(file, 0, bytes, 0, at);
        System.arraycopy(file, to, bytes, at, file.length - to);
        return new Damage(bytes, at, to);
      }
    };

    abstract Damage apply(byte[] file, int at, Random random);

    private static int end(byte[] file, int at, Random random) {
      return Math.min(file.length, at + 1 + random.nextInt(700));
    }
  }

  boolean touches(long start, long end) {
    return start < to && end > from;
  }
}
