package io.redrill.rdb.digest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValue.HashValue;
import io.redrill.rdb.RdbValue.ListValue;
import io.redrill.rdb.RdbValue.ModuleValue;
import io.redrill.rdb.RdbValue.SetValue;
import io.redrill.rdb.RdbValue.SortedSetValue;
import io.redrill.rdb.RdbValue.StreamValue;
import io.redrill.rdb.RdbValue.StringValue;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The vectors are those of `docs/formats/digest.md`, which another program computed.
class DatasetDigestTest {

  private static final long IN_2030 = 1893456000000L;

  @ParameterizedTest
  @CsvSource({
    "'', 00000000000000000000000000000000",
    "hello, cbd8a7b341bd9b025b1e906a48ae1d19",
    "The quick brown fox jumps over the lazy dog, e34bbc7bbc071b6c7a433ca9c49a9347",
    "19 Jan 2038 at 3:14:07 AM, b89e5988b737affc664fc2950231b2cb"
  })
  void hashesAsMurmurHash3Does(String text, String hex) {
    byte[] bytes = text.getBytes(UTF_8);

    assertThat(HashedBytes.hash(bytes, bytes.length).hex()).isEqualTo(hex);
  }

  @Test
  void givesTheDocumentedDigest() {
    DatasetDigest digest = sample();

    assertThat(digest.text())
        .isEqualTo(
            """
            redrill-digest 1
            0 string 2 1 7cc02264d9558d238704f9d07e66f384
            0 list 1 0 d3f506300904395b689e28baca1b33df
            0 set 1 0 26c74291794fddf5e4920d81b264bca1
            0 zset 1 0 751edd8a56cf9254d84076731d3fdc3d
            0 hash 1 0 39ba6cf8738ab2dc00925847577c2bb2
            0 stream 1 0 1800ac046a70a33d4423d41a3f16f593
            0 module 1 0 a40a135d1e9e92dfe524f1d3d9e82930
            functions 1 458d539c51358ab16e936ffb4cdc951a
            """);
    assertThat(digest.fingerprint().hex()).isEqualTo("997db6d3f2e538a7b92cae45042d3495");
    assertThat(digest.keys()).isEqualTo(8);
  }

  @Test
  void readsItsOwnText() throws CorruptInputException {
    assertThat(DatasetDigest.parse(sample().text())).isEqualTo(sample());
  }

  @Test
  void refusesAnotherText() {
    for (String text : List.of("", "redrill-digest 2\n", sample().text().replace(" 1 0 ", " "))) {
      assertThatThrownBy(() -> DatasetDigest.parse(text)).isInstanceOf(CorruptInputException.class);
    }
  }

  @Test
  void doesNotDependOnTheOrderOfWhatHasNone() {
    assertThat(digest(new SetValue(List.of(bytes("a"), bytes("b")))))
        .isEqualTo(digest(new SetValue(List.of(bytes("b"), bytes("a")))));
    assertThat(digest(new ListValue(List.of(bytes("a"), bytes("b")))))
        .isNotEqualTo(digest(new ListValue(List.of(bytes("b"), bytes("a")))));
  }

  @Test
  void tellsNeighbouringStringsApart() {
    assertThat(digest(new ListValue(List.of(bytes("ab"), bytes("c")))))
        .isNotEqualTo(digest(new ListValue(List.of(bytes("a"), bytes("bc")))));
  }

  @Test
  void doesNotTellNegativeZeroFromZero() {
    assertThat(digest(new SortedSetValue(List.of(new SortedSetValue.Member(bytes("m"), -0.0)))))
        .isEqualTo(digest(new SortedSetValue(List.of(new SortedSetValue.Member(bytes("m"), 0.0)))));
  }

  @Test
  void takesOutWhatWasAdded() {
    DatasetDigest digest = sample();
    digest.add(3, bytes("extra"), IN_2030, new StringValue(bytes("x")));
    assertThat(digest).isNotEqualTo(sample());

    digest.remove(3, bytes("extra"), IN_2030, new StringValue(bytes("x")));

    assertThat(digest).isEqualTo(sample());
  }

