package io.redrill.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/// A seeded stream of commands whose replies do not depend on time or on random choices of the
/// server (a key that is given a time to live is never asked when it ends): a few keys, often of
/// the wrong type, with arguments that are often at an edge.
final class RandomCommands {

  /// Commands whose elements come in no order.
  static final Set<String> UNORDERED =
      Set.of("SMEMBERS", "SINTER", "SUNION", "SDIFF", "HKEYS", "HVALS", "HGETALL", "HSCAN", "KEYS");

  private static final String[] NUMBERS = {
    "0", "1", "-1", "2", "5", "-3", "10", "100", "9223372036854775807", "-9223372036854775808",
    "1.5", "-0.25", "abc", "", "007", "3e2", "inf", "-inf", "nan", "0.1"
  };
  private static final String[] WORDS = {
    "a",
    "b",
    "c",
    "d",
    "e",
    "foo",
    "bar",
    "x1",
    "x2",
    "12",
    "13",
    "-7",
    "",
    "hello world",
    "aVeryLongValueThatIsLongerThanSixtyFourBytesSoThatPackedFormsMustBeGivenUp_0123456789"
  };

  private final SplittableRandom random;
  private final List<String> command = new ArrayList<>();
  private final RandomSpecialCommands special;
  private int entryId;

  RandomCommands(long seed) {
    random = new SplittableRandom(seed);
    special = new RandomSpecialCommands(random, command);
  }

