package io.redrill.proof;

import io.redrill.rdb.DumpPayload;
import io.redrill.rdb.RdbType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// A seeded choice of writes of every family, on keys of their own and on keys of [VariedDataSet].
///
/// Each kind of write is a line of text: commands that follow one another, with places for what is
/// drawn. Most change something each time; some are refused now and then, such as `RENAME` of a key
/// that is not there, and change nothing then.
///
/// | place | what is drawn |
/// |---|---|
/// | `{s}` `{i}` `{b}` `{l}` `{t}` `{h}` `{z}` `{x}` | key of a string, integer, bitmap, list, set, hash, sorted set, stream |
/// | `{v}` `{n}` `{f}` `{far}` | some bytes, a small number, a score, milliseconds that no test outlives |
/// | `{db}` | a database that the writes go to |
/// | `{dump}` | what `RESTORE` takes |
/// | `{script}` `{random}` `{library}` `{spare}` | a script, one with random effects, source of function libraries |
final class WriteMix {

  /// How keys begin that are gone soon after the last write.
  static final String BRIEF = "brief:";

  private static final int DATABASES = 6;
  private static final long FAR_MILLIS = 2_600_000_000_000L;

  private static final List<String> EVERYWHERE =
      List.of(
          "SELECT {db}",
          // strings
          "SET {s} {v}",
          "SET {s} {v} PXAT {far}",
          "SET {s} {v} XX KEEPTTL GET",
          "SET brief:{n} {v} PX {n}",
          "SETEX {s} 100000000 {v}",
          "PSETEX brief:{n} {n} {v}",
          "SETNX {s} {v}",
          "GETSET {s} {v}",
          "GETDEL {s}",
          "GETEX {s} PXAT {far}",
          "GETEX {s} PERSIST",
          "APPEND {s} {v}",
          "SETRANGE {s} {n} {v}",
          "MSET {s} {v} {s} {v} {i} {n}",
          "MSETNX {s} {v} {s} {v}",
          "INCR {i}",
          "DECRBY {i} {n}",
          "INCRBYFLOAT {i} {f}; SET {i} {n}",
          "SETBIT {b} {n} 1",
          "BITOP XOR {b} {b} {b}",
          "BITFIELD {b} INCRBY u8 {n} 3",
          "PFADD sketch:{n} {v}",
          "PFMERGE sketch:all sketch:{n}",
          // keys
          "DEL {s} {l}",
          "UNLINK {t} {h}",
          "PEXPIREAT {l} {far}",
          "EXPIRE {h} 100000000",
          "EXPIRE {z} 100000000 GT",
          "PERSIST {l}",
          "RENAME {s} {s}",
          "RENAME {x} {x}",
          "RENAMENX {h} {h}",
          "COPY {z} {z} DB {db} REPLACE",
          "COPY {x} {x} REPLACE",
          "MOVE {t} {db}",
          "MOVE {l} {db}",
          "SWAPDB {db} {db}",
          "RESTORE {s} 0 {dump} REPLACE",
          "RESTORE brief:{n} {n} {dump} REPLACE",
          "SELECT 7; SET {s} {v}; RPUSH {l} {v}; FLUSHDB; SADD {t} {v}; SELECT {db}",
          "MULTI; RPUSH brief:list {v}; PEXPIRE brief:list {n}; EXEC",
          // Expired before it came; the log has a deletion.
          "SET brief:late {v}; PEXPIREAT brief:late 1",
          // lists
          "RPUSH {l} {v} {v} {n}",
          "LPUSH {l} {v}",
          "LPUSHX {l} {v}",
          "RPUSHX {l} {v} {v}",
          "LPOP {l}",
          "RPOP {l} 2",
          "LSET {l} 0 {v}",
          "RPUSH {l} pivot; LINSERT {l} BEFORE pivot {v}",
          "RPUSH list:own a pivot b; LINSERT list:own AFTER pivot {v}; LREM list:own 1 pivot",
          "LTRIM {l} 0 40",
          "LMOVE {l} {l} LEFT RIGHT",
          "RPOPLPUSH {l} {l}",
          "LMPOP 2 {l} {l} LEFT COUNT 2",
          "RPUSH list:queue {v} {v} {v} {v}; BLPOP list:queue 1; BRPOP list:queue 1;"
              + " BLMOVE list:queue list:done LEFT RIGHT 1; BLMPOP 1 1 list:queue LEFT;"
              + " LTRIM list:done 0 20",
          // sets
          "SADD {t} {v} {v} {n}",
          "SADD {t} {n} {n} {n}",
          "SREM {t} {n} {n}",
          "SPOP {t}",
          "SPOP {t} 3",
          "SMOVE {t} {t} {n}; SADD {t} {n}",
          "SINTERSTORE {t} {t} {t}",
          "SUNIONSTORE {t} {t} {t}",
          "SDIFFSTORE {t} {t} {t}",
          // hashes
          "HSET {h} {n} {v} {n} {v}",
          "HMSET {h} {v} {v}",
          "HSETNX {h} {n} {v}",
          "HDEL {h} {n} {n}",
          "HSET {h} count {n}; HINCRBY {h} count {n}",
          "HINCRBY {h} counter {n}",
          "HINCRBYFLOAT {h} float {f}",
          // sorted sets
          "ZADD {z} {f} {v} {f} {n}",
          "ZADD {z} NX {f} {n}",
          "ZADD {z} XX GT CH {f} {n}",
          "ZADD {z} INCR {f} {n}",
          "ZINCRBY {z} {f} {n}",
          "ZREM {z} {n} {n}",
          "ZPOPMIN {z}",
          "ZPOPMAX {z} 2",
          "ZMPOP 2 {z} {z} MIN COUNT 2",
          "ZADD scores:own {f} {n} {f} {v}; BZPOPMIN scores:own 1",
          "ZUNIONSTORE {z} 2 {z} {z} WEIGHTS 2 0.5",
          "ZINTERSTORE {z} 2 {z} {t} AGGREGATE MAX",
          "ZDIFFSTORE {z} 2 {z} {z}",
          "ZRANGESTORE {z} {z} 0 20",
          "ZREMRANGEBYSCORE {z} ({f} {f}",
          "ZREMRANGEBYRANK {z} 20 -1",
          // By text only where scores are equal; else no order is defined.
          "ZADD scores:equal 0 {v} 0 {n} 0 {n}; ZREMRANGEBYLEX scores:equal [1 (2",
          // streams
          "XADD {x} * a {v} b {n}",
          "XADD {x} * {v} {v}",
          "XADD {x} MAXLEN ~ 50 * a {n}",
          "XADD {x} MAXLEN = 20 * a {n}",
          "XADD {x} NOMKSTREAM MINID = 5 * a {v}",
          "XTRIM {x} MAXLEN 15",
          "XADD stream:own 1-* a {v}; XDEL stream:own 1-0 1-{n}",
          "XSETID {x} 9000000000000-{n}",
          "XGROUP CREATE {x} g1 0 MKSTREAM",
          "XGROUP CREATE {x} g2 $ MKSTREAM ENTRIESREAD {n}",
          "XGROUP SETID {x} g1 0",
          "XGROUP SETID {x} billing $",
          "XGROUP DESTROY {x} g2",
          "DEL stream:led; XADD stream:led * a {n}; XGROUP CREATE stream:led g1 0;"
              + " XGROUP CREATECONSUMER stream:led g1 c1;"
              + " XREADGROUP GROUP g1 c2 COUNT 3 STREAMS stream:led >;"
              + " XGROUP DELCONSUMER stream:led g1 c{n}",
          "XGROUP DESTROY stream:read g1",
          "XADD stream:read * a {n}; XGROUP CREATE stream:read g1 0;"
              + " XREADGROUP GROUP g1 c1 COUNT 5 STREAMS stream:read >;"
              + " XADD stream:read MAXLEN 100 * b {v};"
              + " XREADGROUP GROUP g1 c2 NOACK STREAMS stream:read >",
          "XREADGROUP GROUP billing c{n} COUNT 2 STREAMS {x} >",
          "XREADGROUP GROUP g1 c1 STREAMS {x} 0",
          "XACK stream:read g1 1-1; XAUTOCLAIM stream:read g1 c3 0 0 COUNT 3",
          "XAUTOCLAIM {x} billing c4 0 0 JUSTID",
          "XCLAIM {x} billing c5 0 1-1 2-1 3-1 IDLE 500 RETRYCOUNT 7",
          "XCLAIM {x} billing c6 0 2-1 FORCE JUSTID LASTID 2-1",
          "XACK {x} billing 1-1 2-1 3-1",
          "XDEL {x} 2-1",
          // transactions
          "MULTI; SET {s} {v}; INCR {i}; LPUSH {l} {v}; SPOP {t}; EXEC",
          "MULTI; SELECT {db}; HSET {h} {n} {v}; ZADD {z} {f} {v}; XADD {x} * a b; EXEC",
          "MULTI; SET {s} {v}; DISCARD",
          "WATCH {s}; MULTI; SET {s} {v} PXAT {far}; MOVE {s} {db}; EXEC");