  @Test
  void addsAndSubtractsDigests() {
    DatasetDigest digest = sample();
    DatasetDigest other = new DatasetDigest();
    other.add(0, bytes("more"), -1, new StringValue(bytes("x")));
    other.addFunction(bytes("#!lua name=g\n"));

    digest.plus(other);
    assertThat(digest.keys()).isEqualTo(9);
    assertThat(digest.functionCount()).isEqualTo(2);
    digest.minus(other);

    assertThat(digest).isEqualTo(sample());
  }

  @Test
  void passesOverWhatHasExpired() {
    HashValue hash =
        new HashValue(
            List.of(
                new HashValue.Field(bytes("kept"), bytes("1"), IN_2030 + 1),
                new HashValue.Field(bytes("gone"), bytes("2"), IN_2030)));
    DatasetDigest expected = new DatasetDigest();
    expected.add(0, bytes("hash"), -1, new HashValue(hash.fields().subList(0, 1)));

    DatasetDigest digest = DatasetDigest.notExpiredAt(IN_2030);
    digest.add(0, bytes("hash"), -1, hash);
    digest.add(0, bytes("gone"), IN_2030, new StringValue(bytes("x")));
    digest.add(0, bytes("all gone"), -1, new HashValue(hash.fields().subList(1, 2)));

    assertThat(digest).isEqualTo(expected);
  }

  @Test
  void anEmptyCollectionIsNoKey() {
    assertThat(digest(new ListValue(List.of()))).isEqualTo(new DatasetDigest());
  }

  private static DatasetDigest digest(RdbValue value) {
    DatasetDigest digest = new DatasetDigest();
    digest.add(0, bytes("key"), -1, value);
    return digest;
  }

  private static DatasetDigest sample() {
    StreamValue.Id id = new StreamValue.Id(1000, 0);
    StreamValue.Id last = new StreamValue.Id(1001, 5);
    StreamValue orders =
        new StreamValue(
            List.of(new StreamValue.Entry(id, List.of(bytes("id"), bytes("1")))),
            1,
            last,
            id,
            new StreamValue.Id(0, 0),
            7,
            List.of(
                new StreamValue.Group(
                    bytes("g"),
                    id,
                    1,
                    List.of(new StreamValue.Pending(id, 1500, 2)),
                    List.of(
                        new StreamValue.Consumer(bytes("c1"), 1500, 1500, List.of(id)),
                        new StreamValue.Consumer(bytes("c2"), 1400, -1, List.of())))));
    DatasetDigest digest = new DatasetDigest();
    digest.add(0, bytes("greeting"), -1, new StringValue(bytes("hello")));
    digest.add(0, bytes("session"), IN_2030, new StringValue(new byte[0]));
    digest.add(0, bytes("queue"), -1, new ListValue(List.of(bytes("a"), bytes("b"), bytes("a"))));
    digest.add(0, bytes("tags"), -1, new SetValue(List.of(bytes("red"), bytes("12"))));
    digest.add(
        0,
        bytes("board"),
        -1,
        new SortedSetValue(
            List.of(
                new SortedSetValue.Member(bytes("ann"), 1.5),
                new SortedSetValue.Member(bytes("bob"), -0.0))));
    digest.add(
        0,
        bytes("cart"),
        -1,
        new HashValue(
            List.of(
                new HashValue.Field(bytes("sku"), bytes("7"), -1),
                new HashValue.Field(bytes("qty"), bytes("2"), IN_2030))));
    digest.add(0, bytes("orders"), -1, orders);
    digest.add(0, bytes("m"), -1, new ModuleValue("redrill-t", new byte[] {1, 2, 3}));
    digest.addFunction(bytes("#!lua name=f\n"));
    return digest;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
