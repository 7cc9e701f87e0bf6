package io.redrill.server.command;

import static io.redrill.server.command.Commands.GROW;
import static io.redrill.server.command.Commands.KEY;
import static io.redrill.server.command.Commands.NONE;
import static io.redrill.server.command.Commands.READ;
import static io.redrill.server.command.Commands.WRITE;
import static io.redrill.server.command.Commands.WRITE_FAST;

import io.redrill.server.command.Command.KeyPositions;
import io.redrill.server.command.StreamCommands.ReadArguments;
import io.redrill.server.type.ConsumerGroup;
import io.redrill.server.type.ConsumerGroup.Consumer;
import io.redrill.server.type.ConsumerGroup.Pending;
import io.redrill.server.type.Numbers;
import io.redrill.server.type.RedisStream;
import io.redrill.server.type.StreamId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Commands on consumer groups.
///
/// What they propagate names the result: each delivery becomes an `XCLAIM` with the time and count
/// of that delivery, each move of a group an `XGROUP SETID`.
final class GroupCommands {

  private static final String NEEDS_KEY =
      "ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use"
          + " the MKSTREAM option to create an empty stream automatically.";

  private GroupCommands() {}

  static void register(CommandTable table) {
    KeyPositions second = new KeyPositions(2, 2, 1);
    table
        .add("xgroup", -2, NONE, WRITE, call -> {})
        .sub("create", -5, second, GROW, GroupCommands::create)
        .sub("setid", -5, second, WRITE, GroupCommands::setId)
        .sub("destroy", 4, second, WRITE, GroupCommands::destroy)
        .sub("createconsumer", 5, second, GROW, GroupCommands::createConsumer)
        .sub("delconsumer", 5, second, WRITE, GroupCommands::deleteConsumer);
    table.add("xreadgroup", -7, NONE, WRITE, GroupCommands::readGroup);
    table.add("xack", -4, KEY, WRITE_FAST, GroupCommands::acknowledge);
    table.add("xclaim", -6, KEY, WRITE_FAST, GroupCommands::claim);
    table.add("xautoclaim", -6, KEY, WRITE_FAST, GroupCommands::autoClaim);
    table.add("xpending", -3, KEY, READ, GroupCommands::pending);
  }

  private static CommandException noGroup(byte[] group, byte[] key) {
    return new CommandException(
        "NOGROUP No such consumer group '%s' for key name '%s'".formatted(text(group), text(key)));
  }

  private static CommandException noKeyOrGroup(byte[] key, byte[] group) {
    return new CommandException(
        "NOGROUP No such key '%s' or consumer group '%s'".formatted(text(key), text(group)));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
  }

  private static RedisStream streamFor(Call call) {
    RedisStream stream = call.findForWrite(call.arg(2), RedisStream.class);
    if (stream == null) {
      throw new CommandException(NEEDS_KEY);
    }
    return stream;
  }

  private static ConsumerGroup groupFor(Call call, RedisStream stream) {
    ConsumerGroup group = stream.groups().get(call.arg(3));
    if (group == null) {
      throw noGroup(call.arg(3), call.arg(2));
    }
    return group;
  }

  /// The options of `XGROUP CREATE` and `SETID`.
  private record GroupOptions(boolean makeStream, long entriesRead) {
    static GroupOptions of(Call call, boolean creates) {
      boolean make = false;
      long read = ConsumerGroup.UNKNOWN;
      for (int i = 5; i < call.count(); i++) {
        if (creates && call.is(i, "MKSTREAM")) {
          make = true;
        } else if (call.is(i, "ENTRIESREAD") && i + 1 < call.count()) {
          read = call.integer(++i);
          if (read < 0 && read != ConsumerGroup.UNKNOWN) {
            throw new CommandException("ERR value for ENTRIESREAD must be positive or -1");
          }
        } else {
          throw new CommandException(
              "ERR unknown subcommand or wrong number of arguments for '%s'. Try XGROUP HELP."
                  .formatted(call.text(1)));
        }
      }
      return new GroupOptions(make, read);
    }
  }

  private static StreamId positionOf(Call call, @Nullable RedisStream stream) {
    byte[] arg = call.arg(4);
    if (arg.length == 1 && arg[0] == '$') {
      return stream == null ? StreamId.MIN : stream.lastId();
    }
    return StreamArguments.id(arg, 0);
  }

