package io.redrill.server.command;

import static io.redrill.server.command.Commands.NONE;
import static io.redrill.server.command.Commands.READ;

import io.redrill.server.command.Command.KeyPositions;
import io.redrill.server.type.ConsumerGroup;
import io.redrill.server.type.ConsumerGroup.Consumer;
import io.redrill.server.type.ConsumerGroup.Pending;
import io.redrill.server.type.RedisStream;
import io.redrill.server.type.StreamId;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// `XINFO`: what streams, groups and consumers are like.
final class StreamInfoCommands {

  private StreamInfoCommands() {}

  static void register(CommandTable table) {
    KeyPositions second = new KeyPositions(2, 2, 1);
    table
        .add("xinfo", -2, NONE, READ, call -> {})
        .sub("stream", -3, second, READ, StreamInfoCommands::stream)
        .sub("groups", 3, second, READ, StreamInfoCommands::groups)
        .sub("consumers", 4, second, READ, StreamInfoCommands::consumers);
  }

  private static RedisStream read(Call call) {
    RedisStream stream = call.find(call.arg(2), RedisStream.class);
    if (stream == null) {
      throw new CommandException("ERR no such key");
    }
    return stream;
  }

  private static void id(ReplyBuffer reply, StreamId id) {
    reply.bulk(StreamArguments.text(id));
  }

  private static void stream(Call call) {
    boolean full = call.count() > 3;
    long count = 10;
    if (full) {
      if (!call.is(3, "FULL")
          || (call.count() != 4 && (call.count() != 6 || !call.is(4, "COUNT")))) {
        throw new CommandException(CommandException.SYNTAX);
      }
      if (call.count() == 6) {
        count = call.integer(5);
        count = count < 0 ? 10 : count == 0 ? Long.MAX_VALUE : count;
      }
    }
    RedisStream stream = read(call);
    ReplyBuffer reply = call.reply();
    int nodes =
        (stream.length() + call.keyspace().limits().streamNodeMaxEntries() - 1)
            / call.keyspace().limits().streamNodeMaxEntries();
    reply.map(full ? 9 : 10);
    reply.bulk("length");
    reply.integer(stream.length());
    reply.bulk("radix-tree-keys");
    reply.integer(nodes);
    reply.bulk("radix-tree-nodes");
    reply.integer(nodes + 1L);
    reply.bulk("last-generated-id");
    id(reply, stream.lastId());
    reply.bulk("max-deleted-entry-id");
    id(reply, stream.maxDeletedId());
    reply.bulk("entries-added");
    reply.integer(stream.entriesAdded());
    reply.bulk("recorded-first-entry-id");
    id(reply, stream.firstId());
    if (full) {
      reply.bulk("entries");
      StreamCommands.replyEntries(reply, StreamCommands.first(stream.entries(), count));
      fullGroups(reply, stream, count);
      return;
    }
    reply.bulk("groups");
    reply.integer(stream.groups().size());
    reply.bulk("first-entry");
    end(reply, stream.entries().firstEntry());
    reply.bulk("last-entry");
    end(reply, stream.entries().lastEntry());
  }

  private static void end(
      ReplyBuffer reply,
      Map.@org.jspecify.annotations.Nullable Entry<StreamId, List<byte[]>> entry) {
    if (entry == null) {
      reply.nullArray();
    } else {
      StreamCommands.replyEntry(reply, entry.getKey(), entry.getValue());
    }
  }

  private static void fullGroups(ReplyBuffer reply, RedisStream stream, long count) {
    reply.bulk("groups");
    reply.array(stream.groups().size());
    for (ConsumerGroup group : stream.groups().values()) {
      reply.map(7);
      reply.bulk("name");
      reply.bulk(group.name());
      position(reply, stream, group);
      reply.bulk("pel-count");
      reply.integer(group.pending().size());
      reply.bulk("pending");
      reply.array(Math.min(count, group.pending().size()));
      group.pending().entrySet().stream()
          .limit(count)
          .forEach(one -> {
            Pending pending = one.getValue();
            reply.array(4);
            id(reply, one.getKey());
            reply.bulk(pending.consumer().name());
            reply.integer(pending.deliveredAtMillis());
            reply.integer(pending.deliveries());
          });
      reply.bulk("consumers");
      reply.array(group.consumers().size());
      group.consumers().values().forEach(one -> fullConsumer(reply, group, one, count));
    }
  }

  private static void fullConsumer(
      ReplyBuffer reply, ConsumerGroup group, Consumer consumer, long count) {
    reply.map(4);
    reply.bulk("name");
    reply.bulk(consumer.name());
    reply.bulk("seen-time");
    reply.integer(consumer.seenAtMillis());
    reply.bulk("pel-count");
    reply.integer(consumer.pending().size());
    reply.bulk("pending");
    reply.array(Math.min(count, consumer.pending().size()));
    consumer.pending().stream()
        .limit(count)
        .forEach(pendingId -> {
          Pending pending = java.util.Objects.requireNonNull(group.pending().get(pendingId));
          reply.array(3);
          id(reply, pendingId);
          reply.integer(pending.deliveredAtMillis());
          reply.integer(pending.deliveries());
        });
  }

  private static void position(ReplyBuffer reply, RedisStream stream, ConsumerGroup group) {
    reply.bulk("last-delivered-id");
    id(reply, group.lastId());
    reply.bulk("entries-read");
    countOrNull(reply, group.entriesRead());
    reply.bulk("lag");
    OptionalLong lag = lag(stream, group);
    if (lag.isEmpty()) {
      reply.nullValue();
    } else {
      reply.integer(lag.getAsLong());
    }
  }

  private static void countOrNull(ReplyBuffer reply, long count) {
    if (count == ConsumerGroup.UNKNOWN) {
      reply.nullValue();
    } else {
      reply.integer(count);
    }
  }

  /// How many entries the group has not been given yet, where that can be told.
  private static OptionalLong lag(RedisStream stream, ConsumerGroup group) {
    if (stream.entriesAdded() == 0) {
      return OptionalLong.of(0);
    }
    boolean counted =
        group.entriesRead() != ConsumerGroup.UNKNOWN && !stream.hasTombstonesFrom(group.lastId());
    long read = counted ? group.entriesRead() : stream.addedUpTo(group.lastId());
    return read == ConsumerGroup.UNKNOWN
        ? OptionalLong.empty()
        : OptionalLong.of(stream.entriesAdded() - read);
  }

  private static void groups(Call call) {
    RedisStream stream = read(call);
    ReplyBuffer reply = call.reply();
    reply.array(stream.groups().size());
    for (ConsumerGroup group : stream.groups().values()) {
      reply.map(6);
      reply.bulk("name");
      reply.bulk(group.name());
      reply.bulk("consumers");
      reply.integer(group.consumers().size());
      reply.bulk("pending");
      reply.integer(group.pending().size());
      position(reply, stream, group);
    }
  }

  private static void consumers(Call call) {
    RedisStream stream = read(call);
    ConsumerGroup group = stream.groups().get(call.arg(3));
    if (group == null) {
      throw new CommandException(
          "NOGROUP No such consumer group '%s' for key name '%s'"
              .formatted(call.text(3), call.text(2)));
    }
    ReplyBuffer reply = call.reply();
    reply.array(group.consumers().size());
    for (Consumer consumer : group.consumers().values()) {
      reply.map(3);
      reply.bulk("name");
      reply.bulk(consumer.name());
      reply.bulk("pending");
      reply.integer(consumer.pending().size());
      reply.bulk("idle");
      reply.integer(Math.max(0, call.now() - consumer.seenAtMillis()));
    }
  }
}
