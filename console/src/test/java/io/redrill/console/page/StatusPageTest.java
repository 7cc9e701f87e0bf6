package io.redrill.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.console.StatusSamples;
import org.junit.jupiter.api.Test;

class StatusPageTest {

  @Test
  void allIsWellIsTheFirstThingSaid() {
    String page = new StatusPage(StatusSamples.well()).write();

    assertThat(page)
        .startsWith("<!doctype html>")
        .contains("All well", "the last 1.0 s", "any moment", "20261124T020000Z-1f2e3d4c")
        .contains("href=\"drills/20261124T013012Z-0a1b2c3d\"")
        .doesNotContain("Attention");
    assertThat(page.indexOf("All well")).isLessThan(page.indexOf("Recovery window"));
  }

  @Test
  void troubleNamesEachReasonAndTheGaps() {
    String page = new StatusPage(StatusSamples.trouble()).write();

    assertThat(page)
        .contains("Attention needed", "not archiving", "gap ", "of 10 h, nothing in between")
        .contains("not recovered", "running", "Nothing can be restored yet");
  }

  @Test
  void nothingThatComesFromOutsideBecomesMarkup() {
    String page = new StatusPage(StatusSamples.trouble()).write();

    assertThat(page)
        .doesNotContain("<script")
        .doesNotContain("<b>more</b>")
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "&amp; &lt;b&gt;more&lt;/b&gt;");
  }

  @Test
  void attributesAreEscapedAndControlCharactersReplaced() {
    StringBuilder out = new StringBuilder();
    Html.tag("a", "x\u0000y").with("href", "\"><script>'").write(out);

    assertThat(out).hasToString("<a href=\"&quot;&gt;&lt;script&gt;&#39;\">x\ufffdy</a>");
  }
}
