package io.redrill.aof;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Says when a key expires, where a command says how long it lives.
///
/// Primaries up to Redis 6.2 put `EXPIRE`, `SETEX`, `SET … PX` and the like into the replication
/// stream as they were given, and a replica counts from the moment of receipt. Replayed a day later
/// such a command would let the key live a day longer. What it means is told by the time mark that
/// it stands under. Later primaries, and all append-only files, hold absolute times already.
///
/// | in the stream | in the file |
/// |---|---|
/// | `EXPIRE key seconds …`, `PEXPIRE key millis …` | `PEXPIREAT key time …` |
/// | `SETEX key seconds value`, `PSETEX key millis value` | `SET key value PXAT time` |
/// | `SET key value … EX seconds …`, `… PX millis …` | `SET key value … PXAT time …` |
/// | `GETEX key EX seconds`, `GETEX key PX millis` | `PEXPIREAT key time` |
/// | `RESTORE key millis payload …` without `ABSTTL` | `RESTORE key time payload … ABSTTL` |
final class AbsoluteExpiry {

  private AbsoluteExpiry() {}

  /// Whether the command at hand of `log` may have to be changed, as far as its name and the number
  /// of its arguments tell.
  static boolean mayChange(AofCursor log) {
    return switch (log.name().length()) {
      case 3 -> log.argumentCount() > 3 && log.is("SET");
      case 5 -> log.is("SETEX") || log.is("GETEX");
      case 6 -> log.is("EXPIRE") || log.is("PSETEX");
      case 7 -> log.is("PEXPIRE") || log.is("RESTORE");
      default -> false;
    };
  }

  /// The arguments of a command that was written at `now`, in Unix milliseconds, with an absolute
  /// time in the place of a relative one; as they are where there is none, or a server would refuse
  /// it.
  static List<byte[]> of(List<byte[]> args, long now) {
    try {
      return switch (text(args.getFirst()).toUpperCase(Locale.ROOT)) {
        case "EXPIRE" -> args.size() < 3 ? args : expire(args, at(args.get(2), 1000, now));
        case "PEXPIRE" -> args.size() < 3 ? args : expire(args, at(args.get(2), 1, now));
        case "SETEX" -> args.size() != 4 ? args : set(args, at(args.get(2), 1000, now));
        case "PSETEX" -> args.size() != 4 ? args : set(args, at(args.get(2), 1, now));
        case "SET" -> setWithOptions(args, now);
        case "GETEX" -> getAndExpire(args, now);
        case "RESTORE" -> restore(args, now);
        default -> args;
      };
    } catch (ArithmeticException | NumberFormatException e) {
      return args; // no time that a server would take
    }
  }

  private static List<byte[]> expire(List<byte[]> args, byte[] time) {
    List<byte[]> absolute = new ArrayList<>(args);
    absolute.set(0, bytes("PEXPIREAT"));
    absolute.set(2, time);
    return absolute;
  }

  private static List<byte[]> set(List<byte[]> args, byte[] time) {
    return List.of(bytes("SET"), args.get(1), args.get(3), bytes("PXAT"), time);
  }

  private static List<byte[]> setWithOptions(List<byte[]> args, long now) {
    for (int i = 3; i + 1 < args.size(); i++) {
      int unit = unit(args.get(i));
      if (unit > 0) {
        List<byte[]> absolute = new ArrayList<>(args);
        absolute.set(i, bytes("PXAT"));
        absolute.set(i + 1, at(args.get(i + 1), unit, now));
        return absolute;
      }
    }
    return args;
  }

  private static List<byte[]> getAndExpire(List<byte[]> args, long now) {
    int unit = args.size() == 4 ? unit(args.get(2)) : 0;
    return unit == 0 ? args : List.of(bytes("PEXPIREAT"), args.get(1), at(args.get(3), unit, now));
  }

  private static List<byte[]> restore(List<byte[]> args, long now) {
    if (args.size() < 4 || Long.parseLong(text(args.get(2))) == 0) {
      return args;
    }
    for (byte[] option : args.subList(4, args.size())) {
      if (text(option).equalsIgnoreCase("ABSTTL")) {
        return args;
      }
    }
    List<byte[]> absolute = new ArrayList<>(args);
    absolute.set(2, at(args.get(2), 1, now));
    absolute.add(bytes("ABSTTL"));
    return absolute;
  }

  /// The milliseconds that a number after this word counts, or 0 if it counts none.
  private static int unit(byte[] word) {
    return switch (text(word).toUpperCase(Locale.ROOT)) {
      case "EX" -> 1000;
      case "PX" -> 1;
      default -> 0;
    };
  }

  private static byte[] at(byte[] amount, int unitMillis, long now) {
    long millis = Math.multiplyExact(Long.parseLong(text(amount)), unitMillis);
    return bytes(Long.toString(Math.addExact(now, millis)));
  }

  private static String text(byte[] argument) {
    return new String(argument, StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
