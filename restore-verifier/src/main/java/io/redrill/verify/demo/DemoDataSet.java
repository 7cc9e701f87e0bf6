package io.redrill.verify.demo;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The data of a small web shop: what a Redis beside a real application holds.
///
/// ```
/// db 0   customer:<n>         hash        name, mail, city, since
///        cart:<n>             hash        sku -> quantity
///        product:<n>:tags     set         words
///        product:<n>:buyers   set         customer numbers
/// db 1   session:<32 hex>     string      JSON; expires within a day
/// db 2   views:<n>            string      a counter
///        leaderboard:<name>   sorted set  player -> points
///        leaderboard:all      sorted set  a member for every ten keys
/// db 3   queue:<name>         list        JSON jobs
///        orders               stream      with two consumer groups, see [OrderStream]
/// ```
///
/// The same seed and size give the same commands, byte for byte, so that two servers can be loaded
/// alike. Nothing is held in memory but the command at hand and the stream.
///
/// @param keys about how many keys there are, at least 100
/// @param seed what all choices are drawn from
public record DemoDataSet(int keys, long seed) {

  private static final int BATCH = 64;

  private static final List<String> FIRST_NAMES =
      List.of("Ada", "Bo", "Chidi", "Dana", "Emre", "Femi", "Greta", "Hiro", "Ines", "Jo", "Kaya");
  private static final List<String> LAST_NAMES =
      List.of("Andersson", "Bauer", "Costa", "Diallo", "Eriksen", "Fischer", "García", "Haddad");
  private static final List<String> CITIES =
      List.of("Göteborg", "Lyon", "Kraków", "Porto", "Gent", "Aarhus", "Graz", "Łódź", "京都");
  private static final List<String> TAGS =
      List.of("new", "sale", "organic", "fragile", "heavy", "gift", "vegan", "import", "bulky");
  private static final List<String> BOARDS = List.of("week", "month", "year", "trial");
  private static final List<String> QUEUES = List.of("mail", "invoice", "thumbnail", "shipping");

  /// No data set is smaller.
  public static final int LEAST_KEYS = 100;

  /// Checks the size.
  ///
  /// @throws IllegalArgumentException if `keys` is less than [#LEAST_KEYS]
  public DemoDataSet {
    if (keys < LEAST_KEYS) {
      throw new IllegalArgumentException(
          "a demo data set has at least %d keys".formatted(LEAST_KEYS));
    }
  }

  /// The commands that load the data set into an empty server, name first. They end in database 0.
  public Stream<List<byte[]>> commands() {
    return Stream.of(
            Stream.of(command("SELECT", "0")),
            each(customers(), this::customer),
            each(keys / 5, this::cart),
            each(keys / 20, this::tags),
            each(keys / 20, this::buyers),
            Stream.of(command("SELECT", "1")),
            each(keys * 2 / 5, (_, random) -> session(random)),
            Stream.of(command("SELECT", "2")),
            each(counters(), (number, random) -> command("SET", "views:" + number, views(random))),
            each(BOARDS.size() * 10, this::board),
            each(Math.max(1, keys / 10 / BATCH), this::allPlayers),
            Stream.of(command("SELECT", "3")),
            each(QUEUES.size() * 10, this::jobs),
            Stream.of(new OrderStream(Math.max(50, keys / 20), seed).restore("orders")),
            Stream.of(command("SELECT", "0")))
        .flatMap(part -> part);
  }

  /// Writes that go on for ever over the keys of [#commands], each after its `SELECT`: what the
  /// shop's customers do meanwhile.
  ///
  /// @param trafficSeed another seed, for traffic that differs from that of another client
  public Stream<List<byte[]>> traffic(long trafficSeed) {
    RandomGenerator random = new SplittableRandom(trafficSeed);
    return Stream.generate(() -> write(random)).flatMap(List::stream);
  }

