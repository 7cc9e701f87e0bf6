package io.redrill.rdb.digest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.ElementHandler.Quantization;
import io.redrill.rdb.ElementHandler.VectorSetShape;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValue.ArrayValue;
import io.redrill.rdb.RdbValue.HashValue;
import io.redrill.rdb.RdbValue.ListValue;
import io.redrill.rdb.RdbValue.ModuleValue;
import io.redrill.rdb.RdbValue.SetValue;
import io.redrill.rdb.RdbValue.SortedSetValue;
import io.redrill.rdb.RdbValue.StreamValue;
import io.redrill.rdb.RdbValue.StringValue;
import io.redrill.rdb.RdbValue.VectorSetValue;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// The vectors are those of `docs/formats/digest.md`, which another program computed.
class DatasetDigestTest {

  private static final long IN_2030 = 1893456000000L;

  @Test
  void givesTheDocumentedDigest() throws IOException {
    DatasetDigest digest = sample();

    assertThat(digest.text())
        .isEqualTo(
            """
            redrill-digest 2
            0 string 2 1 684bd53a739c71b0af1b2274fc2d3f9e
            0 list 1 0 25cc9d74c484d5cffda8827c52d825ce
            0 set 1 0 050f5d83e51697bc6ad57f58f3d53d8d
            0 zset 1 0 ecca5e4eb3fee53a3e2d9e71e4c9e900
            0 hash 1 0 219c4e6000a899ddedb35d1e8bc7e8b2
            0 stream 1 0 b067bd3d7b5f0753aba57eeead062bec
            0 module 1 0 4e4a781dda969cc41bd29adec0dd8719
            0 vectorset 1 0 503113fb929ab80a583cba346a26ad34
            0 array 1 0 027228599ce9e218b9b4e029503d3215
            functions 1 0c00ac16e06482c454910dbed65851c0
            """);
    assertThat(digest.fingerprint().hex()).isEqualTo("55d40f24ca568287a459079084db288e");
    assertThat(digest.keys()).isEqualTo(10);
  }

  @Test
  void readsItsOwnText() throws IOException {
    assertThat(DatasetDigest.parse(sample().text())).isEqualTo(sample());
  }

  @Test
  void refusesAnotherText() throws IOException {
    for (String text : List.of("", "redrill-digest 1\n", sample().text().replace(" 1 0 ", " "))) {
      assertThatThrownBy(() -> DatasetDigest.parse(text)).isInstanceOf(CorruptInputException.class);
    }
  }

  @Test
  void doesNotDependOnTheOrderOfWhatHasNone() throws IOException {
    assertThat(digest(new SetValue(List.of(bytes("a"), bytes("b")))))
        .isEqualTo(digest(new SetValue(List.of(bytes("b"), bytes("a")))));
    assertThat(digest(new ListValue(List.of(bytes("a"), bytes("b")))))
        .isNotEqualTo(digest(new ListValue(List.of(bytes("b"), bytes("a")))));
  }

  @Test
  void tellsNeighbouringStringsApart() throws IOException {
    assertThat(digest(new ListValue(List.of(bytes("ab"), bytes("c")))))
        .isNotEqualTo(digest(new ListValue(List.of(bytes("a"), bytes("bc")))));
  }

  @Test
  void doesNotTellNegativeZeroFromZero() throws IOException {
    assertThat(digest(new SortedSetValue(List.of(new SortedSetValue.Member(bytes("m"), -0.0)))))
        .isEqualTo(digest(new SortedSetValue(List.of(new SortedSetValue.Member(bytes("m"), 0.0)))));
  }

  @Test
  void takesOutWhatWasAdded() throws IOException {
    DatasetDigest digest = sample();
    digest.add(3, bytes("extra"), IN_2030, new StringValue(bytes("x")));
    assertThat(digest).isNotEqualTo(sample());

    digest.remove(3, bytes("extra"), IN_2030, new StringValue(bytes("x")));

    assertThat(digest).isEqualTo(sample());
  }

  @Test
  void addsAndSubtractsDigests() throws IOException {
    DatasetDigest digest = sample();
    DatasetDigest other = new DatasetDigest();
    other.add(0, bytes("more"), -1, new StringValue(bytes("x")));
    other.addFunction(bytes("#!lua name=g\n"));

    digest.plus(other);
    assertThat(digest.keys()).isEqualTo(11);
    assertThat(digest.functionCount()).isEqualTo(2);
    digest.minus(other);

    assertThat(digest).isEqualTo(sample());
  }

  @Test
  void passesOverWhatHasExpired() throws IOException {
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
  void anEmptyCollectionIsNoKey() throws IOException {
    assertThat(digest(new ListValue(List.of()))).isEqualTo(new DatasetDigest());
  }

  private static DatasetDigest digest(RdbValue value) throws IOException {
    DatasetDigest digest = new DatasetDigest();
    digest.add(0, bytes("key"), -1, value);
    return digest;
  }

  private static DatasetDigest sample() throws IOException {
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
    digest.add(
        0,
        bytes("v"),
        -1,
        new VectorSetValue(
            new VectorSetShape(2, 1, Quantization.INT8, 16, 0),
            List.of(
                new VectorSetValue.Vector(
                    bytes("e"), bytes("{}"), new byte[] {127, 1}, 0.5f, 2.0f)),
            new byte[0]));
    digest.add(
        0,
        bytes("a"),
        -1,
        new ArrayValue(
            List.of(
                new ArrayValue.Text(0, bytes("x")),
                new ArrayValue.Whole(7, -3),
                new ArrayValue.Fraction(9, 2.5)),
            OptionalLong.empty()));
    digest.addFunction(bytes("#!lua name=f\n"));
    return digest;
  }

  private static byte[] bytes(String text) throws IOException {
    return text.getBytes(UTF_8);
  }

  /// Redis 2.4 wrote a date after 2038 as a negative number of seconds.
  @Test
  void anExpiryBefore1970IsOne() throws IOException {
    byte[] key = {'k'};
    RdbValue value = new RdbValue.StringValue(new byte[] {'v'});
    DatasetDigest all = new DatasetDigest();
    all.add(0, key, -2_000_000_000_000L, value);
    assertThat(all.text()).contains("0 string 1 1 ");

    DatasetDigest later = DatasetDigest.notExpiredAt(0);
    later.add(0, key, -2_000_000_000_000L, value);
    assertThat(later.keys()).isZero();
  }
}
