package io.redrill.server.command;

import io.redrill.server.keyspace.Database;
import io.redrill.server.keyspace.KeyEntry;
import io.redrill.server.keyspace.Keyspace;
import io.redrill.server.type.DecodedValue;
import io.redrill.server.type.Numbers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// One run of a command: its arguments, the data it works on, its reply and its effects.
///
/// A command that changed data says so with [#changed]; then its arguments are propagated as they
/// came, unless it names other effects. One that changed nothing is not propagated.
public final class Call {

  private final Dispatcher dispatcher;
  private final Client client;
  private final Command command;
  private byte[][] args;
  private final Database db;
  private @Nullable List<Effect> effects;

  /// A command to be propagated, in a database.
  record Effect(int db, byte[][] command) {}

  Call(Dispatcher dispatcher, Client client, Command command, byte[][] args) {
    this.dispatcher = dispatcher;
    this.client = client;
    this.command = command;
    this.args = args;
    this.db = dispatcher.keyspace().database(client.database());
  }

  /// Who called.
  public Client client() {
    return client;
  }

  /// What is being run.
  public Command command() {
    return command;
  }

  /// The client's database.
  public Database db() {
    return db;
  }

  /// All databases.
  public Keyspace keyspace() {
    return dispatcher.keyspace();
  }

  /// Where the reply goes.
  public ReplyBuffer reply() {
    return client.reply();
  }

  /// Whether the command comes from a log, and not from a client.
  public boolean isReplayed() {
    return dispatcher.isApplying();
  }

  /// The instant of this command, Unix milliseconds.
  public long now() {
    return dispatcher.keyspace().clock().millis();
  }

  /// All arguments, the command's name first.
  public byte[][] args() {
    return args;
  }

  /// This call with other arguments, which are also what is propagated: a command that another one
  /// stands for.
  Call rewritten(byte[][] next) {
    args = next;
    return this;
  }

  /// The number of arguments, the name included.
  public int count() {
    return args.length;
  }

  /// Argument `index`.
  public byte[] arg(int index) {
    return args[index];
  }

  /// Argument `index` as text.
  public String text(int index) {
    return new String(args[index], StandardCharsets.UTF_8);
  }

  /// Argument `index` as an option: in capitals.
  public String word(int index) {
    return new String(args[index], StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
  }

  /// Whether argument `index` is this word, given in capitals, in any case.
  public boolean is(int index, String word) {
    byte[] arg = args[index];
    if (arg.length != word.length()) {
      return false;
    }
    for (int i = 0; i < arg.length; i++) {
      int letter = arg[i];
      if (letter >= 'a' && letter <= 'z') {
        letter -= 0x20;
      }
      if (letter != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// Argument `index` as an integer.
  public long integer(int index) {
    return integer(index, CommandException.NOT_INTEGER);
  }

  /// Argument `index` as an integer, or else this error.
  public long integer(int index, String error) {
    OptionalLong number = Numbers.parseLong(args[index]);
    if (number.isEmpty()) {
      throw new CommandException(error);
    }
    return number.getAsLong();
  }

  /// Argument `index` as an integer from `from` to `to`, or else this error.
  public long integer(int index, long from, long to, String error) {
    long number = integer(index, error);
    if (number < from || number > to) {
      throw new CommandException(error);
    }
    return number;
  }

  /// Argument `index` as a number.
  public double real(int index) {
    return real(index, CommandException.NOT_FLOAT);
  }

  /// Argument `index` as a number, or else this error.
  public double real(int index, String error) {
    OptionalDouble number = Numbers.parseDouble(args[index]);
    if (number.isEmpty()) {
      throw new CommandException(error);
    }
    return number.getAsDouble();
  }

  /// The value of `key` for reading, or null if there is none.
  public <T extends DecodedValue> @Nullable T find(byte[] key, Class<T> type) {
    KeyEntry entry = entry(key);
    return entry == null ? null : cast(entry, type);
  }

  /// The value of `key` for changing it, or null if there is none.
  public <T extends DecodedValue> @Nullable T findForWrite(byte[] key, Class<T> type) {
    KeyEntry entry = db.findForWrite(key);
    return entry == null ? null : cast(entry, type);
  }

  /// The entry of `key` for reading, or null; counts a hit or a miss.
  public @Nullable KeyEntry entry(byte[] key) {
    KeyEntry entry = db.find(key);
    dispatcher.statistics().countLookup(entry != null);
    return entry;
  }

  /// The value of an entry, which must be of this type.
  public static <T extends DecodedValue> T cast(KeyEntry entry, Class<T> type) {
    if (!type.isInstance(entry.value())) {
      throw new CommandException(CommandException.WRONG_TYPE);
    }
    return type.cast(entry.value());
  }

  /// Counts one change, to the value of `key` in place.
  public void changed(byte[] key) {
    changed(key, 1);
  }

  /// Counts `changes` changes to the value of `key` in place.
  public void changed(byte[] key, long changes) {
    keyspace().addDirty(changes);
    keyspace().modified(db, key);
  }

  /// Counts changes of which the keyspace knows already.
  public void changed(long changes) {
    keyspace().addDirty(changes);
  }

  /// Has `command` propagated in place of the arguments; may be called several times.
  public void propagate(byte[]... command) {
    propagateIn(db.index(), command);
  }

  /// As above, in another database.
  public void propagateIn(int database, byte[]... command) {
    if (effects == null) {
      effects = new ArrayList<>(1);
    }
    effects.add(new Effect(database, command));
  }

  /// Has nothing propagated for this command beyond what it propagates itself.
  public void propagateNothing() {
    if (effects == null) {
      effects = new ArrayList<>(1);
    }
  }

  /// What is to be propagated in place of the arguments, or null.
  @Nullable List<Effect> effects() {
    return effects;
  }

  /// Takes the effects so far, so that more can be gathered.
  List<Effect> takeEffects() {
    List<Effect> taken = effects == null ? List.of() : effects;
    effects = new ArrayList<>(1);
    return taken;
  }

  /// A word as bytes, for effects.
  public static byte[] bytes(String word) {
    return word.getBytes(StandardCharsets.ISO_8859_1);
  }
}