  /// The next command, name first.
  List<String> next() {
    command.clear();
    switch (random.nextInt(15)) {
      case 0, 1 -> strings();
      case 2, 3 -> hashes();
      case 4, 5 -> lists();
      case 6 -> sets();
      case 7, 8 -> sortedSets();
      case 9 -> keys();
      case 10 -> streams();
      case 11, 12, 13 -> special.next();
      default -> transactions();
    }
    if (random.nextInt(200) == 0 && command.size() > 1 && !command.getFirst().contains("RAND")) {
      command.removeLast();
    }
    if (random.nextInt(300) == 0) {
      command.add(pick(WORDS));
    }
    return List.copyOf(command);
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private void add(String... words) {
    command.addAll(List.of(words));
  }

  private void maybe(String... words) {
    if (random.nextInt(3) == 0) {
      add(words);
    }
  }

  private String key(String family) {
    return random.nextInt(25) == 0 ? anyKey() : family + random.nextInt(5);
  }

  private String anyKey() {
    return pick("s", "h", "l", "t", "z", "x", "p", "g") + random.nextInt(5);
  }

  private String number() {
    return random.nextInt(3) == 0 ? pick(NUMBERS) : Integer.toString(random.nextInt(-20, 60));
  }

  private String small() {
    return random.nextInt(12) == 0 ? number() : Integer.toString(random.nextInt(-4, 8));
  }

  private String score() {
    return random.nextInt(4) == 0
        ? pick(NUMBERS)
        : pick("", "-") + random.nextInt(20) + pick("", ".5", ".1", "e3");
  }

  private String word() {
    return random.nextInt(3) == 0 ? Integer.toString(random.nextInt(40)) : pick(WORDS);
  }

  private void strings() {
    String key = key("s");
    switch (random.nextInt(24)) {
      case 0, 1 -> add("SET", key, word());
      case 2 -> {
        add("SET", key, word());
        maybe(pick("NX", "XX"));
        maybe("GET");
        maybe(pick("KEEPTTL", "EXAT", "PXAT"));
        maybe("4102444800000");
      }
      case 3 -> add("GET", key);
      case 4 -> add("GETSET", key, word());
      case 5 -> add("GETDEL", key);
      case 6 -> add("SETNX", key, word());
      case 7 -> add(pick("SETEX", "PSETEX"), "v" + key, pick("100000", "0", "-1", "abc"), word());
      case 8 -> add(pick("INCR", "DECR"), key);
      case 9 -> add(pick("INCRBY", "DECRBY"), key, number());
      case 10, 11 -> add("INCRBYFLOAT", key, score());
      case 12 -> add("APPEND", key, word());
      case 13 -> add("STRLEN", key);
      case 14 -> add(pick("GETRANGE", "SUBSTR"), key, small(), small());
      case 15 -> add("SETRANGE", key, Integer.toString(random.nextInt(-1, 70)), word());
      case 16 -> add("MGET", key, anyKey(), anyKey());
      case 17 -> add("MSET", key, word(), key("s"), word());
      case 18 -> add("MSETNX", key, word(), key("s"), word());
      case 19 -> {
        add("GETEX", key);
        maybe(pick("PERSIST", "EX", "PXAT"));
      }
      case 20 -> add("SETBIT", key, Integer.toString(random.nextInt(-1, 200)), pick("0", "1", "2"));
      case 21 -> add("GETBIT", key, Integer.toString(random.nextInt(200)));
      case 22 -> {
        add("BITCOUNT", key);
        maybe(small(), small());
      }
      default -> add("BITOP", pick("AND", "OR", "XOR", "NOT"), key, key("s"));
    }
  }

  private void hashes() {
    String key = key("h");
    switch (random.nextInt(15)) {
      case 0, 1, 2 -> add("HSET", key, word(), word(), word(), word());
      case 3 -> add("HMSET", key, word(), word());
      case 4 -> add("HSETNX", key, word(), word());
      case 5 -> add("HGET", key, word());
      case 6 -> add("HMGET", key, word(), word());
      case 7 -> add("HDEL", key, word(), word());
      case 8 -> add(pick("HLEN", "HKEYS", "HVALS", "HGETALL"), key);
      case 9 -> add(pick("HSTRLEN", "HEXISTS"), key, word());
      case 10, 11 -> add("HINCRBY", key, word(), number());
      case 12 -> add("HINCRBYFLOAT", key, word(), score());
      case 13 -> add("HRANDFIELD", key, "0");
      default -> add("HSCAN", key, "0", "COUNT", pick("10000", "0"));
    }
  }

  private void lists() {
    String key = key("l");
    String side = pick("LEFT", "RIGHT");
    switch (random.nextInt(20)) {
      case 0, 1, 2 -> add(pick("LPUSH", "RPUSH"), key, word(), word(), word());
      case 3 -> add(pick("LPUSHX", "RPUSHX"), key, word());
      case 4, 5 -> add(pick("LPOP", "RPOP"), key);
      case 6 -> add(pick("LPOP", "RPOP"), key, small());
      case 7 -> add("LLEN", key);
      case 8 -> add("LINDEX", key, small());
      case 9 -> add("LSET", key, small(), word());
      case 10, 11 -> add("LRANGE", key, small(), small());
      case 12 -> add("LTRIM", key, small(), pick("-1", "-2", "3", "50"));
      case 13 -> add("LREM", key, small(), word());
      case 14 -> add("LINSERT", key, pick("BEFORE", "AFTER", "x"), word(), word());
      case 15 -> {
        add("LPOS", key, word());
        maybe("RANK", small());
        maybe("COUNT", small());
        maybe("MAXLEN", small());
      }
      case 16 -> add("LMOVE", key, key("l"), side, pick("LEFT", "RIGHT"));
      case 17 -> add("RPOPLPUSH", key, key("l"));
      case 18 -> {
        add("LMPOP", pick("1", "2", "0"), key, key("l"), side);
        maybe("COUNT", small());
      }
      default -> add(pick("BLPOP", "BRPOP"), key, key("l"), "0.01");
    }
  }

  private void sets() {
    String key = key("t");
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> add("SADD", key, word(), word(), Integer.toString(random.nextInt(1000)));
      case 3 -> add("SREM", key, word(), word());
      case 4 -> add(pick("SCARD", "SMEMBERS"), key);
      case 5 -> add("SISMEMBER", key, word());
      case 6 -> add("SMISMEMBER", key, word(), word());
      case 7 -> add("SMOVE", key, key("t"), word());
      case 8 -> add(pick("SINTER", "SUNION", "SDIFF"), key, key("t"));
      case 9 -> add(pick("SINTERSTORE", "SUNIONSTORE", "SDIFFSTORE"), key("t"), key, key("t"));
      case 10 -> {
        add("SINTERCARD", pick("2", "1", "0", "9"), key, key("t"));
        maybe("LIMIT", small());
      }
      default -> add("SRANDMEMBER", key, "0");
    }
  }

  private String scoreLimit() {
    return pick("", "(") + pick("-inf", "+inf", "0", "5", "10.5", "-3", "x");
  }