  /// What servers with scripts know beside.
  private static final List<String> SCRIPTED =
      List.of(
          "EVAL {script} 3 {s} list:script {i} {v}",
          "EVAL {random} 2 {t} {x} {v}",
          "MULTI; EVAL {script} 3 {s} list:script {i} {v}; SET {s} {v}; EXEC",
          "FUNCTION LOAD REPLACE {library}",
          "FCALL remember 2 {h} {i} {v}",
          "FUNCTION LOAD REPLACE {spare}; FUNCTION DELETE spare");

  /// The source of a library, of which the number is a detail that changes.
  static final String LIBRARY =
      """
      #!lua name=proof
      local version = %d
      redis.register_function('remember', function(keys, args)
        redis.call('HSET', keys[1], 'last', args[1])
        redis.call('EXPIRE', keys[1], 100000000)
        return redis.call('INCRBY', keys[2], version)
      end)
      """;

  private static final String SCRIPT =
      """
      redis.call('SET', KEYS[1], ARGV[1])
      redis.call('RPUSH', KEYS[2], ARGV[1], #ARGV[1])
      redis.call('LTRIM', KEYS[2], -30, -1)
      return redis.call('INCR', KEYS[3])
      """;

  /// Whose effects are not to be had by running it again.
  private static final String RANDOM_SCRIPT =
      """
      redis.call('SADD', KEYS[1], math.random(1000), redis.call('TIME')[2])
      redis.call('SPOP', KEYS[1])
      return redis.call('XADD', KEYS[2], '*', 'at', ARGV[1])
      """;

