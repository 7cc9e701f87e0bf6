package io.redrill.server.keyspace;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.server.type.RedisHash;
import io.redrill.server.type.RedisString;
import io.redrill.server.type.RedisString.Origin;
import java.time.Instant;
import java.time.InstantSource;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KeyEntryTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.750Z");

  private final Keyspace keyspace =
      new Keyspace(1, new ServerClock(InstantSource.fixed(NOW)), new SplittableRandom(1));
  private final Database db = keyspace.database(0);
  private final KeyEntry entry = db.put(bytes("key"), new RedisString(bytes("7")), false);

  @Test
  void aChangeToTheStringChangesWhatTheKeyHolds() {
    string().edited(bytes("8"));
    assertThat(string().bytes()).isEqualTo(bytes("8"));
    assertThat(string().encoding()).isEqualTo("raw");

    string().integer(bytes("9"));
    assertThat(string().bytes()).isEqualTo(bytes("9"));
    assertThat(string().encoding()).isEqualTo("int");
  }

  @Test
  void aStringKeepsWhereItComesFrom() {
    db.put(bytes("key"), new RedisString(bytes("7"), Origin.COMPUTED), false);

    assertThat(string().encoding()).isEqualTo("embstr");
  }

  @Test
  void aStringThatMovesToAnotherKeyIsChangedThere() {
    string().edited(bytes("moved"));
    RedisString moved = string();
    KeyEntry other = db.put(bytes("other"), moved, false);
    db.put(bytes("key"), new RedisString(bytes("new")), false);

    ((RedisString) other.value()).edited(bytes("changed"));

    assertThat(string().bytes()).isEqualTo(bytes("new"));
    assertThat(((RedisString) other.value()).bytes()).isEqualTo(bytes("changed"));
  }

  @Test
  void anExpiryLeavesTheValueAlone() {
    long plain = entry.sizeBytes();
    long later = NOW.toEpochMilli() + 1000;
    db.expireAt(entry, later);
    assertThat(entry.isVolatile()).isTrue();
    assertThat(entry.expireAtMillis()).isEqualTo(later);
    assertThat(string().bytes()).isEqualTo(bytes("7"));
    assertThat(entry.sizeBytes()).isGreaterThan(plain);

    string().edited(bytes("8"));
    db.put(bytes("key"), new RedisHash(), true);
    assertThat(entry.value()).isInstanceOf(RedisHash.class);
    assertThat(entry.expireAtMillis()).isEqualTo(later);

    db.expireAt(entry, KeyEntry.NO_EXPIRY);
    assertThat(entry.isVolatile()).isFalse();
    assertThat(entry.expireAtMillis()).isEqualTo(KeyEntry.NO_EXPIRY);
    assertThat(entry.value()).isInstanceOf(RedisHash.class);
  }

  @Test
  void anExpiryAndAnEpochDoNotTouchEachOther() {
    db.expireAt(entry, NOW.toEpochMilli() + 1000);
    int epoch = keyspace.beginEpoch();
    assertThat(entry.changedSince(epoch)).isFalse();

    keyspace.markSeen(entry);

    assertThat(entry.changedSince(epoch)).isTrue();
    assertThat(entry.isVolatile()).isTrue();
  }

  @Test
  void theTimeOfUseIsKeptToTheSecond() {
    assertThat(entry.usedAtMillis()).isEqualTo(NOW.toEpochMilli() - 750);

    entry.usedAt(-5000);
    assertThat(entry.usedAtMillis()).isZero();
  }

  private RedisString string() {
    return (RedisString) entry.value();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
