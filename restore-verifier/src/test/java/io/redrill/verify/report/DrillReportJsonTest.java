package io.redrill.verify.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.verify.report.DrillReport.Previous;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DrillReportJsonTest {

  private static final DrillReport REPORT =
      SampleReports.passed("20261124T001007Z-0a1b2c3d")
          .after(new Previous("20261123T001007Z-00000000", "ab".repeat(32)));

  @Test
  void whatWasWrittenReadsBackAsTheSameReport() throws IOException {
    assertThat(DrillReportJson.read(DrillReportJson.write(REPORT))).isEqualTo(REPORT);
  }

  @ParameterizedTest
  @EnumSource(Verdict.class)
  void everyVerdictReadsBack(Verdict verdict) throws IOException {
    DrillReport report = SampleReports.report("20261124T001007Z-0a1b2c3d", verdict, "shop");

    assertThat(DrillReportJson.read(DrillReportJson.write(report))).isEqualTo(report);
  }

  @Test
  void oneReportHasOneSpelling() throws IOException {
    byte[] json = DrillReportJson.write(REPORT);

    assertThat(DrillReportJson.write(DrillReportJson.read(json))).isEqualTo(json);
    assertThat(new String(json, UTF_8))
        .startsWith("{\n  \"reportVersion\" : 1,\n  \"id\" : \"20261124T001007Z-0a1b2c3d\"")
        .contains("\"startedAt\" : \"2026-11-24T00:10:00Z\"")
        .contains("\"timeToFirstReadMillis\" : 4210")
        .contains("\"rpoMillis\" : 300000")
        .endsWith("}\n");
  }

  @Test
  void aFieldOfALaterReleaseIsIgnored() throws IOException {
    String json = new String(DrillReportJson.write(REPORT), UTF_8);
    String later = json.replaceFirst("\\{", "{ \"signature\" : { \"key\" : 1 },");

    assertThat(DrillReportJson.read(later.getBytes(UTF_8))).isEqualTo(REPORT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "{}", "{\"reportVersion\":2}", "{\"reportVersion\":1}", "{\"report"})
  void whatIsNoReportIsRefused(String json) {
    assertThatThrownBy(() -> DrillReportJson.read(json.getBytes(UTF_8)))
        .isInstanceOf(IOException.class);
  }
}
