package io.redrill.rdb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A value in words, one for each piece that a walk hands over, so that a test can say what it
/// expects on a line.
final class Spelled implements ElementHandler {

  private final List<String> words = new ArrayList<>();

  static String of(RdbType type, byte[] value) throws FormatException {
    Spelled spelled = new Spelled();
    new ValueWalker().walk(type, ByteSlice.of(value), spelled);
    return spelled.text();
  }

  /// Walks in place, so that templates of the file are known.
  static String of(RdbCursor cursor) throws IOException {
    Spelled spelled = new Spelled();
    cursor.walk(spelled);
    return spelled.text();
  }

  static String of(RdbValue value) {
    Spelled spelled = new Spelled();
    RdbValues.walk(value, spelled);
    return spelled.text();
  }

  String text() {
    return String.join(" ", words);
  }

  private static String text(ByteSlice slice) {
    return new String(slice.array(), slice.offset(), slice.length(), StandardCharsets.ISO_8859_1);
  }

  private static String id(long millis, long sequence) {
    return Long.toUnsignedString(millis) + "-" + Long.toUnsignedString(sequence);
  }

  @Override
  public void string(ByteSlice string) {
    words.add(text(string));
  }

  @Override
  public void element(ByteSlice element) {
    words.add(text(element));
  }

  @Override
  public void member(ByteSlice member, double score) {
    words.add(text(member) + ":" + score);
  }

  @Override
  public void field(ByteSlice field, ByteSlice value, long expireAtMillis) {
    words.add(text(field) + "=" + text(value) + (expireAtMillis < 0 ? "" : "@" + expireAtMillis));
  }

  @Override
  public void streamEntry(long millis, long sequence) {
    words.add(id(millis, sequence));
  }

  @Override
  public void streamField(ByteSlice field, ByteSlice value) {
    words.add(text(field) + "=" + text(value));
  }

  @Override
  public void streamState(StreamState state) {
    words.add(
        "length:%d last:%s first:%s deleted:%s added:%d"
            .formatted(
                state.length(),
                id(state.lastMillis(), state.lastSequence()),
                id(state.firstMillis(), state.firstSequence()),
                id(state.maxDeletedMillis(), state.maxDeletedSequence()),
                state.entriesAdded()));
  }

  @Override
  public void group(ByteSlice name, long millis, long sequence, long entriesRead) {
    words.add("group:%s,%s,%d".formatted(text(name), id(millis, sequence), entriesRead));
  }

  @Override
  public void pending(long millis, long sequence, long deliveredAtMillis, long deliveryCount) {
    words.add("pending:%s,%d,%d".formatted(id(millis, sequence), deliveredAtMillis, deliveryCount));
  }

  @Override
  public void consumer(ByteSlice name, long seenAtMillis, long activeAtMillis) {
    words.add("consumer:%s,%d,%d".formatted(text(name), seenAtMillis, activeAtMillis));
  }

  @Override
  public void consumerPending(long millis, long sequence) {
    words.add("its:" + id(millis, sequence));
  }

  @Override
  public void unownedPending(long millis, long sequence) {
    words.add("nobody's:" + id(millis, sequence));
  }

  @Override
  public void idempotence(long seconds, long maxEntries) {
    words.add("remember:%d,%d".formatted(seconds, maxEntries));
  }

  @Override
  public void producer(ByteSlice name) {
    words.add("producer:" + text(name));
  }

  @Override
  public void producerMessage(ByteSlice messageId, long millis, long sequence) {
    words.add("message:%s,%s".formatted(text(messageId), id(millis, sequence)));
  }

  @Override
  public void idempotenceCounts(long added, long duplicates) {
    words.add("counts:%d,%d".formatted(added, duplicates));
  }

  @Override
  public void arrayInsertIndex(long index) {
    words.add("next:" + index);
  }

  @Override
  public void arrayText(long index, ByteSlice text) {
    words.add("%d=text:%s".formatted(index, text(text)));
  }

  @Override
  public void arrayInteger(long index, long value) {
    words.add("%d=whole:%d".formatted(index, value));
  }

  @Override
  public void arrayDouble(long index, double value) {
    words.add("%d=double:%s".formatted(index, value));
  }

  @Override
  public void opaque(String typeName, ByteSlice payload) {
    words.add("opaque:" + typeName);
  }
}
