package io.redrill.verify.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.Repository;
import io.redrill.storage.ObjectKey;
import io.redrill.storage.ObjectStore;
import io.redrill.storage.memory.MemoryStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DrillHistoryTest {

  private static final String FIRST = "20261124T001007.000Z-00000001";
  private static final String SECOND = "20261125T001007.000Z-00000002";
  private static final String THIRD = "20261126T001007.000Z-00000003";

  private final ObjectStore store = new MemoryStore(InstantSource.fixed(SampleReports.START));
  private final DrillHistory history =
      new DrillHistory(
          Repository.init(store, InstantSource.fixed(SampleReports.START), new Random(1)));

  @Test
  void reportsComeBackNewestFirst() {
    DrillReport first = history.append(SampleReports.passed(FIRST));
    DrillReport second =
        history.append(SampleReports.report(SECOND, Verdict.NOT_RECOVERED, "cart"));

    assertThat(history.ids()).containsExactly(FIRST, SECOND);
    assertThat(history.list(10)).containsExactly(second, first);
    assertThat(history.list(1)).containsExactly(second);
    assertThat(history.find(FIRST)).contains(first);
    assertThat(history.find("20261125")).contains(second);
    assertThat(history.find("2026")).isEmpty();
    assertThat(history.newest("shop")).contains(first);
    assertThat(history.newest("other")).isEmpty();
  }

  @Test
  void eachReportNamesTheOneBefore() {
    history.append(SampleReports.passed(FIRST));
    DrillReport second = history.append(SampleReports.passed(SECOND));
    history.append(SampleReports.passed(THIRD));

    assertThat(second.previous().orElseThrow().id()).isEqualTo(FIRST);
    assertThat(history.check()).isEmpty();
  }

  @Test
  void aTakenNameIsLeftUntouched() {
    history.append(SampleReports.passed(FIRST));

    assertThatThrownBy(
            () -> history.append(SampleReports.report(FIRST, Verdict.NOT_PROVEN, "shop")))
        .isInstanceOfSatisfying(
            RedrillException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OBJECT_EXISTS));
    assertThat(history.list(9)).extracting(DrillReport::verdict).containsExactly(Verdict.PASSED);
  }

  @Test
  void aChangedReportIsNoticed() throws IOException {
    history.append(SampleReports.report(FIRST, Verdict.NOT_RECOVERED, "shop"));
    history.append(SampleReports.passed(SECOND));

    replace(FIRST, DrillReportJson.write(SampleReports.passed(FIRST)));

    assertThat(history.check())
        .containsExactly("report " + FIRST + " was changed after " + SECOND + " was stored");
  }

  @Test
  void aRemovedReportIsNoticed() throws IOException {
    history.append(SampleReports.passed(FIRST));
    history.append(SampleReports.passed(SECOND));
    history.append(SampleReports.passed(THIRD));

    store.delete(key(SECOND));

    assertThat(history.check())
        .containsExactly("report " + SECOND + ", which " + THIRD + " follows, is missing");
  }

  @Test
  void aForkIsNoticed() throws IOException {
    history.append(SampleReports.passed(FIRST));
    DrillReport second = history.append(SampleReports.passed(SECOND));

    DrillReport atTheSameTime = SampleReports.passed(THIRD).after(second.previous().orElseThrow());
    put(THIRD, DrillReportJson.write(atTheSameTime));

    assertThat(history.check())
        .containsExactly("report " + THIRD + " forks the chain: it follows " + FIRST);
  }

  @Test
  void whatIsNoReportIsNamed() throws IOException {
    put(FIRST, "{}".getBytes(UTF_8));

    assertThat(history.check()).singleElement().asString().contains(FIRST, "cannot be read");
    assertThatThrownBy(() -> history.list(1))
        .isInstanceOfSatisfying(
            RedrillException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.REPOSITORY_DAMAGED));
  }

  private void replace(String id, byte[] json) throws IOException {
    store.delete(key(id));
    put(id, json);
  }

  private void put(String id, byte[] json) throws IOException {
    store.put(key(id), new ByteArrayInputStream(json), json.length);
  }

  private static ObjectKey key(String id) {
    return ObjectKey.of("drills/" + id + ".json");
  }
}