  private static void create(Call call) {
    GroupOptions options = GroupOptions.of(call, true);
    RedisStream stream = call.findForWrite(call.arg(2), RedisStream.class);
    if (stream == null && !options.makeStream()) {
      throw new CommandException(NEEDS_KEY);
    }
    StreamId id = positionOf(call, stream);
    if (stream == null) {
      stream = new RedisStream();
      call.db().put(call.arg(2), stream, false);
    }
    if (stream.groups().containsKey(call.arg(3))) {
      throw new CommandException("BUSYGROUP Consumer Group name already exists");
    }
    stream.createGroup(call.arg(3), id, options.entriesRead());
    call.changed(1);
    call.reply().ok();
  }

  private static void setId(Call call) {
    GroupOptions options = GroupOptions.of(call, false);
    RedisStream stream = streamFor(call);
    ConsumerGroup group = groupFor(call, stream);
    byte[] arg = call.arg(4);
    boolean end = arg.length == 1 && (arg[0] == '-' || arg[0] == '+');
    group.position(
        end ? StreamArguments.end(arg) : positionOf(call, stream), options.entriesRead());
    call.changed(1);
    call.reply().ok();
  }

  private static void destroy(Call call) {
    boolean removed = streamFor(call).groups().remove(call.arg(3)) != null;
    if (removed) {
      call.changed(1);
    }
    call.reply().integer(removed);
  }

  private static void createConsumer(Call call) {
    ConsumerGroup group = groupFor(call, streamFor(call));
    boolean fresh = !group.consumers().containsKey(call.arg(4));
    if (fresh) {
      group.addConsumer(call.arg(4), call.now());
      call.changed(1);
    }
    call.reply().integer(fresh);
  }

  private static void deleteConsumer(Call call) {
    long pending = groupFor(call, streamFor(call)).removeConsumer(call.arg(4));
    if (pending >= 0) {
      call.changed(1);
    }
    call.reply().integer(Math.max(0, pending));
  }

  // --- reading ---

  private static void readGroup(Call call) {
    if (!call.is(1, "GROUP")) {
      throw new CommandException(CommandException.SYNTAX);
    }
    byte[] groupName = call.arg(2);
    byte[] consumerName = call.arg(3);
    ReadArguments read = ReadArguments.of(call, 4, true);
    List<RedisStream> streams = new ArrayList<>();
    List<@Nullable StreamId> after = new ArrayList<>();
    for (int i = 0; i < read.keys(); i++) {
      byte[] key = call.arg(read.keyAt() + i);
      byte[] id = call.arg(read.keyAt() + read.keys() + i);
      RedisStream stream = call.findForWrite(key, RedisStream.class);
      if (stream == null || !stream.groups().containsKey(groupName)) {
        throw new CommandException(
            "NOGROUP No such key '%s' or consumer group '%s' in XREADGROUP with GROUP option"
                .formatted(text(key), text(groupName)));
      }
      if (id.length == 1 && id[0] == '$') {
        throw new CommandException(
            "ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history"
                + " of this consumer by specifying a proper ID, or use the > ID to get new"
                + " messages. The $ ID would just return an empty result set.");
      }
      streams.add(stream);
      after.add(id.length == 1 && id[0] == '>' ? null : StreamArguments.id(id, 0));
    }
    call.propagateNothing();
    ReplyBuffer body = new ReplyBuffer();
    body.protocol(call.reply().protocol());
    int answered = 0;
    for (int i = 0; i < streams.size(); i++) {
      byte[] key = call.arg(read.keyAt() + i);
      Delivery delivery =
          new Delivery(
              call,
              key,
              streams.get(i),
              group(streams.get(i), groupName),
              consumerName,
              read.noAck());
      StreamId from = after.get(i);
      if (from == null
          ? delivery.news(body, read.count())
          : delivery.history(body, from, read.count())) {
        answered++;
      }
    }
    if (answered == 0) {
      call.reply().nullArray();
      return;
    }
    StreamCommands.replyHead(call.reply(), answered);
    call.reply().append(body);
  }

  private static ConsumerGroup group(RedisStream stream, byte[] name) {
    return java.util.Objects.requireNonNull(stream.groups().get(name));
  }

