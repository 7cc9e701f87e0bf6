package io.redrill.bench;

import io.redrill.rdb.encoding.Crc64;
import io.redrill.rdb.encoding.DecimalText;
import io.redrill.rdb.encoding.ElementSlot;
import io.redrill.rdb.encoding.Lzf;
import io.redrill.rdb.encoding.Xxh3;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;

/// The small arts of the codec, in memory: CRC-64, LZF, XXH3 and decimal text.
///
/// Each is run in rounds of some milliseconds; the first rounds are not counted, and the median of
/// the others is printed, in CPU time of the thread.
public final class CodecPrimitivesBench {

  private static final int WARM_ROUNDS = 5;
  private static final int ROUNDS = 11;

  private static long sink; // what is computed must be used, or it would not be computed

  private CodecPrimitivesBench() {}

  /// Runs all.
  public static void main(String[] arguments) throws Exception {
    byte[] bytes = new byte[1 << 20];
    new Random(1).nextBytes(bytes);
    for (int length : new int[] {64, 1024, 4096, 65_536, 1 << 20}) {
      measure("CRC-64", length, times -> crc(bytes, length, times));
    }
    Xxh3 hash = new Xxh3();
    for (int length : new int[] {5, 8, 16, 24, 40, 100, 200, 1024, 65_536}) {
      measure("XXH3, 128 bits", length, times -> xxh3(hash, bytes, length, times));
    }
    for (int length : new int[] {1024, 4096, 16_384}) {
      byte[] plain = text(new Random(2), length);
      byte[] packed = Lzf.encode(plain, length - 4);
      ElementSlot slot = new ElementSlot();
      measure("LZF, expanding", length, times -> expand(packed, slot, length, times));
      measure("LZF, packing", length, times -> pack(plain, times));
    }
    byte[] out = new byte[20];
    measure("decimal text", 8, times -> decimal(out, times));
    if (sink == 42) {
      System.out.println();
    }
  }

  private static long crc(byte[] bytes, int length, int times) {
    Crc64 crc = new Crc64();
    for (int i = 0; i < times; i++) {
      crc.update(bytes, 0, length);
    }
    return crc.value();
  }

  private static long xxh3(Xxh3 hash, byte[] bytes, int length, int times) {
    long sum = 0;
    for (int i = 0; i < times; i++) {
      hash.hash(bytes, i & 1023, length);
      sum += hash.high() ^ hash.low();
    }
    return sum;
  }

  private static long expand(byte[] packed, ElementSlot slot, int length, int times)
      throws Exception {
    long sum = 0;
    for (int i = 0; i < times; i++) {
      slot.setPacked(packed, 0, packed.length, length);
      sum += slot.text().get(length - 1);
    }
    return sum;
  }

  private static long pack(byte[] plain, int times) {
    long sum = 0;
    for (int i = 0; i < times; i++) {
      sum += Lzf.encode(plain, plain.length - 4).length;
    }
    return sum;
  }

  private static long decimal(byte[] out, int times) {
    long sum = 0;
    for (int i = 0; i < times; i++) {
      sum += DecimalText.put((i * 0x9e3779b97f4a7c15L) >> (i & 63), out, 0);
    }
    return sum;
  }

  private interface Repeated {
    long run(int times) throws Exception;
  }

  private static void measure(String what, int length, Repeated work) throws Exception {
    int times = Math.max(1, 20_000_000 / (length + 20));
    double[] nanos = new double[ROUNDS];
    for (int round = -WARM_ROUNDS; round < ROUNDS; round++) {
      double taken = cpuNanos(() -> work.run(times));
      if (round >= 0) {
        nanos[round] = taken / times;
      }
    }
    double median = TaskRun.median(nanos);
    System.out.printf(
        Locale.ROOT,
        "%-16s %8d bytes %10.1f ns %7.2f GB/s%n",
        what,
        length,
        median,
        length / median);
  }

  private static double cpuNanos(Callable<Long> work) throws Exception {
    var threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    sink += work.call();
    return threads.getCurrentThreadCpuTime() - before;
  }

  /// Paragraphs of words that come again, as the standard files have them.
  private static byte[] text(Random random, int length) {
    StringBuilder text = new StringBuilder();
    String[] words = new String[400];
    for (int i = 0; i < words.length; i++) {
      words[i] = Long.toString(random.nextLong() >>> random.nextInt(20, 50), 36);
    }
    while (text.length() < length) {
      text.append(words[random.nextInt(words.length)]).append(' ');
    }
    return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
  }
}
