package io.redrill.rdb.salvage;

import io.redrill.rdb.salvage.Templates.FieldCounts;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/// Finds the end of plain hashes (type 32) whose template is lost. They are a number and as many
/// values as the template has names; nothing but the next record says how many that are.
///
/// The first place between two values counts at which a record may begin, and from then on every
/// hash of that template has as many values.
final class LostTemplates {

  private static final int MOST_FIELDS = 512;

  private final Lengths lengths;
  private final Outline outline;
  private final FieldCounts counts;
  private Optional<Guess> guess = Optional.empty();

  /// That template `id` has `fields` fields.
  record Guess(long id, int fields) {}

  /// @param counts the numbers of fields that are known, to which what is found is added
  LostTemplates(DamagedFile file, FieldCounts counts) {
    this.lengths = new Lengths(file.bytes());
    this.outline = new Outline(file);
    this.counts = counts;
  }

  /// The number of the template that the value at `valueAt` refers to; less than zero if there is
  /// none.
  long template(long valueAt) throws IOException {
    return lengths.length(valueAt);
  }

  /// The end of the value at `valueAt`, if it has one in the file.
  OptionalLong end(long valueAt) throws IOException {
    long id = template(valueAt);
    int known = counts.of(id);
    guess = Optional.empty();
    int most = known == 0 ? MOST_FIELDS : known;
    long end = lengths.skipLength(valueAt);
    for (int i = 1; i <= most; i++) {
      end = lengths.skipString(end);
      if (end == Lengths.NOWHERE) {
        return OptionalLong.empty();
      }
      if (i == known) {
        return OptionalLong.of(end);
      }
      if (known == 0 && outline.mayBegin(end)) {
        counts.put(id, i);
        guess = Optional.of(new Guess(id, i));
        return OptionalLong.of(end);
      }
    }
    return OptionalLong.empty();
  }

  /// What is taken for true since the end that was found last.
  Optional<Guess> guess() {
    return guess;
  }
}
