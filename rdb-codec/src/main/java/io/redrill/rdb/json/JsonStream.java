package io.redrill.rdb.json;

import static io.redrill.rdb.json.JsonText.bytes;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.ElementHandler.StreamState;

/// A stream as JSON, in the order in which it is stored: entries, state, groups. What opened last
/// is closed when the next part comes.
final class JsonStream {

  private static final byte[] BEGIN = bytes("{\"entries\":[");
  private static final byte[] NULL = bytes("null");
  private static final byte[] FIELDS_END = bytes("]]");

  /// What is open, innermost last.
  private enum Part {
    ENTRIES("]"),
    ENTRY("]]]"),
    GROUPS("]"),
    PENDING("],\"consumers\":[]}]"),
    CONSUMER("]}]}]"),
    UNOWNED("]}]"),
    PRODUCERS("]"),
    PRODUCER("]}]"),
    DONE("");

    /// What closes it and all around it, but for the stream.
    private final String closing;

    Part(String closing) {
      this.closing = closing;
    }
  }

  private final JsonText text;
  private Part open = Part.DONE;
  private boolean isFirst;

  JsonStream(JsonText text) {
    this.text = text;
  }

  void begin() {
    text.raw(BEGIN);
    open(Part.ENTRIES);
  }

  private void open(Part part) {
    open = part;
    isFirst = true;
  }

  /// Puts a comma before all but the first item of what is open.
  private void next() {
    if (!isFirst) {
      text.raw(',');
    }
    isFirst = false;
  }

  private void put(String json) {
    text.raw(bytes(json));
  }

  private void id(long millis, long sequence) {
    text.raw('"');
    text.unsigned(millis);
    text.raw('-');
    text.unsigned(sequence);
    text.raw('"');
  }

  void entry(long millis, long sequence) {
    if (open == Part.ENTRY) {
      text.raw(FIELDS_END);
      text.raw(',');
    }
    text.raw('[');
    id(millis, sequence);
    text.raw(',');
    text.raw('[');
    open(Part.ENTRY);
  }

  void field(ByteSlice field, ByteSlice value) {
    next();
    text.raw('[');
    text.blob(field);
    text.raw(',');
    text.blob(value);
    text.raw(']');
  }

  void state(StreamState state) {
    put(open.closing);
    put(",\"length\":");
    text.unsigned(state.length());
    put(",\"last_id\":");
    id(state.lastMillis(), state.lastSequence());
    put(",\"first_id\":");
    id(state.firstMillis(), state.firstSequence());
    put(",\"max_deleted_id\":");
    id(state.maxDeletedMillis(), state.maxDeletedSequence());
    put(",\"entries_added\":");
    text.unsigned(state.entriesAdded());
    put(",\"groups\":[");
    open(Part.GROUPS);
  }

  void group(ByteSlice name, long millis, long sequence, long entriesRead) {
    if (open != Part.GROUPS) {
      put(withoutGroups());
      text.raw(',');
    }
    put("{\"name\":");
    text.blob(name);
    put(",\"last_delivered_id\":");
    id(millis, sequence);
    put(",\"entries_read\":");
    if (entriesRead == -1) {
      text.raw(NULL);
    } else {
      text.unsigned(entriesRead);
    }
    put(",\"pel\":[");
    open(Part.PENDING);
  }

  /// What closes a group, but not the groups.
  private String withoutGroups() {
    return open.closing.substring(0, open.closing.length() - 1);
  }

  void pending(long millis, long sequence, long deliveredAtMillis, long deliveryCount) {
    next();
    text.raw('[');
    id(millis, sequence);
    text.raw(',');
    text.integer(deliveredAtMillis);
    text.raw(',');
    text.unsigned(deliveryCount);
    text.raw(']');
  }

  void consumer(ByteSlice name, long seenAtMillis, long activeAtMillis) {
    put(open == Part.CONSUMER ? "]}," : "],\"consumers\":[");
    put("{\"name\":");
    text.blob(name);
    put(",\"seen_time_ms\":");
    text.integer(seenAtMillis);
    put(",\"active_time_ms\":");
    if (activeAtMillis == -1) {
      text.raw(NULL);
    } else {
      text.integer(activeAtMillis);
    }
    put(",\"pel\":[");
    open(Part.CONSUMER);
  }

  void consumerPending(long millis, long sequence) {
    next();
    id(millis, sequence);
  }

  void unownedPending(long millis, long sequence) {
    if (open != Part.UNOWNED) {
      put(open == Part.CONSUMER ? "]}],\"unowned\":[" : "],\"consumers\":[],\"unowned\":[");
      open(Part.UNOWNED);
    }
    next();
    id(millis, sequence);
  }

  void idempotence(long seconds, long maxEntries) {
    put(open.closing);
    put(",\"idempotence\":{\"seconds\":");
    text.unsigned(seconds);
    put(",\"max_entries\":");
    text.unsigned(maxEntries);
    put(",\"producers\":[");
    open(Part.PRODUCERS);
  }

  void producer(ByteSlice name) {
    if (open == Part.PRODUCER) {
      put("]},");
    }
    put("{\"name\":");
    text.blob(name);
    put(",\"messages\":[");
    open(Part.PRODUCER);
  }

  void producerMessage(ByteSlice messageId, long millis, long sequence) {
    next();
    text.raw('[');
    text.blob(messageId);
    text.raw(',');
    id(millis, sequence);
    text.raw(']');
  }

  void idempotenceCounts(long added, long duplicates) {
    put(open.closing);
    put(",\"added\":");
    text.unsigned(added);
    put(",\"duplicates\":");
    text.unsigned(duplicates);
    text.raw('}');
    open(Part.DONE);
  }

  void end() {
    put(open.closing);
    text.raw('}');
  }
}
