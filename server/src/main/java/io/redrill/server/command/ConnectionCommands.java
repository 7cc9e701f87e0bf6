package io.redrill.server.command;

import static io.redrill.server.command.Commands.NONE;

import io.redrill.server.config.ServerVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Commands about the connection itself: who is calling, in which protocol, on which database.
final class ConnectionCommands {

  private static final Set<CommandFlag> ANYTIME =
      EnumSet.of(CommandFlag.LOADING, CommandFlag.STALE, CommandFlag.FAST);
  private static final Set<CommandFlag> BEFORE_AUTH =
      EnumSet.of(
          CommandFlag.NOSCRIPT,
          CommandFlag.LOADING,
          CommandFlag.STALE,
          CommandFlag.FAST,
          CommandFlag.NO_AUTH);
  private static final Set<CommandFlag> AT_ONCE =
      EnumSet.of(
          CommandFlag.NOSCRIPT,
          CommandFlag.LOADING,
          CommandFlag.STALE,
          CommandFlag.FAST,
          CommandFlag.NO_AUTH,
          CommandFlag.NOT_QUEUED);
  private static final String WRONG_PASSWORD =
      "WRONGPASS invalid username-password pair or user is disabled.";
  private static final String NAME_RULE =
      "ERR Client names cannot contain spaces, newlines or special characters.";

  private final Dispatcher dispatcher;
  private final Clients clients;
  private final Access access;

  ConnectionCommands(Dispatcher dispatcher, Clients clients, Access access) {
    this.dispatcher = dispatcher;
    this.clients = clients;
    this.access = access;
  }

  void register(CommandTable table) {
    table.add("ping", -1, NONE, ANYTIME, this::ping);
    table.add("echo", 2, NONE, ANYTIME, call -> call.reply().bulk(call.arg(1)));
    table.add("select", 2, NONE, ANYTIME, this::select);
    table.add("auth", -2, NONE, BEFORE_AUTH, this::auth);
    table.add("hello", -1, NONE, BEFORE_AUTH, this::hello);
    table.add("quit", -1, NONE, AT_ONCE, this::quit);
    table.add("reset", 1, NONE, AT_ONCE, this::reset);
    table
        .add("client", -2, NONE, ANYTIME, this::ping)
        .sub("id", 2, call -> call.reply().integer(call.client().id()))
        .sub("getname", 2, this::getName)
        .sub("setname", 3, this::setName)
        .sub("setinfo", 4, this::setInfo)
        .sub("info", 2, call -> call.reply().verbatim(describe(call.client(), call.now()) + "\n"))
        .sub("list", -2, this::list)
        .sub("kill", -3, this::kill)
        .sub("reply", 3, this::reply)
        .sub("no-evict", 3, this::noEvict)
        .sub("unblock", -3, this::unblock)
        .sub("pause", -3, call -> call.reply().ok())
        .sub("unpause", 2, call -> call.reply().ok())
        .sub("getredir", 2, call -> call.reply().integer(-1));
  }

  private void ping(Call call) {
    if (call.count() > 2) {
      throw new CommandException("ERR wrong number of arguments for 'ping' command");
    }
    if (call.count() == 2) {
      call.reply().bulk(call.arg(1));
    } else {
      call.reply().status("PONG");
    }
  }

  private void select(Call call) {
    long index = call.integer(1);
    if (index < 0 || index >= call.keyspace().databaseCount()) {
      throw new CommandException("ERR DB index is out of range");
    }
    call.client().database((int) index);
    call.reply().ok();
  }

  private void auth(Call call) {
    if (call.count() > 3) {
      throw new CommandException(CommandException.SYNTAX);
    }
    if (call.count() == 2 && !access.isRequired()) {
      throw new CommandException(
          "ERR AUTH <password> called without any password configured for the default user. Are"
              + " you sure your configuration is correct?");
    }
    byte[] user = call.count() == 3 ? call.arg(1) : Call.bytes("default");
    authenticate(call.client(), user, call.arg(call.count() - 1));
    call.reply().ok();
  }

  private void authenticate(Client client, byte[] user, byte[] password) {
    if (!access.admits(user, password)) {
      throw new CommandException(WRONG_PASSWORD);
    }
    client.authenticated(true);
  }