  /// What one group's consumer is given from one stream.
  private record Delivery(
      Call call,
      byte[] key,
      RedisStream stream,
      ConsumerGroup group,
      byte[] consumerName,
      boolean noAck) {

    Consumer consumer() {
      Consumer known = group.consumers().get(consumerName);
      if (known == null) {
        known = group.addConsumer(consumerName, call.now());
        call.changed(1);
        call.propagate(
            Call.bytes("XGROUP"), Call.bytes("CREATECONSUMER"), key, group.name(), consumerName);
      }
      known.seenAt(call.now());
      return known;
    }

    boolean news(ReplyBuffer body, long count) {
      if (stream.entries().higherKey(group.lastId()) == null) {
        return false;
      }
      Consumer consumer = consumer();
      var found = StreamCommands.first(stream.entries().tailMap(group.lastId(), false), count);
      StreamCommands.replyKey(body, key);
      StreamCommands.replyEntries(body, found);
      for (var entry : found) {
        StreamId id = entry.getKey();
        long read =
            group.entriesRead() != ConsumerGroup.UNKNOWN && !stream.hasTombstonesFrom(id)
                ? group.entriesRead() + 1
                : stream.addedUpTo(id);
        group.position(id, read);
        if (!noAck) {
          group.deliver(id, consumer, call.now(), 1);
          propagateClaim(call, key, group, id);
        }
      }
      if (!found.isEmpty()) {
        call.changed(found.size());
        propagatePosition(call, key, group);
      }
      return true;
    }

    boolean history(ReplyBuffer body, StreamId from, long count) {
      Consumer consumer = consumer();
      List<StreamId> ids = new ArrayList<>();
      for (StreamId id : consumer.pending().tailSet(from, false)) {
        if (ids.size() >= count) {
          break;
        }
        ids.add(id);
      }
      StreamCommands.replyKey(body, key);
      body.array(ids.size());
      for (StreamId id : ids) {
        List<byte[]> fields = stream.entries().get(id);
        if (fields == null) {
          body.array(2);
          body.bulk(StreamArguments.text(id));
          body.nullArray();
        } else {
          StreamCommands.replyEntry(body, id, fields);
          Pending pending = java.util.Objects.requireNonNull(group.pending().get(id));
          group.deliver(id, consumer, call.now(), pending.deliveries() + 1);
        }
      }
      return true;
    }
  }

  private static void propagateClaim(Call call, byte[] key, ConsumerGroup group, StreamId id) {
    Pending pending = java.util.Objects.requireNonNull(group.pending().get(id));
    call.propagate(
        Call.bytes("XCLAIM"),
        key,
        group.name(),
        pending.consumer().name(),
        Call.bytes("0"),
        StreamArguments.text(id),
        Call.bytes("TIME"),
        Numbers.text(pending.deliveredAtMillis()),
        Call.bytes("RETRYCOUNT"),
        Numbers.text(pending.deliveries()),
        Call.bytes("FORCE"),
        Call.bytes("JUSTID"),
        Call.bytes("LASTID"),
        StreamArguments.text(group.lastId()));
  }

  private static void propagatePosition(Call call, byte[] key, ConsumerGroup group) {
    call.propagate(
        Call.bytes("XGROUP"),
        Call.bytes("SETID"),
        key,
        group.name(),
        StreamArguments.text(group.lastId()),
        Call.bytes("ENTRIESREAD"),
        Numbers.text(group.entriesRead()));
  }

  // --- pending entries ---

  private static void acknowledge(Call call) {
    RedisStream stream = call.findForWrite(call.arg(1), RedisStream.class);
    ConsumerGroup group = stream == null ? null : stream.groups().get(call.arg(2));
    if (group == null) {
      call.reply().integer(0);
      return;
    }
    List<StreamId> ids = new ArrayList<>();
    for (int i = 3; i < call.count(); i++) {
      ids.add(StreamArguments.id(call.arg(i), 0));
    }
    int acknowledged = 0;
    for (StreamId id : ids) {
      if (group.acknowledge(id)) {
        acknowledged++;
      }
    }
    if (acknowledged > 0) {
      call.changed(acknowledged);
    }
    call.reply().integer(acknowledged);
  }