  private String lexLimit() {
    return pick("-", "+", "[a", "(b", "[foo", "(x1", "[", "bad");
  }

  private void sortedSets() {
    String key = key("z");
    switch (random.nextInt(26)) {
      case 0, 1, 2 -> add("ZADD", key, score(), word(), score(), word());
      case 3, 4 -> {
        add("ZADD", key);
        maybe(pick("NX", "XX"));
        maybe(pick("GT", "LT"));
        maybe("CH");
        maybe("INCR");
        add(score(), word());
      }
      case 5 -> add("ZINCRBY", key, score(), word());
      case 6 -> add("ZREM", key, word(), word());
      case 7 -> add("ZCARD", key);
      case 8 -> add(pick("ZSCORE", "ZRANK", "ZREVRANK"), key, word());
      case 9 -> add("ZMSCORE", key, word(), word());
      case 10 -> {
        add(pick("ZRANGE", "ZREVRANGE"), key, small(), small());
        maybe("WITHSCORES");
      }
      case 11 -> {
        add("ZRANGE", key, scoreLimit(), scoreLimit(), "BYSCORE");
        maybe("REV");
        maybe("LIMIT", small(), small());
        maybe("WITHSCORES");
      }
      case 12 -> {
        // Ranges by bytes mean something only where all scores of a set are equal.
        int set = random.nextInt(5);
        String score = Integer.toString(set);
        add("ZADD", "y" + set, score, word(), score, word());
      }
      case 24, 25 -> {
        add("ZRANGE", "y" + random.nextInt(5), lexLimit(), lexLimit(), "BYLEX");
        maybe("REV");
        maybe("LIMIT", small(), small());
      }
      case 13 -> {
        add(pick("ZRANGEBYSCORE", "ZREVRANGEBYSCORE"), key, scoreLimit(), scoreLimit());
        maybe("WITHSCORES");
        maybe("LIMIT", small(), small());
      }
      case 14 ->
          add(
              pick("ZRANGEBYLEX", "ZREVRANGEBYLEX", "ZLEXCOUNT"),
              "y" + random.nextInt(5),
              lexLimit(),
              lexLimit());
      case 15 -> add("ZCOUNT", key, scoreLimit(), scoreLimit());
      case 16 -> add("ZREMRANGEBYRANK", key, small(), small());
      case 17 -> add("ZREMRANGEBYSCORE", key, pick("5", "(5", "x"), pick("6", "(7", "+inf"));
      case 18 -> {
        add(pick("ZPOPMIN", "ZPOPMAX"), key);
        maybe(small());
      }
      case 19 -> {
        add(pick("ZUNION", "ZINTER", "ZDIFF"), "2", key, pick(key("z"), key("t")));
        maybe("WEIGHTS", pick("1", "2", "-3", "0.5"), pick("1", "3"));
        maybe("AGGREGATE", pick("SUM", "MIN", "MAX"));
        maybe("WITHSCORES");
      }
      case 20 -> {
        add(pick("ZUNIONSTORE", "ZINTERSTORE", "ZDIFFSTORE"), key("z"), "2", key, key("z"));
        maybe("AGGREGATE", pick("SUM", "MIN", "MAX"));
      }
      case 21 -> add("ZRANGESTORE", key("z"), key, small(), small());
      case 22 -> {
        add("ZMPOP", pick("1", "2"), key, key("z"), pick("MIN", "MAX"));
        maybe("COUNT", small());
      }
      default -> add("ZINTERCARD", "2", key, key("z"));
    }
  }