  private void hello(Call call) {
    Client client = call.client();
    int protocol = client.reply().protocol();
    int at = 1;
    if (call.count() > 1) {
      long wanted = call.integer(1, "ERR Protocol version is not an integer or out of range");
      if (wanted < 2 || wanted > 3) {
        throw new CommandException("NOPROTO unsupported protocol version");
      }
      protocol = (int) wanted;
      at = 2;
    }
    String name = null;
    while (at < call.count()) {
      int left = call.count() - at - 1;
      if (call.is(at, "AUTH") && left >= 2) {
        authenticate(client, call.arg(at + 1), call.arg(at + 2));
        at += 3;
      } else if (call.is(at, "SETNAME") && left >= 1) {
        name = checkedName(call.arg(at + 1));
        at += 2;
      } else {
        throw new CommandException(
            "ERR Syntax error in HELLO option '%s'".formatted(call.text(at)));
      }
    }
    if (!client.isAuthenticated()) {
      throw new CommandException(
          "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO"
              + " <proto> AUTH <user> <pass> option can be used to authenticate the client and"
              + " select the RESP protocol version at the same time");
    }
    if (name != null) {
      client.name(name);
    }
    ReplyBuffer reply = client.reply();
    reply.protocol(protocol);
    reply.map(7);
    reply.bulk("server");
    reply.bulk("redis");
    reply.bulk("version");
    reply.bulk(ServerVersion.REDIS);
    reply.bulk("proto");
    reply.integer(protocol);
    reply.bulk("id");
    reply.integer(client.id());
    reply.bulk("mode");
    reply.bulk("standalone");
    reply.bulk("role");
    reply.bulk("master");
    reply.bulk("modules");
    reply.array(0);
  }

  private void quit(Call call) {
    call.reply().ok();
    call.client().closeAfterReply();
  }

  private void reset(Call call) {
    Client client = call.client();
    client.transaction(null);
    dispatcher.watchedKeys().unwatchAll(client.watches());
    client.database(0);
    client.name("");
    client.replyMode(Client.ReplyMode.ON);
    client.noEvict(false);
    client.reply().protocol(2);
    client.authenticated(!access.isRequired());
    client.reply().status("RESET");
  }

  private void getName(Call call) {
    if (call.client().name().isEmpty()) {
      call.reply().nullValue();
    } else {
      call.reply().bulk(call.client().name());
    }
  }

  private void setName(Call call) {
    call.client().name(checkedName(call.arg(2)));
    call.reply().ok();
  }

  private void setInfo(Call call) {
    String option = call.word(2);
    String value = call.text(3);
    if (value.chars().anyMatch(c -> c < '!' || c > '~')) {
      throw new CommandException(
          "ERR %s cannot contain spaces, newlines or special characters."
              .formatted(option.toLowerCase(Locale.ROOT)));
    }
    switch (option) {
      case "LIB-NAME" -> call.client().libraryName(value);
      case "LIB-VER" -> call.client().libraryVersion(value);
      default -> throw new CommandException("ERR Unrecognized option '%s'".formatted(call.text(2)));
    }
    call.reply().ok();
  }

  private static String checkedName(byte[] name) {
    for (byte letter : name) {
      if (letter < '!' || letter > '~') {
        throw new CommandException(NAME_RULE);
      }
    }
    return new String(name, StandardCharsets.ISO_8859_1);
  }

  private void list(Call call) {
    List<Client> chosen = new ArrayList<>(clients.all());
    if (call.count() == 4 && call.is(2, "TYPE")) {
      String type = call.word(3);
      if (!Set.of("NORMAL", "MASTER", "REPLICA", "SLAVE", "PUBSUB").contains(type)) {
        throw new CommandException("ERR Unknown client type '%s'".formatted(call.text(3)));
      }
      if (!type.equals("NORMAL")) {
        chosen.clear();
      }
    } else if (call.count() > 3 && call.is(2, "ID")) {
      Set<Long> ids = new java.util.HashSet<>();
      for (int i = 3; i < call.count(); i++) {
        ids.add(call.integer(i, "ERR Invalid client ID"));
      }
      chosen.removeIf(client -> !ids.contains(client.id()));
    } else if (call.count() != 2) {
      throw new CommandException(CommandException.SYNTAX);
    }
    StringBuilder lines = new StringBuilder();
    for (Client client : chosen) {
      lines.append(describe(client, call.now())).append('\n');
    }
    call.reply().verbatim(lines.toString());
  }

