package io.redrill.rdb.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.FormatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedEncodingsTest {

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void lzfGivesBackWhatItPacked(long seed) throws FormatException {
    Random random = new Random(seed);
    byte[] plain = new byte[random.nextInt(20_000) + 100];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = (byte) random.nextInt(1 + random.nextInt(4));
    }

    byte[] packed = Lzf.encode(plain, plain.length);

    assertThat(packed).isNotEmpty();
    assertThat(Lzf.decode(packed, plain.length)).isEqualTo(plain);
    assertThatThrownBy(() -> Lzf.decode(packed, plain.length + 1))
        .isInstanceOf(CorruptInputException.class);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void listpackEditsAgreeWithAList(long seed) throws FormatException {
    Random random = new Random(seed);
    List<byte[]> model = new ArrayList<>();
    Listpack listpack = Listpack.empty();
    for (int step = 0; step < 300; step++) {
      byte[] element = element(random);
      int index = model.isEmpty() ? 0 : random.nextInt(model.size());
      switch (model.isEmpty() ? 0 : random.nextInt(5)) {
        case 1 -> {
          listpack = listpack.insert(listpack.position(index), element);
          model.add(index, element);
        }
        case 2 -> {
          listpack = listpack.replace(listpack.position(index), element);
          model.set(index, element);
        }
        case 3 -> {
          listpack = listpack.delete(listpack.position(index - model.size()), 1);
          model.remove(index);
        }
        default -> {
          listpack = listpack.append(element);
          model.add(element);
        }
      }
      assertThat(Listpack.parse(listpack.bytes()).size()).isEqualTo(model.size());
    }
    assertThat(listpack.elements()).usingElementComparator(Arrays::compare).isEqualTo(model);
    assertThat(listpack).isEqualTo(Listpack.of(model));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void chunkEditsAgreeWithAList(long seed) throws FormatException {
    Random random = new Random(seed);
    List<byte[]> model = new ArrayList<>();
    ListpackChunk chunk = new ListpackChunk();
    for (int step = 0; step < 500; step++) {
      byte[] element = element(random);
      int index = model.isEmpty() ? 0 : random.nextInt(model.size());
      switch (model.isEmpty() ? random.nextInt(2) : random.nextInt(8)) {
        case 0 -> {
          chunk.addFirst(element);
          model.addFirst(element);
        }
        case 1 -> {
          chunk.addLast(element);
          model.addLast(element);
        }
        case 2 -> {
          chunk.insert(chunk.position(index), element);
          model.add(index, element);
        }
        case 3 -> {
          chunk.replace(chunk.position(index), element);
          model.set(index, element);
        }
        case 4, 5 -> {
          int count = Math.min(1 + random.nextInt(3), model.size() - index);
          int behind = chunk.remove(chunk.position(index), count);
          model.subList(index, index + count).clear();
          assertThat(behind)
              .isEqualTo(index == model.size() ? ListpackChunk.NONE : chunk.position(index));
        }
        case 6 -> {
          ListpackChunk tail = chunk.split(chunk.position(index));
          assertThat(tail.size()).isEqualTo(model.size() - index);
          assertThat(Listpack.parse(chunk.toListpack()).elements())
              .usingElementComparator(Arrays::compare)
              .isEqualTo(model.subList(0, index));
          for (int at = tail.first(); at != ListpackChunk.NONE; at = tail.next(at)) {
            chunk.addLast(tail.get(at));
          }
        }
        default -> chunk = new ListpackChunk(Listpack.parse(chunk.toListpack().clone()));
      }
      assertThat(chunk.size()).isEqualTo(model.size());
    }
    assertThat(Listpack.parse(chunk.toListpack())).isEqualTo(Listpack.of(model));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void duplicatesAreFound(long seed) {
    Random random = new Random(seed);
    List<byte[]> model = new ArrayList<>();
    for (int i = 0; i < 2 + random.nextInt(300); i++) {
      model.add(DecimalText.of(i * 37L - 100));
      model.add(("text" + i).getBytes(StandardCharsets.US_ASCII));
    }
    assertThat(Listpack.of(model).hasDuplicates(1)).isFalse();

    model.set(model.size() - 1, model.get(random.nextInt(model.size() - 1)));
    assertThat(Listpack.of(model).hasDuplicates(1)).isTrue();
  }

  private static byte[] element(Random random) {
    if (random.nextBoolean()) {
      return DecimalText.of(random.nextLong() >> random.nextInt(64));
    }
    byte[] text = new byte[random.nextInt(10) == 0 ? random.nextInt(5000) : random.nextInt(80)];
    random.nextBytes(text);
    return text;
  }
}