  private final SplittableRandom random;
  private final List<String> kinds;

  private WriteMix(long seed, List<String> kinds) {
    this.random = new SplittableRandom(seed);
    this.kinds = kinds;
  }

  /// For the bundled server.
  static WriteMix plain(long seed) {
    return new WriteMix(seed, EVERYWHERE);
  }

  /// For a server that runs scripts and functions, which has [#LIBRARY].
  static WriteMix scripted(long seed) {
    return new WriteMix(seed, Stream.concat(EVERYWHERE.stream(), SCRIPTED.stream()).toList());
  }

  /// All kinds of writes, as they are named in [Write#kind].
  List<String> kinds() {
    return kinds;
  }

  /// One write of the kind `kind`.
  ///
  /// @param commands as many as the kind has
  record Write(String kind, List<List<byte[]>> commands) {}

  Write next() {
    String kind = kinds.get(random.nextInt(kinds.size()));
    List<List<byte[]>> commands = new ArrayList<>();
    for (String command : kind.split("; ?", -1)) {
      List<byte[]> words = new ArrayList<>();
      for (String word : command.split(" ", -1)) {
        words.add(filled(word).getBytes(StandardCharsets.ISO_8859_1));
      }
      commands.add(words);
    }
    return new Write(kind, commands);
  }

  private String filled(String word) {
    int from = word.indexOf('{');
    if (from < 0) {
      return word;
    }
    int to = word.indexOf('}');
    return word.substring(0, from) + drawn(word.substring(from + 1, to)) + word.substring(to + 1);
  }

  private String drawn(String place) {
    return switch (place) {
      case "s" -> key("text");
      case "i" -> "counter:" + random.nextInt(40);
      case "b" -> key("bits");
      case "l" -> key("list");
      case "t" -> key(random.nextInt(3) == 0 ? "integers" : "set");
      case "h" -> key("hash");
      case "z" -> key("scores");
      case "x" -> key("stream");
      case "v" -> value();
      case "n" -> String.valueOf(1 + random.nextInt(300));
      case "f" -> score();
      case "far" -> String.valueOf(FAR_MILLIS + random.nextInt(Integer.MAX_VALUE));
      case "db" -> String.valueOf(random.nextInt(DATABASES));
      case "dump" -> dump();
      case "script" -> SCRIPT;
      case "random" -> RANDOM_SCRIPT;
      case "library" -> LIBRARY.formatted(random.nextInt(10));
      case "spare" -> LIBRARY.formatted(0).replace("proof", "spare").replace("remember", "spare");
      default -> throw new IllegalArgumentException("no such place: " + place);
    };
  }

  /// Mostly of a few keys, so that writes meet.
  private String key(String family) {
    return family + ":" + random.nextInt(random.nextInt(3) == 0 ? 30_000 : 60);
  }

  private String value() {
    if (random.nextInt(4) == 0) {
      return String.valueOf(random.nextLong() >> random.nextInt(64));
    }
    StringBuilder value = new StringBuilder();
    int length = random.nextInt(random.nextInt(40) == 0 ? 6_000 : 50);
    boolean text = random.nextBoolean();
    for (int i = 0; i < length; i++) {
      value.append((char) (text ? 'a' + i % 9 : random.nextInt(256)));
    }
    return value.toString();
  }

  private String score() {
    return switch (random.nextInt(6)) {
      case 0 -> String.valueOf(random.nextInt(-50, 50));
      case 1 -> String.valueOf(random.nextDouble() * 1e-7);
      case 2 -> String.valueOf(random.nextInt(100) / 10.0);
      default -> String.valueOf(random.nextDouble() * 2e3 - 1e3);
    };
  }

  private String dump() {
    byte[] text = {5, 'h', 'e', 'l', 'l', 'o'};
    return new String(DumpPayload.of(RdbType.STRING, text), StandardCharsets.ISO_8859_1);
  }
}
