package io.redrill.rdb.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.Corpus;
import io.redrill.rdb.DumpPayload;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.RdbBytes;
import io.redrill.rdb.RdbDialect;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbType;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The ways into the codec, each with what a fuzzer begins with: real files, or parts of them.
@SuppressWarnings("ImmutableEnumChecker") // targets and seeds are methods, without state
enum Way {
  RECORDS(Targets::records, Way::files, Room.UNPACKED),
  LEVELS(Targets::levels, Way::files, Room.ELEMENTS),
  PASSING(Targets::passing, Way::files, Room.UNPACKED),
  CHECK(Targets::check, Way::files, Room.ELEMENTS),
  BATCHES(Targets::batches, Way::files, Room.UNPACKED),
  SALVAGE(Targets::salvage, Way::files, Room.BLOCKS),
  ENVELOPE(Targets::envelope, Way::envelopes, Room.BLOCKS),
  LZ4(Targets::lz4, () -> files().map(file -> lz4(file, 0x60)), Room.BLOCKS),
  VALUE(_ -> true),
  QUICKLIST(type -> type == RdbType.LIST_QUICKLIST || type == RdbType.LIST_QUICKLIST_2),
  STREAM(type -> type.kind() == RdbKind.STREAM),
  MODULE(type -> type == RdbType.MODULE_2),
  FIELD_EXPIRY(type ->
      type == RdbType.HASH_METADATA
          || type == RdbType.HASH_LISTPACK_EX
          || type == RdbType.HASH_2_VALKEY),
  DUMP(Targets::dump, Way::dumps, Room.ELEMENTS),
  LISTPACK(
      Targets::listpack, () -> packed(type -> type.name().contains("LISTPACK")), Room.UNPACKED),
  ZIPLIST(Targets::ziplist, () -> packed(type -> type.name().contains("ZIPLIST")), Room.UNPACKED),
  ZIPMAP(Targets::zipmap, () -> packed(type -> type == RdbType.HASH_ZIPMAP), Room.UNPACKED),
  INTSET(Targets::intset, () -> packed(type -> type == RdbType.SET_INTSET), Room.UNPACKED),
  LZF(Targets::lzf, Way::compressed, Room.UNPACKED);

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /// Larger seeds only slow down.
  private static final int LARGEST_FILE = 8 * 1024;

  private static final int LARGEST_VALUE = 2 * 1024;
  private static final int VALUES_OF_A_TYPE = 50;

  /// What may be allocated for an input: a constant, and so much for each of its bytes.
  ///
  /// One byte of LZF stands for 88. Of these, two make an element of a packed encoding. The worst
  /// that is known, a list of very many elements of two bytes, was measured at 54 bytes (large) to
  /// 75 (small) for each unpacked one in [#VALUE], which decodes, encodes and decodes again; at 35
  /// to 65 in [#CHECK], 21 to 32 in [#LEVELS], and under 4 in the ways that keep no elements.
  private enum Room {
    /// Values stay as they are stored, or are walked without being kept; what LZF packed is
    /// unpacked.
    UNPACKED(READ_AHEAD_BYTES, 88 * 4),
    /// Elements are kept: an array and a place in a list for each, twice, and what they are encoded
    /// as.
    ELEMENTS(READ_AHEAD_BYTES, 88 * 64),
    /// ... and the blocks of an LZ4 frame, or what a salvage takes to try to read at some places.
    BLOCKS(16L << 20, 88 * 64);

    private final long constant;
    private final long perByte;

    Room(long constant, long perByte) {
      this.constant = constant;
      this.perByte = perByte;
    }

    long bytes(int input) {
      return constant + perByte * input;
    }
  }

  /// A length is believed up to a megabyte before its bytes are there, by each of three readers;
  /// and there are buffers.
  private static final long READ_AHEAD_BYTES = 4L << 20;

  /// What happens to an input.
  @FunctionalInterface
  interface Target {
    /// @throws FormatException if the input is refused
    void take(byte[] input) throws IOException;
  }

  @FunctionalInterface
  private interface Seeds {
    Stream<byte[]> all() throws IOException;
  }

  /// Some types of values.
  @FunctionalInterface
  interface Choice {
    boolean takes(RdbType type);
  }

  private final Target target;
  private final Seeds seeds;
  private final Room room;

  Way(Target target, Seeds seeds, Room room) {
    this.target = target;
    this.seeds = seeds;
    this.room = room;
  }

