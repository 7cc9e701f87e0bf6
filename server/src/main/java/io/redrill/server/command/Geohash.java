package io.redrill.server.command;

/// A cell of the earth's surface: `step` bits of latitude and of longitude, interleaved, the
/// longitude's in the odd places.
///
/// At 26 steps the 52 bits are exact in a double, and so are the score of a place in a sorted set.
/// Latitudes reach as far as the square map of Mercator does.
///
/// @param bits the cell; the highest `64 - 2 * step` bits are zero
/// @param step bits of each coordinate, 0 to 32; 0 is no cell
record Geohash(long bits, int step) {

  static final int FULL_STEP = 26;
  static final double MAX_LONGITUDE = 180;
  static final double MAX_LATITUDE = 85.05112878;

  private static final long LATITUDE_BITS = 0x5555555555555555L;
  private static final long LONGITUDE_BITS = 0xaaaaaaaaaaaaaaaaL;
  static final double EARTH_RADIUS_METERS = 6372797.560856;
  private static final double RADIANS = Math.PI / 180;

  /// A place, in degrees.
  record Place(double longitude, double latitude) {

    boolean isOnTheMap() {
      return longitude >= -MAX_LONGITUDE
          && longitude <= MAX_LONGITUDE
          && latitude >= -MAX_LATITUDE
          && latitude <= MAX_LATITUDE;
    }

    /// Meters to another place along a great circle.
    ///
    /// The same on every machine, and to within the last bits what a server gets from its C
    /// library; two real servers may differ by as much.
    double distance(Place other) {
      double across = StrictMath.sin((other.longitude * RADIANS - longitude * RADIANS) / 2);
      if (across == 0) {
        return latitudeDistance(other);
      }
      double from = latitude * RADIANS;
      double to = other.latitude * RADIANS;
      double along = StrictMath.sin((to - from) / 2);
      double chord = along * along + StrictMath.cos(from) * StrictMath.cos(to) * across * across;
      return 2 * EARTH_RADIUS_METERS * StrictMath.asin(StrictMath.sqrt(chord));
    }

    /// Meters to the other place's latitude along a meridian.
    double latitudeDistance(Place other) {
      return EARTH_RADIUS_METERS * Math.abs(other.latitude * RADIANS - latitude * RADIANS);
    }
  }

  /// A rectangle of degrees.
  record Area(double west, double south, double east, double north) {

    Place centre() {
      return new Place(
          Math.clamp((west + east) / 2, -MAX_LONGITUDE, MAX_LONGITUDE),
          Math.clamp((south + north) / 2, -MAX_LATITUDE, MAX_LATITUDE));
    }
  }

  /// The cell of a place, which is on the map.
  static Geohash of(Place place, int step) {
    return of(place, step, MAX_LATITUDE);
  }

  /// As above, on a map that reaches from `-maxLatitude` to `maxLatitude`.
  static Geohash of(Place place, int step, double maxLatitude) {
    double scale = 1L << step;
    double latitude = (place.latitude() + maxLatitude) / (maxLatitude + maxLatitude);
    double longitude = (place.longitude() + MAX_LONGITUDE) / (MAX_LONGITUDE + MAX_LONGITUDE);
    long low = (long) (latitude * scale) & 0xffffffffL;
    long high = (long) (longitude * scale) & 0xffffffffL;
    return new Geohash(spread(low) | spread(high) << 1, step);
  }

  /// The cell that a score stands for.
  static Geohash ofScore(double score) {
    return new Geohash((long) score, FULL_STEP);
  }

  /// What the cell covers.
  Area area() {
    double cells = 1L << step;
    long row = gather(bits);
    long column = gather(bits >>> 1);
    double height = MAX_LATITUDE + MAX_LATITUDE;
    double width = MAX_LONGITUDE + MAX_LONGITUDE;
    return new Area(
        -MAX_LONGITUDE + column / cells * width,
        -MAX_LATITUDE + row / cells * height,
        -MAX_LONGITUDE + (column + 1) / cells * width,
        -MAX_LATITUDE + (row + 1) / cells * height);
  }

  /// The cell so many columns east and rows north; the map is round in both directions.
  Geohash neighbour(int east, int north) {
    long columns = LONGITUDE_BITS >>> (64 - step * 2);
    long rows = LATITUDE_BITS >>> (64 - step * 2);
    long column = bits & LONGITUDE_BITS;
    long row = bits & LATITUDE_BITS;
    // The bits between those of a coordinate are filled so that a carry runs through them.
    if (east > 0) {
      column += rows + 1;
    } else if (east < 0) {
      column = (column | rows) - (rows + 1);
    }
    if (north > 0) {
      row += columns + 1;
    } else if (north < 0) {
      row = (row | columns) - (columns + 1);
    }
    return new Geohash((column & columns) | (row & rows), step);
  }

  /// The lowest score in this cell.
  double minScore() {
    return bits << (2 * FULL_STEP - 2 * step);
  }

  /// The lowest score behind this cell.
  double endScore() {
    return (bits + 1) << (2 * FULL_STEP - 2 * step);
  }

  /// The 32 lowest bits, moved to the even places.
  private static long spread(long value) {
    long x = value;
    x = (x | x << 16) & 0x0000ffff0000ffffL;
    x = (x | x << 8) & 0x00ff00ff00ff00ffL;
    x = (x | x << 4) & 0x0f0f0f0f0f0f0f0fL;
    x = (x | x << 2) & 0x3333333333333333L;
    return (x | x << 1) & LATITUDE_BITS;
  }

  /// The bits in even places, moved together.
  private static long gather(long value) {
    long x = value & LATITUDE_BITS;
    x = (x | x >>> 1) & 0x3333333333333333L;
    x = (x | x >>> 2) & 0x0f0f0f0f0f0f0f0fL;
    x = (x | x >>> 4) & 0x00ff00ff00ff00ffL;
    x = (x | x >>> 8) & 0x0000ffff0000ffffL;
    return (x | x >>> 16) & 0xffffffffL;
  }
}
