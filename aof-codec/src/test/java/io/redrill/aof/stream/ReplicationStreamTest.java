package io.redrill.aof.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.redrill.aof.AofReader;
import io.redrill.aof.AofRecord;
import io.redrill.aof.resp.Credentials;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.rdb.CorruptInputException;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicationStreamTest {

  private static final String ID = "0123456789abcdef0123456789abcdef01234567";
  private static final String MARK = "m".repeat(40);
  private static final String SET = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n";

  @Test
  void bringsASnapshotOfKnownLengthAndThenCommandsWithOffsets() throws IOException {
    String sent = "\n\n+FULLRESYNC " + ID + " 1000\r\n\n\n$7\r\nthe rdb" + SET + SET;
    try (ScriptedPrimary primary = primary(sent);
        ReplicationStream stream = ReplicationStream.connect(primary.options())) {
      SyncResult.FullSync full = stream.sync();
      assertThat(full.replicationId()).isEqualTo(ID);
      assertThat(full.offset()).isEqualTo(1000);
      assertThat(full.snapshot().lengthBytes()).hasValue(7);
      assertThat(full.snapshot().input().offset()).isZero();
      assertThat(full.snapshot().input().readBytes(7)).asString().isEqualTo("the rdb");
      assertThatThrownBy(stream::commands).isInstanceOf(IllegalStateException.class);
      full.snapshot().finish();

      AofReader reader = new AofReader(stream.commands());
      assertThat(reader.next().offset()).isEqualTo(1000);
      AofRecord.Command second = (AofRecord.Command) reader.next();
      assertThat(second.offset()).isEqualTo(1000 + SET.length());
      assertThat(stream.commands().offset()).isEqualTo(1000 + 2L * SET.length());

      await().until(() -> primary.heard().contains("REPLCONF ACK 0"));
      stream.acknowledge(stream.commands().offset());
      await().until(() -> primary.heard().contains("REPLCONF ACK 1054"));
      stream.acknowledge(1001);
      assertThat(primary.heard())
          .containsSubsequence(
              "PING", "REPLCONF capa eof capa psync2", "REPLCONF version 9.0.0", "PSYNC ? -1")
          .doesNotContain("REPLCONF ACK 1001");
    }
  }

  @Test
  void bringsASnapshotWithAMark() throws IOException {
    String sent = "+FULLRESYNC " + ID + " 0\r\n$EOF:" + MARK + "\r\nthe rdb" + MARK + SET;
    try (ScriptedPrimary primary = primary(sent);
        ReplicationStream stream = ReplicationStream.connect(primary.options())) {
      SnapshotPayload snapshot = stream.sync().snapshot();
      assertThat(snapshot.lengthBytes()).isEmpty();
      snapshot.input().skip(7);
      snapshot.finish();
      assertThat(new AofReader(stream.commands()).next().offset()).isZero();
    }
  }

  @Test
  void takesNoCommandsWhereOnlyTheSnapshotIsWanted() throws IOException {
    String sent = "+FULLRESYNC " + ID + " 0\r\n$7\r\nthe rdb";
    try (ScriptedPrimary primary = primary(sent);
        ReplicationStream stream =
            ReplicationStream.connect(primary.options().snapshotOnly().withListeningPort(7))) {
      SnapshotPayload snapshot = stream.sync().snapshot();
      snapshot.input().skip(7);
      snapshot.finish();
      assertThatThrownBy(stream::commands).isInstanceOf(IllegalStateException.class);
      assertThat(primary.heard()).contains("REPLCONF rdb-only 1", "REPLCONF listening-port 7");
    }
  }

  @Test
  void goesOnWhereItWasLeft() throws IOException {
    String other = ID.replace('0', 'f');
    for (String answer : new String[] {"+CONTINUE\r\n", "+CONTINUE " + other + "\r\n"}) {
      try (ScriptedPrimary primary = primary(answer + SET);
          ReplicationStream stream = ReplicationStream.connect(primary.options())) {
        SyncResult result = stream.resume(ID, 99);
        assertThat(result)
            .isEqualTo(new SyncResult.Continued(answer.contains(other) ? other : ID, 99));
        assertThat(primary.heard()).contains("PSYNC " + ID + " 100");
        assertThat(new AofReader(stream.commands()).next().offset()).isEqualTo(99);
      }
    }
  }

  @Test
  void takesAFullSynchronisationWhereItAskedToGoOn() throws IOException {
    try (ScriptedPrimary primary = primary("+FULLRESYNC " + ID + " 5\r\n$7\r\nthe rdb");
        ReplicationStream stream = ReplicationStream.connect(primary.options())) {
      assertThat(stream.resume(ID, 99)).isInstanceOf(SyncResult.FullSync.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "NOMASTERLINK Can't SYNC while not connected with my master,NO_PRIMARY,true",
    "LOADING Redis is loading the dataset in memory,LOADING,true",
    "NOAUTH Authentication required.,CREDENTIALS,false",
    "ERR operation not permitted,CREDENTIALS,false",
    "ERR unknown command 'PSYNC',UNSUPPORTED,false",
    "NOPERM this user has no permissions to run the 'psync' command,PERMISSION,false",
    "ERR replica can't interact with the keyspace,OTHER,false"
  })
  void saysWhyItIsRefused(String answer, ReplicationRefusedException.Reason reason, boolean mayPass)
      throws IOException {
    try (ScriptedPrimary primary = primary("-" + answer + "\r\n");
        ReplicationStream stream = ReplicationStream.connect(primary.options())) {
      assertThatThrownBy(stream::sync)
          .isInstanceOfSatisfying(
              ReplicationRefusedException.class,
              refused -> {
                assertThat(refused.reason()).isEqualTo(reason);
                assertThat(refused.mayPass()).isEqualTo(mayPass);
                assertThat(refused.serverText()).isEqualTo(answer);
                assertThat(refused).hasMessageContaining(answer);
              });
    }
  }

  @Test
  void neverShowsThePassword() throws IOException {
    try (ScriptedPrimary primary =
        new ScriptedPrimary(command -> "-WRONGPASS no\r\n".getBytes(ISO_8859_1))) {
      ServerEndpoint endpoint =
          primary.endpoint().with(new Credentials(Optional.of("backup"), "s3cret"));
      assertThat(endpoint.toString()).doesNotContain("s3cret");
      assertThatThrownBy(() -> ReplicationStream.connect(ReplicationOptions.of(endpoint)))
          .isInstanceOf(ReplicationRefusedException.class)
          .satisfies(refused -> assertThat(refused.toString()).doesNotContain("s3cret"));
      assertThat(primary.heard()).containsExactly("AUTH backup s3cret");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+FULLRESYNC ../../etc 0\r\n$7\r\nthe rdb",
        "+HELLO\r\n",
        ":1\r\n",
        "+FULLRESYNC " + ID + " 0\r\n$seven\r\n",
        "+FULLRESYNC " + ID + " 0\r\n$EOF:short\r\n",
        "+FULLRESYNC "
            + ID
            + " 0\r\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
      })
  void refusesAnAnswerThatIsNone(String sent) throws IOException {
    try (ScriptedPrimary primary = primary(sent);
        ReplicationStream stream = ReplicationStream.connect(primary.options())) {
      assertThatThrownBy(stream::sync).isInstanceOf(CorruptInputException.class);
    }
  }

  @Test
  void provesTheFrameOfTheSnapshot() throws IOException {
    String header = "+FULLRESYNC " + ID + " 0\r\n";
    for (String frame :
        new String[] {"$8\r\nthe rdb?", "$EOF:" + MARK + "\r\nthe rdb" + "x".repeat(40)}) {
      try (ScriptedPrimary primary = primary(header + frame);
          ReplicationStream stream = ReplicationStream.connect(primary.options())) {
        SnapshotPayload snapshot = stream.sync().snapshot();
        snapshot.input().skip(7);
        assertThatThrownBy(snapshot::finish).isInstanceOf(CorruptInputException.class);
      }
    }
  }

  @Test
  void noticesAPrimaryThatHangsUp() throws IOException {
    try (ScriptedPrimary primary =
            new ScriptedPrimary(
                command -> (command.startsWith("PSYNC") ? "" : "+OK\r\n").getBytes(ISO_8859_1));
        ReplicationStream stream = ReplicationStream.connect(primary.options())) {
      assertThatThrownBy(stream::sync).isInstanceOf(EOFException.class);
    }
  }

  private static ScriptedPrimary primary(String stream) throws IOException {
    return ScriptedPrimary.sending(stream.getBytes(ISO_8859_1));
  }
}