  /// The options of `XCLAIM`.
  private record ClaimOptions(
      long deliveredAt, long retryCount, boolean force, boolean justId, StreamId lastId) {

    static ClaimOptions of(Call call, int at) {
      long deliveredAt = call.now();
      long retryCount = -1;
      boolean force = false;
      boolean justId = false;
      StreamId lastId = StreamId.MIN;
      for (int i = at; i < call.count(); i++) {
        boolean more = i + 1 < call.count();
        if (call.is(i, "FORCE")) {
          force = true;
        } else if (call.is(i, "JUSTID")) {
          justId = true;
        } else if (more && call.is(i, "IDLE")) {
          deliveredAt =
              call.now() - call.integer(++i, "ERR Invalid IDLE option argument for XCLAIM");
        } else if (more && call.is(i, "TIME")) {
          deliveredAt = call.integer(++i, "ERR Invalid TIME option argument for XCLAIM");
        } else if (more && call.is(i, "RETRYCOUNT")) {
          retryCount = call.integer(++i, "ERR Invalid RETRYCOUNT option argument for XCLAIM");
        } else if (more && call.is(i, "LASTID")) {
          lastId = StreamArguments.id(call.arg(++i), 0);
        } else {
          throw new CommandException("ERR Unrecognized XCLAIM option '%s'".formatted(call.text(i)));
        }
      }
      // A moment in the future, or none, becomes now.
      if (deliveredAt < 0 || deliveredAt > call.now()) {
        deliveredAt = call.now();
      }
      return new ClaimOptions(deliveredAt, retryCount, force, justId, lastId);
    }
  }

  private static void claim(Call call) {
    byte[] key = call.arg(1);
    RedisStream stream = call.findForWrite(key, RedisStream.class);
    ConsumerGroup group = stream == null ? null : stream.groups().get(call.arg(2));
    if (stream == null || group == null) {
      throw noKeyOrGroup(key, call.arg(2));
    }
    long minIdle = Math.max(0, call.integer(4, "ERR Invalid min-idle-time argument for XCLAIM"));
    List<StreamId> ids = new ArrayList<>();
    int at = 5;
    while (at < call.count() && Character.isDigit(call.arg(at).length == 0 ? 0 : call.arg(at)[0])) {
      ids.add(StreamArguments.id(call.arg(at++), 0));
    }
    ClaimOptions options = ClaimOptions.of(call, at);
    call.propagateNothing();
    boolean advanced = options.lastId().compareTo(group.lastId()) > 0;
    if (advanced) {
      group.position(options.lastId(), group.entriesRead());
      call.changed(1);
    }
    Consumer consumer = group.consumers().get(call.arg(3));
    List<StreamId> claimed = new ArrayList<>();
    for (StreamId id : ids) {
      Pending pending = group.pending().get(id);
      if (!stream.entries().containsKey(id)) {
        if (pending != null) {
          propagateClaim(call, key, group, id);
          group.acknowledge(id);
          call.changed(1);
        }
        continue;
      }
      boolean idle = pending == null || call.now() - pending.deliveredAtMillis() >= minIdle;
      if ((pending == null && !options.force()) || !idle) {
        continue;
      }
      if (consumer == null) {
        consumer = group.addConsumer(call.arg(3), call.now());
      }
      long deliveries = pending == null ? 1 : pending.deliveries();
      if (options.retryCount() >= 0) {
        deliveries = options.retryCount();
      } else if (!options.justId()) {
        deliveries++;
      }
      group.deliver(id, consumer, options.deliveredAt(), deliveries);
      propagateClaim(call, key, group, id);
      call.changed(1);
      claimed.add(id);
    }
    if (consumer != null) {
      consumer.seenAt(call.now());
    }
    if (advanced && claimed.isEmpty()) {
      propagatePosition(call, key, group);
    }
    replyClaimed(call.reply(), stream, claimed, options.justId());
  }

  private static void replyClaimed(
      ReplyBuffer reply, RedisStream stream, List<StreamId> ids, boolean justId) {
    reply.array(ids.size());
    for (StreamId id : ids) {
      if (justId) {
        reply.bulk(StreamArguments.text(id));
      } else {
        StreamCommands.replyEntry(
            reply, id, java.util.Objects.requireNonNull(stream.entries().get(id)));
      }
    }
  }