  /// Values of the types that are chosen.
  Way(Choice choice) {
    this(input -> Targets.value(input, choice), () -> values(choice), Room.ELEMENTS);
  }

  /// What to begin with.
  List<byte[]> seeds() throws IOException {
    return seeds.all().toList();
  }

  /// Sends `input` this way, which may refuse it, and bounds what that allocates. What is too much
  /// is measured again, as classes that are loaded, and rewritten by a fuzzer, count the first
  /// time.
  ///
  /// @throws AssertionError if something does not hold that must hold for all bytes
  void take(byte[] input) throws IOException {
    long allowed = room.bytes(input.length);
    if (allocated(input) > allowed) {
      assertThat(allocated(input)).isLessThanOrEqualTo(allowed);
    }
  }

  private long allocated(byte[] input) throws IOException {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      target.take(input);
    } catch (FormatException refused) {
      assertThat(refused.problem()).isNotEmpty();
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  /// Small files, without their checksum, so that a changed one is read to where it makes no sense.
  private static Stream<byte[]> files() throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (Path file : Corpus.healthyFiles()) {
      if (Files.size(file) <= LARGEST_FILE) {
        byte[] bytes = Files.readAllBytes(file);
        if (hasChecksum(bytes)) {
          Arrays.fill(bytes, bytes.length - 8, bytes.length, (byte) 0);
        }
        files.add(bytes);
      }
    }
    return files.stream();
  }

  private static boolean hasChecksum(byte[] file) throws IOException {
    return new RdbReader(ByteInput.of(file, "seed")).header().hasChecksum();
  }

  private static Stream<byte[]> envelopes() throws IOException {
    return files()
        .flatMap(file ->
            Stream.of(
                new RdbBytes().ascii("VCS").put(1, 1, 0, 1).raw(lz4(file, 0x60)).bytes(),
                new RdbBytes().ascii("VKCS").put(1, 1, 0, 1).raw(lz4(file, 0x40)).bytes()));
  }

  /// A frame of one block that is not packed.
  private static byte[] lz4(byte[] content, int flags) {
    int descriptorChecksum = flags == 0x60 ? 0x82 : 0xc0;
    return new RdbBytes()
        .put(0x04, 0x22, 0x4d, 0x18, flags, 0x40, descriptorChecksum)
        .little(4, 0x8000_0000L | content.length)
        .raw(content)
        .little(4, 0)
        .bytes();
  }

  /// Values of each type that is chosen, with their type before them and the dialect in its highest
  /// bit.
  private static Stream<byte[]> values(Choice choice) throws IOException {
    int[] count = new int[256];
    List<byte[]> values = new ArrayList<>();
    for (Path file : Corpus.healthyFiles()) {
      byte[] bytes = Files.readAllBytes(file);
      RdbReader reader = new RdbReader(ByteInput.of(bytes, "seed"));
      int dialect = reader.header().dialect() == RdbDialect.VALKEY ? 0x80 : 0;
      RdbRecord record;
      do {
        record = reader.next();
        if (record instanceof RdbRecord.Entry entry && choice.takes(entry.type())) {
          int tag = entry.type().number() | dialect;
          if (entry.value().length <= LARGEST_VALUE && count[tag]++ < VALUES_OF_A_TYPE) {
            values.add(new RdbBytes().put(tag).raw(entry.value()).bytes());
          }
        }
      } while (!(record instanceof RdbRecord.End));
    }
    return values.stream();
  }

  /// The packed encodings in the values of the types that are chosen.
  private static Stream<byte[]> packed(Choice choice) throws IOException {
    return values(choice).filter(value -> value.length > 2).map(value -> tail(value, 2));
  }

  private static Stream<byte[]> compressed() throws IOException {
    return values(type -> type.kind() != RdbKind.STREAM)
        .filter(value -> value.length > 5 && (value[1] & 0xff) == 0xc3)
        .map(value -> tail(value, 4));
  }

  private static Stream<byte[]> dumps() throws IOException {
    return values(type -> true)
        .map(value -> {
          RdbDialect dialect = (value[0] & 0x80) == 0 ? RdbDialect.REDIS : RdbDialect.VALKEY;
          RdbType type = RdbType.of(value[0] & 0x7f, dialect).orElseThrow();
          byte[] payload = DumpPayload.of(type, tail(value, 1));
          Arrays.fill(payload, payload.length - 8, payload.length, (byte) 0);
          return payload;
        });
  }

  private static byte[] tail(byte[] bytes, int from) {
    return Arrays.copyOfRange(bytes, from, bytes.length);
  }
}