  private List<List<byte[]>> write(RandomGenerator random) {
    String cart = "cart:" + random.nextInt(customers());
    String queue = "queue:" + pick(QUEUES, random);
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> in(2, command("INCR", "views:" + random.nextInt(counters())));
      case 3, 4 -> in(1, session(random));
      case 5 -> in(0, command("HINCRBY", cart, sku(random), "1"));
      case 6 -> in(0, command("DEL", cart));
      case 7 -> in(2, command("ZADD", "leaderboard:all", points(random), player(random)));
      case 8 -> in(3, command("RPUSH", queue, job(random)));
      default -> in(3, command("LPOP", queue));
    };
  }

  private static List<List<byte[]>> in(int db, List<byte[]> command) {
    return List.of(command("SELECT", String.valueOf(db)), command);
  }

  private int customers() {
    return keys / 5;
  }

  private int counters() {
    return keys / 10;
  }

  private List<byte[]> customer(int number, RandomGenerator random) {
    String first = pick(FIRST_NAMES, random);
    String last = pick(LAST_NAMES, random);
    return command(
        "HSET",
        "customer:" + number,
        "name",
        first + " " + last,
        "mail",
        (first + "." + last + number + "@shop.example").toLowerCase(Locale.ROOT),
        "city",
        pick(CITIES, random),
        "since",
        String.valueOf(2015 + random.nextInt(12)));
  }

  private List<byte[]> cart(int number, RandomGenerator random) {
    String[] words = words("HSET", "cart:" + number, 2 * (1 + random.nextInt(6)));
    for (int i = 2; i < words.length; i += 2) {
      words[i] = sku(random);
      words[i + 1] = String.valueOf(1 + random.nextInt(4));
    }
    return command(words);
  }

  private List<byte[]> tags(int number, RandomGenerator random) {
    return command(
        "SADD",
        "product:" + number + ":tags",
        pick(TAGS, random),
        pick(TAGS, random),
        "line-" + random.nextInt(40));
  }

  private List<byte[]> buyers(int number, RandomGenerator random) {
    String[] words = words("SADD", "product:" + number + ":buyers", 1 + random.nextInt(20));
    for (int i = 2; i < words.length; i++) {
      words[i] = String.valueOf(random.nextInt(customers()));
    }
    return command(words);
  }

  private List<byte[]> session(RandomGenerator random) {
    String token = "%016x%016x".formatted(random.nextLong(), random.nextLong());
    String body =
        "{\"customer\":%d,\"csrf\":\"%08x\",\"theme\":\"%s\",\"pages\":%d}"
            .formatted(
                random.nextInt(customers()),
                random.nextInt(),
                random.nextBoolean() ? "light" : "dark",
                random.nextInt(60));
    String seconds = String.valueOf(3_600 + random.nextInt(82_800));
    return command("SET", "session:" + token, body, "EX", seconds);
  }

  private List<byte[]> board(int number, RandomGenerator random) {
    return command(
        "ZADD",
        "leaderboard:" + BOARDS.get(number % BOARDS.size()),
        points(random),
        player(random),
        points(random),
        player(random));
  }

  private List<byte[]> allPlayers(int batch, RandomGenerator random) {
    String[] words = words("ZADD", "leaderboard:all", 2 * BATCH);
    for (int i = 0; i < BATCH; i++) {
      words[2 + 2 * i] = points(random);
      words[3 + 2 * i] = "player:" + (batch * BATCH + i);
    }
    return command(words);
  }

  private List<byte[]> jobs(int number, RandomGenerator random) {
    String[] words = words("RPUSH", "queue:" + QUEUES.get(number % QUEUES.size()), BATCH / 4);
    for (int i = 2; i < words.length; i++) {
      words[i] = job(random);
    }
    return command(words);
  }

  private String player(RandomGenerator random) {
    return "player:" + random.nextInt(customers());
  }

  private static String views(RandomGenerator random) {
    return String.valueOf(random.nextInt(1_000_000));
  }

  private static String job(RandomGenerator random) {
    return "{\"job\":\"%016x\",\"attempt\":%d}".formatted(random.nextLong(), random.nextInt(3));
  }

  private static String sku(RandomGenerator random) {
    return "sku:%05d".formatted(random.nextInt(5_000));
  }

  private static String points(RandomGenerator random) {
    return String.format(Locale.ROOT, "%.2f", random.nextDouble() * 10_000);
  }

  private static <T> T pick(List<T> choices, RandomGenerator random) {
    return choices.get(random.nextInt(choices.size()));
  }

  /// One command for each number below `count`, each drawn from a generator of its own, so that a
  /// part of the data set does not depend on the others.
  private Stream<List<byte[]>> each(int count, Maker maker) {
    return IntStream.range(0, count)
        .mapToObj(number -> maker.make(number, new SplittableRandom(seed * 1_000_003 + number)));
  }

  private static String[] words(String name, String key, int more) {
    String[] words = new String[2 + more];
    words[0] = name;
    words[1] = key;
    return words;
  }

  private static List<byte[]> command(String... words) {
    return Stream.of(words).map(word -> word.getBytes(StandardCharsets.UTF_8)).toList();
  }

  @FunctionalInterface
  private interface Maker {
    List<byte[]> make(int number, RandomGenerator random);
  }
}
