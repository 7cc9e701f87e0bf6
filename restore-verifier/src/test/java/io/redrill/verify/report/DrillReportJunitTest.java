package io.redrill.verify.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class DrillReportJunitTest {

  @Test
  void aPassedDrillHasNoFailure() throws Exception {
    Element suite = parse(SampleReports.passed("20261124T001007.000Z-0a1b2c3d"));

    assertThat(suite.getAttribute("tests")).isEqualTo("4");
    assertThat(suite.getAttribute("failures")).isEqualTo("0");
    assertThat(suite.getAttribute("skipped")).isEqualTo("1");
    assertThat(suite.getAttribute("time")).isEqualTo("7.412");
    assertThat(suite.getElementsByTagName("testcase").getLength()).isEqualTo(4);
  }

  @Test
  void anyOtherVerdictIsAFailure() throws Exception {
    Element suite = parse(SampleReports.report("id", Verdict.OBJECTIVE_MISSED, "<&\">\u0001"));

    assertThat(suite.getAttribute("failures")).isEqualTo("1");
    assertThat(suite.getAttribute("name")).isEqualTo("drill of <&\">\\u0001");
    Element failure = (Element) suite.getElementsByTagName("failure").item(0);
    assertThat(failure.getAttribute("message")).isEqualTo("recovered, objective missed");
  }

  private static Element parse(DrillReport report) throws Exception {
    byte[] xml = DrillReportJunit.write(report).getBytes(UTF_8);
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(xml))
        .getDocumentElement();
  }
}
