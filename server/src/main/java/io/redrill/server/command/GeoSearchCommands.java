package io.redrill.server.command;

import static io.redrill.server.command.Commands.GROW;
import static io.redrill.server.command.Commands.KEY;
import static io.redrill.server.command.Commands.READ;

import io.redrill.server.command.Command.KeyPositions;
import io.redrill.server.command.Geohash.Place;
import io.redrill.server.type.RedisSortedSet;
import io.redrill.server.type.RedisSortedSet.Member;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Searches for the places in a circle or rectangle: `GEOSEARCH`, and the older `GEORADIUS`.
final class GeoSearchCommands {

  private GeoSearchCommands() {}

  static void register(CommandTable table) {
    KeyPositions two = new KeyPositions(1, 2, 1);
    table.add("georadius", -6, KEY, GROW, call -> run(call, Form.RADIUS));
    table.add("georadius_ro", -6, KEY, READ, call -> run(call, Form.RADIUS_RO));
    table.add("georadiusbymember", -5, KEY, GROW, call -> run(call, Form.BY_MEMBER));
    table.add("georadiusbymember_ro", -5, KEY, READ, call -> run(call, Form.BY_MEMBER_RO));
    table.add("geosearch", -7, KEY, READ, call -> run(call, Form.SEARCH));
    table.add("geosearchstore", -8, two, GROW, call -> run(call, Form.SEARCH_STORE));
  }

  private enum Form {
    RADIUS,
    RADIUS_RO,
    BY_MEMBER,
    BY_MEMBER_RO,
    SEARCH,
    SEARCH_STORE;

    boolean isSearch() {
      return this == SEARCH || this == SEARCH_STORE;
    }

    boolean mayStore() {
      return this == RADIUS || this == BY_MEMBER;
    }
  }

  private enum Order {
    NONE,
    NEAREST_FIRST,
    FARTHEST_FIRST
  }

  private record Found(Member member, Place place, double meters) {}

  /// The arguments of a search, as far as they are read. What is not given is null.
  private static final class Query {
    private final Call call;
    private final Form form;
    private final @Nullable RedisSortedSet set;
    private @Nullable Place centre;
    private boolean member;
    private boolean circle;
    private boolean box;
    private double width;
    private double height;
    private double unitMeters = 1;
    private byte @Nullable [] target;
    private boolean storeDistances;
    private boolean withDistances;
    private boolean withHashes;
    private boolean withPlaces;
    private boolean any;
    private long count;
    private Order order = Order.NONE;

    Query(Call call, Form form) {
      this.call = call;
      this.form = form;
      set = SortedSetCommands.read(call, form == Form.SEARCH_STORE ? 2 : 1);
      switch (form) {
        case RADIUS, RADIUS_RO -> {
          centre = GeoCommands.place(call, 2);
          circle(4);
          options(6);
        }
        case BY_MEMBER, BY_MEMBER_RO -> {
          member(2);
          if (set == null) {
            circle = true; // found empty whatever its radius is
          } else {
            circle(3);
          }
          options(5);
        }
        case SEARCH -> options(2);
        case SEARCH_STORE -> {
          target = call.arg(1);
          options(3);
        }
      }
      check();
    }

    private void options(int from) {
      int end = call.count();
      for (int i = from; i < end; i++) {
        int left = end - i - 1;
        switch (call.word(i)) {
          case "WITHDIST" -> withDistances = true;
          case "WITHHASH" -> withHashes = true;
          case "WITHCOORD" -> withPlaces = true;
          case "ANY" -> any = true;
          case "ASC" -> order = Order.NEAREST_FIRST;
          case "DESC" -> order = Order.FARTHEST_FIRST;
          case "COUNT" -> {
            require(left >= 1);
            count = call.integer(++i);
            if (count <= 0) {
              throw new CommandException("ERR COUNT must be > 0");
            }
          }
          case "STORE", "STOREDIST" -> {
            boolean distances = call.is(i, "STOREDIST");
            if (form == Form.SEARCH_STORE && distances) {
              storeDistances = true;
              continue;
            }
            require(form.mayStore() && left >= 1);
            target = call.arg(++i);
            storeDistances = distances;
          }
          case "FROMMEMBER" -> {
            require(form.isSearch() && left >= 1 && (centre == null || member));
            member(++i);
          }
          case "FROMLONLAT" -> {
            require(form.isSearch() && left >= 2 && !member);
            centre = GeoCommands.place(call, i + 1);
            i += 2;
          }
          case "BYRADIUS" -> {
            require(form.isSearch() && left >= 2 && !box);
            circle(i + 1);
            i += 2;
          }
          case "BYBOX" -> {
            require(form.isSearch() && left >= 3 && !circle);
            box(i + 1);
            i += 3;
          }
          default -> throw new CommandException(CommandException.SYNTAX);
        }
      }
    }

