package io.redrill.server.command;

import static io.redrill.server.command.Commands.GROW;
import static io.redrill.server.command.Commands.KEY;
import static io.redrill.server.command.Commands.READ;

import io.redrill.server.keyspace.KeyEntry;
import io.redrill.server.type.Numbers;
import io.redrill.server.type.RedisHash;
import io.redrill.server.type.RedisList;
import io.redrill.server.type.RedisSet;
import io.redrill.server.type.RedisSortedSet;
import io.redrill.server.type.RedisString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// `SORT`: the elements of a list, set or sorted set in the order of numbers or bytes, their own or
/// those that a pattern leads to.
///
/// Words are compared byte by byte, as Redis does under the locale `C`: what a log stores must not
/// depend on where it is replayed.
final class SortCommands {

  private static final byte[] EMPTY = {};
  private static final byte[] ITSELF = {'#'};

  private SortCommands() {}

  static void register(CommandTable table) {
    table.add("sort", -2, KEY, GROW, call -> sort(call, true));
    table.add("sort_ro", -2, KEY, READ, call -> sort(call, false));
  }

  /// The options. What is not given is null.
  private static final class Query {
    private boolean descending;
    private boolean words;
    private long skip;
    private long limit = -1;
    private byte @Nullable [] by;
    private boolean ordered = true;
    private byte @Nullable [] target;
    private final List<byte[]> gets = new ArrayList<>();

    Query(Call call, boolean mayStore) {
      for (int i = 2; i < call.count(); i++) {
        int left = call.count() - i - 1;
        if (call.is(i, "ASC")) {
          descending = false;
        } else if (call.is(i, "DESC")) {
          descending = true;
        } else if (call.is(i, "ALPHA")) {
          words = true;
        } else if (call.is(i, "LIMIT") && left >= 2) {
          skip = call.integer(++i);
          limit = call.integer(++i);
        } else if (call.is(i, "STORE") && left >= 1 && mayStore) {
          target = call.arg(++i);
        } else if (call.is(i, "BY") && left >= 1) {
          by = call.arg(++i);
          // A pattern that leads to the same key for every element asks for no order.
          ordered = star(by) >= 0;
        } else if (call.is(i, "GET") && left >= 1) {
          gets.add(call.arg(++i));
        } else {
          throw new CommandException(CommandException.SYNTAX);
        }
      }
    }
  }

  /// An element with what it is ordered by: a number, or bytes, which are null where the pattern
  /// leads nowhere.
  private record Element(byte[] bytes, double number, byte @Nullable [] word) {

    static final Comparator<Element> BY_NUMBER =
        Comparator.comparingDouble(Element::unsignedZero)
            .thenComparing(Element::bytes, Arrays::compareUnsigned);

    static final Comparator<Element> BY_WORD =
        Comparator.comparing(Element::word, Comparator.nullsFirst(Arrays::compareUnsigned));

    /// The number, of which 0 and -0 are equal.
    double unsignedZero() {
      return number + 0.0;
    }
  }

  private static void sort(Call call, boolean mayStore) {
    Query query = new Query(call, mayStore);
    KeyEntry entry = call.entry(call.arg(1));
    if (query.target != null
        && !query.ordered
        && entry != null
        && entry.value() instanceof RedisSet) {
      // A set has no order of its own, and what is stored must be the same wherever it is run.
      query.ordered = true;
      query.words = true;
      query.by = null;
    }
    List<byte[]> elements = elements(entry);
    if (query.ordered) {
      elements = sorted(call, elements, query);
    } else if (query.descending) {
      Collections.reverse(elements);
    }
    elements = limited(elements, query);
    if (query.target == null) {
      reply(call, elements, query);
    } else {
      store(call, elements, query, query.target);
    }
  }

  private static List<byte[]> elements(@Nullable KeyEntry entry) {
    List<byte[]> elements = new ArrayList<>();
    switch (entry == null ? null : entry.value()) {
      case null -> {}
      case RedisList list -> list.forRange(0, list.size(), elements::add);
      case RedisSet set -> set.forEach(elements::add);
      case RedisSortedSet set -> {
        for (int i = 0; i < set.size(); i++) {
          elements.add(set.at(i).name());
        }
      }
      default -> throw new CommandException(CommandException.WRONG_TYPE);
    }
    return elements;
  }

