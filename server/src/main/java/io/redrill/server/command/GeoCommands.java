package io.redrill.server.command;

import static io.redrill.server.command.Commands.GROW;
import static io.redrill.server.command.Commands.KEY;
import static io.redrill.server.command.Commands.READ;

import io.redrill.server.command.Geohash.Place;
import io.redrill.server.type.Numbers;
import io.redrill.server.type.RedisSortedSet;
import io.redrill.server.type.RedisSortedSet.Member;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Places on the earth: members of a sorted set whose scores are geohashes. Searches have a class
/// of their own.
final class GeoCommands {

  private static final byte[] ZADD = Call.bytes("ZADD");
  private static final String ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz";
  private static final int TEXT_LETTERS = 11;
  private static final double WHOLE_LATITUDE = 90;

  private GeoCommands() {}

  static void register(CommandTable table) {
    table.add("geoadd", -5, KEY, GROW, GeoCommands::add);
    table.add("geohash", -2, KEY, READ, GeoCommands::hash);
    table.add("geopos", -2, KEY, READ, GeoCommands::position);
    table.add("geodist", -4, KEY, READ, GeoCommands::distance);
    GeoSearchCommands.register(table);
  }

  /// Adds places by way of `ZADD`, which is also what logs and replicas are given.
  private static void add(Call call) {
    int at = 2;
    boolean ifAbsent = false;
    boolean ifPresent = false;
    for (; at < call.count(); at++) {
      if (call.is(at, "NX")) {
        ifAbsent = true;
      } else if (call.is(at, "XX")) {
        ifPresent = true;
      } else if (!call.is(at, "CH")) {
        break;
      }
    }
    if ((call.count() - at) % 3 != 0 || (ifAbsent && ifPresent)) {
      throw new CommandException(CommandException.SYNTAX);
    }
    List<byte[]> zadd = new ArrayList<>(List.of(call.args()).subList(0, at));
    zadd.set(0, ZADD);
    for (; at < call.count(); at += 3) {
      zadd.add(Numbers.text(Geohash.of(place(call, at), Geohash.FULL_STEP).bits()));
      zadd.add(call.arg(at + 2));
    }
    SortedSetCommands.zadd(call.rewritten(zadd.toArray(new byte[0][])));
  }

  /// The place in arguments `at` and `at + 1`.
  static Place place(Call call, int at) {
    Place place = new Place(call.real(at), call.real(at + 1));
    if (!place.isOnTheMap()) {
      throw new CommandException(
          "ERR invalid longitude,latitude pair %f,%f"
              .formatted(place.longitude(), place.latitude()));
    }
    return place;
  }

  /// The place of a member.
  static Place place(Member member) {
    return Geohash.ofScore(member.score()).area().centre();
  }

  private static @Nullable Member member(@Nullable RedisSortedSet set, byte[] name) {
    return set == null ? null : set.get(name);
  }

  private static void hash(Call call) {
    RedisSortedSet set = SortedSetCommands.read(call, 1);
    call.reply().array(call.count() - 2L);
    for (int i = 2; i < call.count(); i++) {
      Member member = member(set, call.arg(i));
      call.reply().bulkOrNull(member == null ? null : text(place(member)));
    }
  }

  /// The geohash that others understand, whose map reaches to the poles; 52 bits make ten letters,
  /// and an eleventh that says nothing.
  private static byte[] text(Place place) {
    long bits = Geohash.of(place, Geohash.FULL_STEP, WHOLE_LATITUDE).bits();
    StringBuilder text = new StringBuilder(TEXT_LETTERS);
    for (int shift = 52 - 5; shift >= 0; shift -= 5) {
      text.append(ALPHABET.charAt((int) (bits >>> shift & 31)));
    }
    text.append(ALPHABET.charAt(0));
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static void position(Call call) {
    RedisSortedSet set = SortedSetCommands.read(call, 1);
    call.reply().array(call.count() - 2L);
    for (int i = 2; i < call.count(); i++) {
      Member member = member(set, call.arg(i));
      if (member == null) {
        call.reply().nullArray();
      } else {
        reply(call, place(member));
      }
    }
  }

  static void reply(Call call, Place place) {
    call.reply().array(2);
    call.reply().real(Numbers.longDoubleText(new BigDecimal(place.longitude())));
    call.reply().real(Numbers.longDoubleText(new BigDecimal(place.latitude())));
  }

  private static void distance(Call call) {
    double unit = call.count() > 4 ? unitMeters(call, 4) : 1;
    if (call.count() > 5) {
      throw new CommandException(CommandException.SYNTAX);
    }
    RedisSortedSet set = SortedSetCommands.read(call, 1);
    Member from = member(set, call.arg(2));
    Member to = member(set, call.arg(3));
    if (from == null || to == null) {
      call.reply().nullValue();
    } else {
      call.reply().bulk(distanceText(place(from).distance(place(to)) / unit));
    }
  }

  static byte[] distanceText(double distance) {
    return new BigDecimal(distance)
        .setScale(4, RoundingMode.HALF_EVEN)
        .toPlainString()
        .getBytes(StandardCharsets.US_ASCII);
  }

  /// How many meters the unit in argument `index` is long.
  static double unitMeters(Call call, int index) {
    return switch (call.word(index)) {
      case "M" -> 1;
      case "KM" -> 1000;
      case "FT" -> 0.3048;
      case "MI" -> 1609.34;
      default ->
          throw new CommandException("ERR unsupported unit provided. please use M, KM, FT, MI");
    };
  }
}