  private void keys() {
    String key = anyKey();
    switch (random.nextInt(18)) {
      case 0 -> add(pick("DEL", "UNLINK", "EXISTS", "TOUCH"), key, anyKey());
      case 1 -> add("TYPE", key);
      case 2, 3 -> add("OBJECT", "ENCODING", key);
      case 4 -> add(pick("RENAME", "RENAMENX"), key, anyKey());
      case 5 -> {
        add("COPY", key, anyKey());
        maybe("DB", pick("0", "1", "99"));
        maybe("REPLACE");
      }
      case 6 -> add("MOVE", key, pick("1", "0", "99", "x"));
      case 7 -> {
        add("PEXPIREAT", key, pick("4102444800000", "4102444900000", "1", "x"));
        maybe(pick("NX", "XX", "GT", "LT", "ZZ"));
        maybe(pick("NX", "XX", "GT", "LT"));
      }
      case 8 -> add(pick("EXPIRETIME", "PEXPIRETIME", "PERSIST"), key);
      case 9 -> add("EXPIRE", key, pick("-1", "0", "abc", "9223372036854775807"));
      case 10 -> add("KEYS", pick("*", "s*", "[hl]?", "x[^1]", "?2"));
      case 11 -> add("DBSIZE");
      case 12 -> add("OBJECT", "FREQ", key);
      case 13 -> add("DEBUG", "DIGEST-VALUE", key);
      case 14 -> add("SWAPDB", pick("0", "x"), pick("1", "99"));
      case 15 -> add(pick("NOSUCH", "OBJECT"), key, "b");
      case 16 -> add("SCAN", "0", "COUNT", "1000", "TYPE", "nosuch");
      default -> add("PTTL", "nokey");
    }
  }

  private String id() {
    return random.nextInt(6) == 0
        ? pick("-", "+", "0", "5", "(7-1", "bad", "0-0", "99999")
        : (1 + random.nextInt(entryId / 5 + 2)) + "-" + random.nextInt(5);
  }

  private String nextId() {
    entryId++;
    return random.nextInt(15) == 0 ? id() : entryId / 5 + 1 + "-" + entryId % 5;
  }

  private void streams() {
    String key = key("x");
    String group = pick("g1", "g2");
    String consumer = pick("c1", "c2", "c3");
    switch (random.nextInt(22)) {
      case 0, 1, 2, 3 -> add("XADD", key, nextId(), word(), word());
      case 4 -> {
        add("XADD", key);
        maybe("NOMKSTREAM");
        maybe(pick("MAXLEN", "MINID"), pick("=", "~"), pick("3", "10"));
        add(nextId(), word(), word(), word(), word());
      }
      case 5 -> add("XLEN", key);
      case 6 -> {
        add(pick("XRANGE", "XREVRANGE"), key, id(), id());
        maybe("COUNT", small());
      }
      case 7 -> add("XDEL", key, id(), id());
      case 8 -> add("XTRIM", key, pick("MAXLEN", "MINID"), pick("=", "~"), pick("5", "20", "-1"));
      case 9 -> add("XSETID", key, id());
      case 10 -> {
        add("XREAD");
        maybe("COUNT", "3");
        add("STREAMS", key, key("x"), id(), id());
      }
      case 11, 12 -> {
        add("XGROUP", "CREATE", key, group, pick("0", "$", "3-1"));
        maybe("MKSTREAM");
        maybe("ENTRIESREAD", pick("2", "-1", "-5"));
      }
      case 13 -> add("XGROUP", "SETID", key, group, id());
      case 14 -> add("XGROUP", pick("CREATECONSUMER", "DELCONSUMER"), key, group, consumer);
      case 15, 16, 17 -> {
        add("XREADGROUP", "GROUP", group, consumer);
        maybe("COUNT", "2");
        maybe("NOACK");
        add("STREAMS", key, pick(">", ">", "0"));
      }
      case 18 -> add("XACK", key, group, id(), id());
      case 19 -> {
        add("XCLAIM", key, group, consumer, "0", id(), id());
        maybe("FORCE");
        maybe("JUSTID");
      }
      case 20 -> {
        add("XAUTOCLAIM", key, group, consumer, "0", id());
        maybe("COUNT", small());
      }
      default -> add(pick("XPENDING", "XPENDING"), key, group);
    }
    if (random.nextInt(25) == 0) {
      command.clear();
      add("XINFO", "GROUPS", key);
    }
    if (random.nextInt(60) == 0) {
      command.clear();
      add("XGROUP", "DESTROY", key, group);
    }
  }

  private void transactions() {
    switch (random.nextInt(10)) {
      case 0, 1 -> add("MULTI");
      case 2, 3, 4 -> add("EXEC");
      case 5 -> add("DISCARD");
      case 6 -> add("WATCH", anyKey());
      case 7 -> add("UNWATCH");
      case 8 -> add("SELECT", pick("0", "0", "1", "99", "x"));
      default -> add(pick("PING", "ECHO"), "hi");
    }
  }
}