  private static void autoClaim(Call call) {
    byte[] key = call.arg(1);
    long minIdle =
        Math.max(0, call.integer(4, "ERR Invalid min-idle-time argument for XAUTOCLAIM"));
    StreamId start = StreamArguments.start(call.arg(5));
    long count = 100;
    boolean justId = false;
    for (int i = 6; i < call.count(); i++) {
      if (call.is(i, "COUNT") && i + 1 < call.count()) {
        count = call.integer(++i, 1, Long.MAX_VALUE / 16, "ERR COUNT must be > 0");
      } else if (call.is(i, "JUSTID")) {
        justId = true;
      } else {
        throw new CommandException(CommandException.SYNTAX);
      }
    }
    RedisStream stream = call.findForWrite(key, RedisStream.class);
    ConsumerGroup group = stream == null ? null : stream.groups().get(call.arg(2));
    if (stream == null || group == null) {
      throw noKeyOrGroup(key, call.arg(2));
    }
    call.propagateNothing();
    List<StreamId> claimed = new ArrayList<>();
    List<StreamId> deleted = new ArrayList<>();
    StreamId next = StreamId.MIN;
    Consumer consumer = group.consumers().get(call.arg(3));
    long attempts = count * 10;
    for (StreamId id : List.copyOf(group.pending().tailMap(start, true).keySet())) {
      if (attempts-- <= 0 || claimed.size() + deleted.size() >= count) {
        next = id;
        break;
      }
      Pending pending = java.util.Objects.requireNonNull(group.pending().get(id));
      if (!stream.entries().containsKey(id)) {
        propagateClaim(call, key, group, id);
        group.acknowledge(id);
        call.changed(1);
        deleted.add(id);
        continue;
      }
      if (call.now() - pending.deliveredAtMillis() < minIdle) {
        continue;
      }
      if (consumer == null) {
        consumer = group.addConsumer(call.arg(3), call.now());
      }
      group.deliver(id, consumer, call.now(), pending.deliveries() + (justId ? 0 : 1));
      propagateClaim(call, key, group, id);
      call.changed(1);
      claimed.add(id);
    }
    if (consumer != null) {
      consumer.seenAt(call.now());
    }
    call.reply().array(3);
    call.reply().bulk(StreamArguments.text(next));
    replyClaimed(call.reply(), stream, claimed, justId);
    call.reply().array(deleted.size());
    deleted.forEach(id -> call.reply().bulk(StreamArguments.text(id)));
  }

  private static void pending(Call call) {
    byte[] key = call.arg(1);
    boolean justSummary = call.count() == 3;
    int at = 3;
    long minIdle = 0;
    if (!justSummary && call.is(3, "IDLE")) {
      if (call.count() < 8) {
        throw new CommandException(CommandException.SYNTAX);
      }
      minIdle = call.integer(4);
      at = 5;
    }
    if (!justSummary && (call.count() < at + 3 || call.count() > at + 4)) {
      throw new CommandException(CommandException.SYNTAX);
    }
    long count = justSummary ? 0 : Math.max(0, call.integer(at + 2));
    StreamId start = justSummary ? StreamId.MIN : StreamArguments.start(call.arg(at));
    StreamId end = justSummary ? StreamId.MAX : StreamArguments.end(call.arg(at + 1));
    RedisStream stream = call.find(key, RedisStream.class);
    ConsumerGroup group = stream == null ? null : stream.groups().get(call.arg(2));
    if (group == null) {
      throw noKeyOrGroup(key, call.arg(2));
    }
    if (justSummary) {
      summary(call.reply(), group);
      return;
    }
    Map<StreamId, Pending> chosen = new TreeMap<>();
    byte[] wanted = call.count() > at + 3 ? call.arg(at + 3) : null;
    if (start.compareTo(end) <= 0) {
      for (var one : group.pending().subMap(start, true, end, true).entrySet()) {
        boolean idle = call.now() - one.getValue().deliveredAtMillis() >= minIdle;
        boolean his =
            wanted == null || java.util.Arrays.equals(one.getValue().consumer().name(), wanted);
        if (chosen.size() < count && idle && his) {
          chosen.put(one.getKey(), one.getValue());
        }
      }
    }
    call.reply().array(chosen.size());
    chosen.forEach((id, one) -> {
      call.reply().array(4);
      call.reply().bulk(StreamArguments.text(id));
      call.reply().bulk(one.consumer().name());
      call.reply().integer(Math.max(0, call.now() - one.deliveredAtMillis()));
      call.reply().integer(one.deliveries());
    });
  }

  private static void summary(ReplyBuffer reply, ConsumerGroup group) {
    reply.array(4);
    reply.integer(group.pending().size());
    if (group.pending().isEmpty()) {
      reply.nullValue();
      reply.nullValue();
      reply.nullArray();
      return;
    }
    reply.bulk(StreamArguments.text(group.pending().firstKey()));
    reply.bulk(StreamArguments.text(group.pending().lastKey()));
    List<Consumer> busy =
        group.consumers().values().stream().filter(one -> !one.pending().isEmpty()).toList();
    reply.array(busy.size());
    for (Consumer consumer : busy) {
      reply.array(2);
      reply.bulk(consumer.name());
      reply.bulk(consumer.pending().size());
    }
  }
}