    private static void require(boolean fits) {
      if (!fits) {
        throw new CommandException(CommandException.SYNTAX);
      }
    }

    /// Takes the centre from a member; of a key that is not there, nothing will be found anyway.
    private void member(int index) {
      member = true;
      if (set == null) {
        return;
      }
      Member found = set.get(call.arg(index));
      if (found == null) {
        throw new CommandException("ERR could not decode requested zset member");
      }
      centre = GeoCommands.place(found);
    }

    private void circle(int index) {
      width = call.real(index, "ERR need numeric radius");
      if (width < 0) {
        throw new CommandException("ERR radius cannot be negative");
      }
      height = width;
      unitMeters = GeoCommands.unitMeters(call, index + 1);
      circle = true;
    }

    private void box(int index) {
      width = call.real(index, "ERR need numeric width");
      height = call.real(index + 1, "ERR need numeric height");
      if (width < 0 || height < 0) {
        throw new CommandException("ERR height or width cannot be negative");
      }
      unitMeters = GeoCommands.unitMeters(call, index + 2);
      box = true;
    }

    private void check() {
      if (target != null && (withDistances || withHashes || withPlaces)) {
        throw new CommandException(
            "ERR %s is not compatible with WITHDIST, WITHHASH and WITHCOORD options"
                .formatted(form.isSearch() ? "GEOSEARCHSTORE" : "STORE option in GEORADIUS"));
      }
      if (centre == null && !member) {
        throw new CommandException(
            "ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for " + call.text(0));
      }
      if (!circle && !box) {
        throw new CommandException(
            "ERR exactly one of BYRADIUS and BYBOX can be specified for " + call.text(0));
      }
      if (any && count == 0) {
        throw new CommandException("ERR the ANY argument requires COUNT argument");
      }
    }

    List<Found> run() {
      Place middle = centre;
      if (set == null || middle == null) {
        return List.of();
      }
      GeoShape shape = new GeoShape(middle, circle, width, height, unitMeters);
      long limit = any ? count : Long.MAX_VALUE;
      List<Found> found = new ArrayList<>();
      for (Geohash cell : shape.cells()) {
        if (found.size() >= limit) {
          break;
        }
        gather(set, shape, cell, limit, found);
      }
      Comparator<Found> byDistance = Comparator.comparingDouble(Found::meters);
      Order sorting = count > 0 && !any && order == Order.NONE ? Order.NEAREST_FIRST : order;
      switch (sorting) {
        case NONE -> {}
        case NEAREST_FIRST -> found.sort(byDistance);
        case FARTHEST_FIRST -> found.sort(byDistance.reversed());
      }
      return count > 0 && count < found.size() ? found.subList(0, (int) count) : found;
    }

    private static void gather(
        RedisSortedSet set, GeoShape shape, Geohash cell, long limit, List<Found> found) {
      int rank = set.countBelow(one -> one.score() < cell.minScore());
      Member member = rank < set.size() ? set.at(rank) : null;
      while (member != null && member.score() < cell.endScore() && found.size() < limit) {
        Place place = GeoCommands.place(member);
        double meters = shape.distance(place);
        if (!Double.isNaN(meters)) {
          found.add(new Found(member, place, meters));
        }
        member = set.after(member);
      }
    }

    void reply(List<Found> found) {
      int extras = (withDistances ? 1 : 0) + (withHashes ? 1 : 0) + (withPlaces ? 1 : 0);
      call.reply().array(found.size());
      for (Found one : found) {
        if (extras > 0) {
          call.reply().array(extras + 1L);
        }
        call.reply().bulk(one.member().name());
        if (withDistances) {
          call.reply().bulk(GeoCommands.distanceText(one.meters() / unitMeters));
        }
        if (withHashes) {
          call.reply().integer((long) one.member().score());
        }
        if (withPlaces) {
          GeoCommands.reply(call, one.place());
        }
      }
    }

    RedisSortedSet result(List<Found> found) {
      RedisSortedSet result = new RedisSortedSet();
      for (Found one : found) {
        double score = storeDistances ? one.meters() / unitMeters : one.member().score();
        result.put(one.member().name(), score, call.keyspace().limits());
      }
      return result;
    }
  }

  private static void run(Call call, Form form) {
    Query query = new Query(call, form);
    List<Found> found = query.run();
    byte[] target = query.target;
    if (target == null) {
      query.reply(found);
    } else {
      SortedSetRanges.storeResult(call, target, query.result(found));
    }
  }
}