  private String describe(Client client, long now) {
    Connection connection = client.connection();
    Transaction transaction = client.transaction();
    String flags = transaction != null ? "x" : dispatcher.blocked().isBlocked(client) ? "b" : "N";
    Command last = client.lastCommand();
    return ("id=%d addr=%s laddr=%s fd=8 name=%s age=%d idle=%d flags=%s db=%d sub=0 psub=0 ssub=0"
            + " multi=%d qbuf=0 qbuf-free=0 argv-mem=0 multi-mem=0 rbs=%d rbp=%d obl=0 oll=0 omem=0"
            + " tot-mem=0 events=r cmd=%s user=default redir=-1 resp=%d lib-name=%s lib-ver=%s")
        .formatted(
            client.id(),
            connection == null ? "?:0" : connection.remoteAddress(),
            connection == null ? "?:0" : connection.localAddress(),
            client.name(),
            (now - client.createdAtMillis()) / 1000,
            (now - client.activeAtMillis()) / 1000,
            flags,
            client.database(),
            transaction == null ? -1 : transaction.queue().size(),
            client.reply().array().length,
            client.reply().array().length,
            last == null ? "NULL" : last.name(),
            client.reply().protocol(),
            client.libraryName(),
            client.libraryVersion());
  }

  private void kill(Call call) {
    boolean old = call.count() == 3;
    Long id = null;
    String address = null;
    String ownAddress = null;
    boolean skipMe = true;
    if (old) {
      address = call.text(2);
      skipMe = false;
    } else {
      if (call.count() % 2 != 0) {
        throw new CommandException(CommandException.SYNTAX);
      }
      for (int i = 2; i < call.count(); i += 2) {
        switch (call.word(i)) {
          case "ID" ->
              id = call.integer(i + 1, 1, Long.MAX_VALUE, "ERR client-id should be greater than 0");
          case "ADDR" -> address = call.text(i + 1);
          case "LADDR" -> ownAddress = call.text(i + 1);
          case "SKIPME" -> skipMe = call.is(i + 1, "YES");
          case "TYPE", "USER" -> {}
          default -> throw new CommandException(CommandException.SYNTAX);
        }
      }
    }
    int killed = 0;
    for (Client client : List.copyOf(clients.all())) {
      Connection connection = client.connection();
      if (connection == null
          || (id != null && id != client.id())
          || (address != null && !address.equals(connection.remoteAddress()))
          || (ownAddress != null && !ownAddress.equals(connection.localAddress()))
          || (skipMe && client == call.client())) {
        continue;
      }
      killed++;
      if (client == call.client()) {
        client.closeAfterReply();
      } else {
        connection.close();
      }
    }
    if (old && killed == 0) {
      throw new CommandException("ERR No such client");
    }
    if (old) {
      call.reply().ok();
    } else {
      call.reply().integer(killed);
    }
  }

  private void reply(Call call) {
    Client client = call.client();
    switch (call.word(2)) {
      case "ON" -> {
        client.replyMode(Client.ReplyMode.ON);
        client.reply().mute(false);
        client.reply().ok();
      }
      case "OFF" -> client.replyMode(Client.ReplyMode.OFF);
      case "SKIP" -> {
        if (client.replyMode() == Client.ReplyMode.ON) {
          client.replyMode(Client.ReplyMode.SKIP_NEXT);
        }
      }
      default -> throw new CommandException(CommandException.SYNTAX);
    }
  }

  private void noEvict(Call call) {
    if (!call.is(2, "ON") && !call.is(2, "OFF")) {
      throw new CommandException(CommandException.SYNTAX);
    }
    call.client().noEvict(call.is(2, "ON"));
    call.reply().ok();
  }

  private void unblock(Call call) {
    long id = call.integer(2);
    boolean error = false;
    if (call.count() == 4) {
      error = call.is(3, "ERROR");
      if (!error && !call.is(3, "TIMEOUT")) {
        throw new CommandException("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
      }
    }
    boolean unblocked = false;
    for (Client client : clients.all()) {
      if (client.id() == id) {
        unblocked = dispatcher.blocked().unblock(client, error);
      }
    }
    call.reply().integer(unblocked);
  }
}
