package io.redrill.server.persistence;

import java.util.ArrayList;
import java.util.List;

/// A save is due when this much time has passed and this much has changed since the last one.
record SavePoint(long seconds, long changes) {

  /// The points of a `save` directive: pairs of seconds and changes.
  static List<SavePoint> parse(String text) {
    List<SavePoint> points = new ArrayList<>();
    String[] numbers = text.isEmpty() ? new String[0] : text.split(" ", -1);
    for (int i = 0; i + 1 < numbers.length; i += 2) {
      points.add(new SavePoint(Long.parseLong(numbers[i]), Long.parseLong(numbers[i + 1])));
    }
    return points;
  }
}
