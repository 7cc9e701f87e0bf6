package io.redrill.server.command;

import static io.redrill.server.command.Commands.GROW;
import static io.redrill.server.command.Commands.NONE;
import static io.redrill.server.command.Commands.READ;

import io.redrill.server.command.Command.KeyPositions;
import io.redrill.server.keyspace.KeyEntry;
import io.redrill.server.type.DecodedValue;
import io.redrill.server.type.RedisSet;
import io.redrill.server.type.RedisSortedSet;
import io.redrill.server.type.RedisSortedSet.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjDoubleConsumer;
import org.jspecify.annotations.Nullable;

/// Union, intersection and difference of sorted sets; plain sets take part with scores of 1.
final class SortedSetAlgebra {

  private enum Operation {
    UNION,
    INTERSECTION,
    DIFFERENCE
  }

  private enum Aggregate {
    SUM,
    MIN,
    MAX;

    double of(double left, double right) {
      return switch (this) {
        // Infinity less infinity counts as nothing.
        case SUM -> Double.isNaN(left + right) ? 0 : left + right;
        // Of 0 and -0, which are equal, the one that came first.
        case MIN -> right < left ? right : left;
        case MAX -> right > left ? right : left;
      };
    }
  }

  private SortedSetAlgebra() {}

  static void register(CommandTable table) {
    table.add("zunion", -3, NONE, READ, call -> reply(call, Operation.UNION));
    table.add("zinter", -3, NONE, READ, call -> reply(call, Operation.INTERSECTION));
    table.add("zdiff", -3, NONE, READ, call -> reply(call, Operation.DIFFERENCE));
    KeyPositions key = KeyPositions.ONE;
    table.add("zunionstore", -4, key, GROW, call -> store(call, Operation.UNION));
    table.add("zinterstore", -4, key, GROW, call -> store(call, Operation.INTERSECTION));
    table.add("zdiffstore", -4, key, GROW, call -> store(call, Operation.DIFFERENCE));
    table.add("zintercard", -3, NONE, READ, SortedSetAlgebra::zinterCard);
  }

  /// What takes part: a set of either kind, or nothing; and the weight of its scores.
  private record Input(@Nullable DecodedValue value, double weight) {

    int size() {
      return switch (value) {
        case RedisSortedSet sorted -> sorted.size();
        case RedisSet set -> set.size();
        case null, default -> 0;
      };
    }

    void forEach(ObjDoubleConsumer<byte[]> visitor) {
      if (value instanceof RedisSortedSet sorted) {
        for (Member member : sorted) {
          visitor.accept(member.name(), member.score());
        }
      } else if (value instanceof RedisSet set) {
        for (byte[] member : set) {
          visitor.accept(member, 1);
        }
      }
    }

    /// The weighted score of a member, or empty if it is not there.
    java.util.OptionalDouble score(byte[] name) {
      if (value instanceof RedisSortedSet sorted) {
        Member member = sorted.get(name);
        return member == null
            ? java.util.OptionalDouble.empty()
            : java.util.OptionalDouble.of(weighted(member.score()));
      }
      return value instanceof RedisSet set && set.contains(name)
          ? java.util.OptionalDouble.of(weighted(1))
          : java.util.OptionalDouble.empty();
    }

    double weighted(double score) {
      double product = weight * score;
      return Double.isNaN(product) ? 0 : product;
    }
  }

  private record Query(List<Input> inputs, Aggregate aggregate, boolean withScores) {

    static Query of(Call call, int at, Operation operation, boolean reads) {
      int end = keysEnd(call, at);
      double[] weights = new double[end - at - 1];
      java.util.Arrays.fill(weights, 1);
      Aggregate aggregate = Aggregate.SUM;
      boolean withScores = false;
      List<@Nullable DecodedValue> values = values(call, at + 1, end);
      for (int i = end; i < call.count(); i++) {
        boolean weighs = operation != Operation.DIFFERENCE;
        if (weighs && call.is(i, "WEIGHTS") && i + weights.length < call.count()) {
          for (int w = 0; w < weights.length; w++) {
            weights[w] = call.real(i + 1 + w, "ERR weight value is not a float");
          }
          i += weights.length;
        } else if (weighs && call.is(i, "AGGREGATE") && i + 1 < call.count()) {
          aggregate =
              switch (call.word(++i)) {
                case "SUM" -> Aggregate.SUM;
                case "MIN" -> Aggregate.MIN;
                case "MAX" -> Aggregate.MAX;
                default -> throw new CommandException(CommandException.SYNTAX);
              };
        } else if (reads && call.is(i, "WITHSCORES")) {
          withScores = true;
        } else {
          throw new CommandException(CommandException.SYNTAX);
        }
      }
      List<Input> inputs = new ArrayList<>();
      for (int i = 0; i < weights.length; i++) {
        inputs.add(new Input(values.get(i), weights[i]));
      }
      return new Query(inputs, aggregate, withScores);
    }

