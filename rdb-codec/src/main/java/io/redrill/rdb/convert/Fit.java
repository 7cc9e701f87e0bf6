package io.redrill.rdb.convert;

import java.util.EnumSet;
import java.util.Set;

/// What becomes of one record in a target.
///
/// @param losses what of it is lost; none for most records
record Fit(Form form, Set<Loss> losses) {

  /// It stays as it is, byte for byte.
  static final Fit AS_IS = new Fit(Form.AS_IS, Set.of());

  /// The same in another form.
  static final Fit ENCODED_ANEW = new Fit(Form.ENCODED_ANEW, Set.of());

  /// Left out, and nobody misses it.
  static final Fit SUPERFLUOUS = new Fit(Form.LEFT_OUT, Set.of());

  /// How a record is written.
  enum Form {
    AS_IS,
    /// A key whose value stays as it is, while less is said about it.
    VALUE_AS_IS,
    ENCODED_ANEW,
    LEFT_OUT
  }

  static Fit leftOut(Loss loss) {
    return new Fit(Form.LEFT_OUT, EnumSet.of(loss));
  }
}
