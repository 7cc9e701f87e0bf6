package io.redrill.backup.log;

import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.LogPosition;
import java.time.Instant;
import java.util.Optional;

/// What an archiver is doing.
///
/// @param stored the end of the newest durable segment
/// @param storedUntil the newest time mark in it: up to there, the log is safe
/// @param durableOffset up to where the timeline that is followed is stored, by its snapshot or a
///   segment
/// @param receivedOffset where in the same timeline the newest command received ends
/// @param segments how many segments were stored since the start
/// @param losses how often the source was lost since the start
/// @param problem what is wrong now, with its code; empty again as soon as it is overcome
/// @param lastError the newest failure, with its code; stays after it was overcome
public record ArchiverStatus(
    State state,
    Optional<LogPosition> stored,
    Optional<Instant> storedUntil,
    long durableOffset,
    long receivedOffset,
    long segments,
    long losses,
    Optional<String> problem,
    Optional<String> lastError) {

  /// Where an archiver stands.
  public enum State {
    /// Trying to reach the source.
    CONNECTING,
    /// Receiving a snapshot, because the log could not be continued.
    SNAPSHOT,
    /// Receiving the log.
    FOLLOWING,
    /// Waiting before the next attempt.
    WAITING,
    /// Ended by a failure that waiting does not cure.
    FAILED,
    /// Ended by [LogArchiver#close].
    CLOSED
  }

  /// How many bytes of log were received and are not durable yet.
  public long lagBytes() {
    return Math.max(0, receivedOffset - durableOffset);
  }

  static ArchiverStatus initial() {
    return new ArchiverStatus(
        State.CONNECTING,
        Optional.empty(),
        Optional.empty(),
        0,
        0,
        0,
        0,
        Optional.empty(),
        Optional.empty());
  }

  ArchiverStatus in(State next) {
    return new ArchiverStatus(
        next,
        stored,
        storedUntil,
        durableOffset,
        receivedOffset,
        segments,
        losses,
        problem,
        lastError);
  }

  /// The source is followed from `offset` on: whatever kept from it is over.
  ArchiverStatus following(long offset) {
    return new ArchiverStatus(
        State.FOLLOWING,
        stored,
        storedUntil,
        offset,
        offset,
        segments,
        losses,
        Optional.empty(),
        lastError);
  }

  ArchiverStatus received(long offset) {
    return new ArchiverStatus(
        state, stored, storedUntil, durableOffset, offset, segments, losses, problem, lastError);
  }

  /// Where the log ends that is stored already.
  ArchiverStatus found(LogPosition end, Instant until) {
    return new ArchiverStatus(
        state,
        Optional.of(end),
        Optional.of(until),
        end.offset(),
        end.offset(),
        segments,
        losses,
        problem,
        lastError);
  }

  /// A segment more is durable: whatever kept it from the store is over.
  ArchiverStatus stored(LogPosition end, Instant until) {
    return new ArchiverStatus(
        state,
        Optional.of(end),
        Optional.of(until),
        end.offset(),
        Math.max(receivedOffset, end.offset()),
        segments + 1,
        losses,
        Optional.empty(),
        lastError);
  }

  ArchiverStatus failed(RedrillException failure) {
    Optional<String> message = Optional.of(String.valueOf(failure.getMessage()));
    return new ArchiverStatus(
        state,
        stored,
        storedUntil,
        durableOffset,
        receivedOffset,
        segments,
        losses,
        message,
        message);
  }

  ArchiverStatus lost(State next, RedrillException failure) {
    return new ArchiverStatus(
            next,
            stored,
            storedUntil,
            durableOffset,
            receivedOffset,
            segments,
            losses + 1,
            problem,
            lastError)
        .failed(failure);
  }
}
