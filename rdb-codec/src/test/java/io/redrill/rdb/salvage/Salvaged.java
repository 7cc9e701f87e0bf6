package io.redrill.rdb.salvage;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.check.RdbCheck;
import io.redrill.rdb.check.RdbCheckOptions;
import io.redrill.rdb.check.RdbCheckReport;
import io.redrill.rdb.spill.SpillLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// What a salvage writes, held to what every one of them has to be.
final class Salvaged {

  static final SpillLimits KEYS =
      new SpillLimits(Path.of(System.getProperty("java.io.tmpdir")), 16 << 20);

  private Salvaged() {}

  static SalvageOptions options() {
    return SalvageOptions.defaults(KEYS);
  }

  /// The RDB that `report` makes of `source`, in which a check finds nothing wrong, no key twice,
  /// and as many keys as the report says.
  static byte[] sound(Path source, SalvageReport report) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Salvage.write(source, report, out, SalvageWatch.NOBODY);
    byte[] salvaged = out.toByteArray();
    RdbCheckReport check =
        RdbCheck.checkFile(
            ByteInput.of(salvaged, "salvaged"),
            new RdbCheckOptions(RdbCheck.Depth.ELEMENTS, RdbReading.DEFAULT, 1, Optional.of(KEYS)));
    assertThat(check.findings()).isEmpty();
    assertThat(check.isSound()).isTrue();
    assertThat(check.entryCount()).isEqualTo(report.keys());
    return salvaged;
  }
}
