package io.redrill.server.keyspace;

import io.redrill.rdb.RdbType;
import io.redrill.server.type.EncodingLimits;
import io.redrill.server.type.OpaqueValue;
import io.redrill.server.type.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// All databases, and what is true of them together.
///
/// One thread owns a keyspace. Two kinds of listener follow it: one hears of every modified and
/// every expired key, the other sees what an epoch is about to overwrite.
public final class Keyspace {

  private static final KeyspaceListener DEAF =
      new KeyspaceListener() {
        @Override
        public void modified(Database db, byte[] key) {}

        @Override
        public void expired(Database db, byte[] key) {}
      };

  private final List<Database> databases = new ArrayList<>();
  private final ServerClock clock;
  private final RandomGenerator random;
  private final FunctionLibraries functions = new FunctionLibraries();
  private KeyspaceListener listener = DEAF;
  private EpochListener epochListener = EpochListener.CARELESS;
  private EncodingLimits limits = EncodingLimits.DEFAULT;
  private int epoch;
  private long dirty;
  private long expiredKeys;
  private boolean loading;
  private boolean keepsExpired;
  private boolean holdsValkeyForms;
  private boolean expiryActive = true;

  /// Makes `count` empty databases.
  public Keyspace(int count, ServerClock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
    for (int i = 0; i < count; i++) {
      databases.add(new Database(i, this));
    }
  }

  /// Database `index`, which must be from 0 to below [#databaseCount()].
  public Database database(int index) {
    return databases.get(index);
  }

  /// How many databases there are.
  public int databaseCount() {
    return databases.size();
  }

  /// The time that expiry is judged by.
  public ServerClock clock() {
    return clock;
  }

  /// Where random members, keys and samples come from.
  public RandomGenerator random() {
    return random;
  }

  /// The function libraries, kept as their source.
  public FunctionLibraries functions() {
    return functions;
  }

  /// At what size values change their form.
  public EncodingLimits limits() {
    return limits;
  }

  /// Sets the limits for changes to come; values keep the form they have.
  public void limits(EncodingLimits next) {
    limits = next;
  }

  /// Changes since the start; a command that changed nothing leaves it as it was.
  public long dirty() {
    return dirty;
  }

  /// Counts changes.
  public void addDirty(long changes) {
    dirty += changes;
  }

  /// Keys removed because their time had come.
  public long expiredKeys() {
    return expiredKeys;
  }

  /// Whether expired keys are removed although nobody asks for them.
  public boolean isExpiryActive() {
    return expiryActive;
  }

  /// Turns that on or off.
  public void activeExpiry(boolean on) {
    expiryActive = on;
  }

  /// Whether a load is under way, in which no key expires.
  public boolean isLoading() {
    return loading;
  }

  /// Begins or ends a load.
  public void loading(boolean next) {
    loading = next;
  }

  /// Whether a key goes when its time has come: not while loading, and not where keys are kept.
  public boolean removesExpired() {
    return !loading && !keepsExpired;
  }

  /// Whether keys stay, and stay visible, after their time has come.
  public boolean keepsExpired() {
    return keepsExpired;
  }

  /// Has keys stay after their time has come: for restored data that must be seen as it was.
  public void keepExpired(boolean next) {
    keepsExpired = next;
  }

  /// Installs the one listener for modified and expired keys.
  public void listener(KeyspaceListener next) {
    listener = next;
  }

  /// Installs the one listener for epochs.
  public void epochListener(EpochListener next) {
    epochListener = next;
  }

  /// The current epoch.
  public int epoch() {
    return epoch;
  }

  /// Begins an epoch and returns its number: from now on, the first change to each entry that is
  /// there now is announced to the epoch listener.
  public int beginEpoch() {
    return ++epoch;
  }

  /// Marks an entry as dealt with in this epoch: its next change is not announced.
  public void markSeen(KeyEntry entry) {
    entry.epoch(epoch);
  }

  /// Empties one database; returns how many keys it had.
  public int flush(Database db) {
    int size = db.size();
    for (KeyEntry entry : db.entries()) {
      listener.modified(db, entry.key());
    }
    db.flush();
    return size;
  }

  /// Lets two databases change contents.
  public void swap(Database first, Database second) {
    first.swapContents(second);
    for (KeyEntry entry : first.entries()) {
      listener.modified(first, entry.key());
    }
    for (KeyEntry entry : second.entries()) {
      listener.modified(second, entry.key());
    }
  }

  /// Says that a value was changed in place.
  public void modified(Database db, byte[] key) {
    listener.modified(db, key);
  }

  void expired(Database db, byte[] key) {
    expiredKeys++;
    listener.modified(db, key);
    listener.expired(db, key);
  }

  /// Whether a value in Valkey's own dialect may be among the data: true from the first one on.
  public boolean holdsValkeyForms() {
    return holdsValkeyForms;
  }

  void noteForm(Value value) {
    if (value instanceof OpaqueValue opaque && opaque.type() == RdbType.HASH_2_VALKEY) {
      holdsValkeyForms = true;
    }
  }

  void firstChange(Database db, KeyEntry entry) {
    epochListener.beforeFirstChange(db, entry);
    entry.epoch(epoch);
  }
}