    RedisSortedSet run(Operation operation) {
      RedisSortedSet result = new RedisSortedSet();
      // Sums of fractions depend on their order: Redis's is from the smallest set up.
      List<Input> ascending =
          inputs.stream().sorted(java.util.Comparator.comparingInt(Input::size)).toList();
      switch (operation) {
        case UNION -> {
          for (Input input : ascending) {
            input.forEach((name, score) -> unite(result, name, input.weighted(score)));
          }
        }
        case INTERSECTION ->
            ascending.getFirst().forEach((name, score) -> intersect(result, ascending, name));
        case DIFFERENCE ->
            inputs.getFirst().forEach((name, score) -> subtract(result, name, score));
      }
      return result;
    }

    private void unite(RedisSortedSet result, byte[] name, double score) {
      Member member = result.get(name);
      double total = member == null ? score : aggregate.of(member.score(), score);
      result.putExactly(name, total);
    }

    private void intersect(RedisSortedSet result, List<Input> ascending, byte[] name) {
      boolean first = true;
      double total = 0;
      for (Input input : ascending) {
        var score = input.score(name);
        if (score.isEmpty()) {
          return;
        }
        total = first ? score.getAsDouble() : aggregate.of(total, score.getAsDouble());
        first = false;
      }
      result.putExactly(name, total);
    }

    private void subtract(RedisSortedSet result, byte[] name, double score) {
      for (Input other : inputs.subList(1, inputs.size())) {
        if (other.score(name).isPresent()) {
          return;
        }
      }
      result.putExactly(name, score);
    }
  }

  private static int keysEnd(Call call, int at) {
    long numKeys = call.integer(at);
    if (numKeys < 1) {
      throw new CommandException(
          "ERR at least 1 input key is needed for '%s' command".formatted(call.command().name()));
    }
    if (numKeys > call.count() - at - 1) {
      throw new CommandException(CommandException.SYNTAX);
    }
    return at + 1 + (int) numKeys;
  }

  private static List<@Nullable DecodedValue> values(Call call, int from, int to) {
    List<@Nullable DecodedValue> values = new ArrayList<>();
    for (int i = from; i < to; i++) {
      KeyEntry entry = call.entry(call.arg(i));
      if (entry == null) {
        values.add(null);
      } else if (entry.value() instanceof RedisSortedSet sorted) {
        values.add(sorted);
      } else {
        values.add(Call.cast(entry, RedisSet.class));
      }
    }
    return values;
  }

  private static void reply(Call call, Operation operation) {
    Query query = Query.of(call, 1, operation, true);
    RedisSortedSet result = query.run(operation);
    List<Member> members = new ArrayList<>(result.size());
    result.forEach(members::add);
    SortedSetCommands.replyMembers(call, members, query.withScores());
  }

  private static void store(Call call, Operation operation) {
    RedisSortedSet result = Query.of(call, 2, operation, false).run(operation);
    result.pack(call.keyspace().limits());
    SortedSetRanges.storeResult(call, result);
  }

  private static void zinterCard(Call call) {
    int end = keysEnd(call, 1);
    long limit = 0;
    for (int i = end; i < call.count(); i += 2) {
      if (!call.is(i, "LIMIT") || i + 1 >= call.count()) {
        throw new CommandException(CommandException.SYNTAX);
      }
      limit = call.integer(i + 1, 0, Long.MAX_VALUE, "ERR LIMIT can't be negative");
    }
    List<Input> inputs = new ArrayList<>();
    values(call, 2, end).forEach(value -> inputs.add(new Input(value, 1)));
    int size = new Query(inputs, Aggregate.SUM, false).run(Operation.INTERSECTION).size();
    call.reply().integer(limit == 0 ? size : Math.min(size, limit));
  }
}