  private static List<byte[]> sorted(Call call, List<byte[]> elements, Query query) {
    List<Element> sorted = new ArrayList<>(elements.size());
    for (byte[] bytes : elements) {
      byte[] word = query.by == null ? bytes : lookUp(call, query.by, bytes);
      sorted.add(new Element(bytes, query.words || word == null ? 0 : number(word), word));
    }
    Comparator<Element> order = query.words ? Element.BY_WORD : Element.BY_NUMBER;
    sorted.sort(query.descending ? order.reversed() : order);
    return new ArrayList<>(sorted.stream().map(Element::bytes).toList());
  }

  /// A number as C reads it: blanks before it do not matter, and a zero byte ends it.
  private static double number(byte[] word) {
    int from = 0;
    while (from < word.length && (word[from] == ' ' || (word[from] >= 9 && word[from] <= 13))) {
      from++;
    }
    int to = from;
    while (to < word.length && word[to] != 0) {
      to++;
    }
    if (to == 0) {
      return 0;
    }
    OptionalDouble number = Numbers.parseDouble(Arrays.copyOfRange(word, from, to));
    if (number.isEmpty()) {
      throw new CommandException("ERR One or more scores can't be converted into double");
    }
    return number.getAsDouble();
  }

  private static List<byte[]> limited(List<byte[]> elements, Query query) {
    int size = elements.size();
    int from = Math.clamp(query.skip, 0, size);
    int count = query.limit < 0 ? size : (int) Math.min(query.limit, size);
    return elements.subList(from, Math.min(size, from + count));
  }

  private static void reply(Call call, List<byte[]> elements, Query query) {
    call.reply().array(elements.size() * Math.max(1L, query.gets.size()));
    for (byte[] element : elements) {
      if (query.gets.isEmpty()) {
        call.reply().bulk(element);
      }
      for (byte[] pattern : query.gets) {
        call.reply().bulkOrNull(lookUp(call, pattern, element));
      }
    }
  }

  private static void store(Call call, List<byte[]> elements, Query query, byte[] target) {
    RedisList result = new RedisList();
    for (byte[] element : elements) {
      if (query.gets.isEmpty()) {
        result.addLast(element);
      }
      for (byte[] pattern : query.gets) {
        byte[] found = lookUp(call, pattern, element);
        result.addLast(found == null ? EMPTY : found);
      }
    }
    if (result.size() > 0) {
      call.db().put(target, result, false);
      call.changed(result.size());
    } else if (call.db().remove(target) != null) {
      call.changed(1);
    }
    call.reply().integer(result.size());
  }

  /// What a pattern leads to for an element: a string, the field of a hash (`key->field`), or the
  /// element itself (`#`); null where there is nothing of that kind.
  private static byte @Nullable [] lookUp(Call call, byte[] pattern, byte[] element) {
    if (Arrays.equals(pattern, ITSELF)) {
      return element;
    }
    int star = star(pattern);
    if (star < 0) {
      return null;
    }
    int arrow = arrow(pattern, star + 1);
    byte[] key = new byte[arrow - 1 + element.length];
    System.arraycopy(pattern, 0, key, 0, star);
    System.arraycopy(element, 0, key, star, element.length);
    System.arraycopy(pattern, star + 1, key, star + element.length, arrow - star - 1);
    KeyEntry entry = call.entry(key);
    if (entry == null) {
      return null;
    }
    if (arrow == pattern.length) {
      return entry.value() instanceof RedisString string ? string.bytes() : null;
    }
    return entry.value() instanceof RedisHash hash
        ? hash.get(Arrays.copyOfRange(pattern, arrow + 2, pattern.length))
        : null;
  }

  /// Where `->` begins that a field follows, or the pattern's length.
  private static int arrow(byte[] pattern, int from) {
    for (int i = from; i + 1 < pattern.length; i++) {
      if (pattern[i] == '-' && pattern[i + 1] == '>') {
        return i + 2 < pattern.length ? i : pattern.length;
      }
    }
    return pattern.length;
  }

  private static int star(byte[] pattern) {
    for (int i = 0; i < pattern.length; i++) {
      if (pattern[i] == '*') {
        return i;
      }
    }
    return -1;
  }
}
