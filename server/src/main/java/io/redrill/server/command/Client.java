package io.redrill.server.command;

import org.jspecify.annotations.Nullable;

/// One client and the state that its commands go by: database, protocol, transaction.
///
/// Replies gather in [#reply()]; the connection sends them once per batch of requests. Commands
/// that are applied without a network, as by a load, come from a client without a connection.
public final class Client {

  /// Which replies `CLIENT REPLY` lets through.
  enum ReplyMode {
    ON,
    OFF,
    SKIP_NEXT,
    SKIPPING
  }

  private final long id;
  private final @Nullable Connection connection;
  private final long createdAtMillis;
  private final ReplyBuffer reply = new ReplyBuffer();
  private final WatchList watches = new WatchList();
  private long activeAtMillis;
  private int database;
  private String name = "";
  private String libraryName = "";
  private String libraryVersion = "";
  private boolean authenticated;
  private boolean closing;
  private boolean noEvict;
  private ReplyMode replyMode = ReplyMode.ON;
  private @Nullable Transaction transaction;
  private @Nullable Command lastCommand;
  private @Nullable Runnable onClose;

  /// Makes a client; `connection` is null for one that only applies commands.
  public Client(long id, @Nullable Connection connection, long nowMillis) {
    this.id = id;
    this.connection = connection;
    this.createdAtMillis = nowMillis;
    this.activeAtMillis = nowMillis;
    this.authenticated = connection == null;
  }

  /// The number that `CLIENT ID` answers.
  public long id() {
    return id;
  }

  /// What it is connected by, or null.
  public @Nullable Connection connection() {
    return connection;
  }

  /// Where replies go.
  public ReplyBuffer reply() {
    return reply;
  }

  /// The selected database.
  public int database() {
    return database;
  }

  /// Selects a database, which must exist in the [Keyspace].
  public void database(int index) {
    database = index;
  }

  /// The name given by `CLIENT SETNAME`, or empty.
  public String name() {
    return name;
  }

  void name(String next) {
    name = next;
  }

  String libraryName() {
    return libraryName;
  }

  void libraryName(String next) {
    libraryName = next;
  }

  String libraryVersion() {
    return libraryVersion;
  }

  void libraryVersion(String next) {
    libraryVersion = next;
  }

  /// Whether it may run commands.
  public boolean isAuthenticated() {
    return authenticated;
  }

  /// Grants or takes the right to run commands.
  public void authenticated(boolean granted) {
    authenticated = granted;
  }

  /// Whether the connection is to be closed after the replies so far; no more requests are run.
  public boolean isClosing() {
    return closing;
  }

  /// Has the connection closed once the replies so far are sent.
  public void closeAfterReply() {
    closing = true;
  }

  boolean noEvict() {
    return noEvict;
  }

  void noEvict(boolean next) {
    noEvict = next;
  }

  ReplyMode replyMode() {
    return replyMode;
  }

  void replyMode(ReplyMode mode) {
    replyMode = mode;
  }

  @Nullable Transaction transaction() {
    return transaction;
  }

  void transaction(@Nullable Transaction next) {
    transaction = next;
  }

  WatchList watches() {
    return watches;
  }

  /// When it connected, Unix milliseconds.
  public long createdAtMillis() {
    return createdAtMillis;
  }

  /// When it last sent a command, Unix milliseconds.
  public long activeAtMillis() {
    return activeAtMillis;
  }

  void activeAt(long millis) {
    activeAtMillis = millis;
  }

  @Nullable Command lastCommand() {
    return lastCommand;
  }

  void lastCommand(Command command) {
    lastCommand = command;
  }

  /// Has `action` run when the connection is gone, as a replica needs it; one action at most.
  public void onClose(Runnable action) {
    onClose = action;
  }

  /// To be called by the connection when it is gone.
  void closed() {
    Runnable action = onClose;
    onClose = null;
    if (action != null) {
      action.run();
    }
  }
}
