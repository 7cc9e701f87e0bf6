package io.redrill.server.keyspace;

/// Removes keys whose time has come although nobody asks for them.
///
/// As in Redis, keys that expire are sampled at random, database after database; while more than a
/// quarter of a sample had expired, the same database is sampled again, within a budget. So at most
/// about a quarter of the expiring keys lie around expired, and no scan of the database is needed.
public final class ActiveExpiry {

  private static final int SAMPLE = 20;
  private static final int ROUNDS = 200;

  private final Keyspace keyspace;

  /// Will clear expired keys from `keyspace`.
  public ActiveExpiry(Keyspace keyspace) {
    this.keyspace = keyspace;
  }

  /// Runs one cycle and returns how many keys it removed. To be called several times a second.
  public int cycle() {
    int removed = 0;
    int rounds = ROUNDS;
    if (!keyspace.isExpiryActive()) {
      return 0;
    }
    for (int i = 0; i < keyspace.databaseCount(); i++) {
      Database db = keyspace.database(i);
      int expired;
      do {
        expired = sample(db);
        removed += expired;
      } while (expired > SAMPLE / 4 && --rounds > 0);
    }
    return removed;
  }

  private int sample(Database db) {
    int expired = 0;
    for (int i = 0; i < SAMPLE && db.expiringCount() > 0; i++) {
      if (db.removeIfExpired(db.randomExpiring(keyspace.random()))) {
        expired++;
      }
    }
    return expired;
  }
}
