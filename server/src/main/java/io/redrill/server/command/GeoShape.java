package io.redrill.server.command;

import io.redrill.server.command.Geohash.Area;
import io.redrill.server.command.Geohash.Place;
import java.util.ArrayList;
import java.util.List;

/// What a search is about: a circle or a rectangle around a place.
///
/// A search walks the cells that may hold members of the shape: the cell of its centre, of a size
/// that the shape and the neighbours of that cell cover, and those neighbours. The order of the
/// cells is the order of an unsorted reply.
///
/// @param centre the middle
/// @param circle whether it is a circle
/// @param width the radius, or the width of the rectangle, in units
/// @param height the radius, or the height of the rectangle, in units
/// @param unitMeters how long a unit is
record GeoShape(Place centre, boolean circle, double width, double height, double unitMeters) {

  private static final double EARTH_RADIUS_METERS = Geohash.EARTH_RADIUS_METERS;
  private static final double RADIANS = Math.PI / 180;
  private static final double MERCATOR_MAX_METERS = 20037726.37;

  /// Meters from the centre to a place of the shape, or NaN if it lies outside.
  double distance(Place place) {
    if (circle) {
      double distance = centre.distance(place);
      return distance > width * unitMeters ? Double.NaN : distance;
    }
    if (place.latitudeDistance(centre) > height * unitMeters / 2) {
      return Double.NaN;
    }
    double across = place.distance(new Place(centre.longitude(), place.latitude()));
    return across > width * unitMeters / 2 ? Double.NaN : centre.distance(place);
  }

  /// The cells to walk, in order.
  List<Geohash> cells() {
    Area box = box();
    int step = step();
    Geohash cell = Geohash.of(centre, step);
    if (step > 1 && !isCovered(cell, box)) {
      step--;
      cell = Geohash.of(centre, step);
    }
    Area area = cell.area();
    boolean narrow = step >= 2;
    boolean north = !(narrow && area.north() > box.north());
    boolean south = !(narrow && area.south() < box.south());
    boolean east = !(narrow && area.east() > box.east());
    boolean west = !(narrow && area.west() < box.west());
    List<Geohash> cells = new ArrayList<>(9);
    cells.add(cell);
    add(cells, cell, north, 0, 1);
    add(cells, cell, south, 0, -1);
    add(cells, cell, east, 1, 0);
    add(cells, cell, west, -1, 0);
    add(cells, cell, north && east, 1, 1);
    add(cells, cell, north && west, -1, 1);
    add(cells, cell, south && east, 1, -1);
    add(cells, cell, south && west, -1, -1);
    return cells;
  }

  /// Adds a neighbour, unless it is the neighbour just added: of a few large cells, some are
  /// several neighbours at once.
  private static void add(List<Geohash> cells, Geohash cell, boolean needed, int east, int north) {
    Geohash neighbour = cell.neighbour(east, north);
    if (needed && (cells.size() == 1 || !neighbour.equals(cells.getLast()))) {
      cells.add(neighbour);
    }
  }

  private static boolean isCovered(Geohash cell, Area box) {
    return cell.neighbour(0, 1).area().north() >= box.north()
        && cell.neighbour(0, -1).area().south() <= box.south()
        && cell.neighbour(1, 0).area().east() >= box.east()
        && cell.neighbour(-1, 0).area().west() <= box.west();
  }

  /// The degrees that the shape reaches to; wider towards the pole of its hemisphere.
  private Area box() {
    double up = (circle ? height : height / 2) * unitMeters;
    double across = (circle ? width : width / 2) * unitMeters;
    double rows = up / EARTH_RADIUS_METERS / RADIANS;
    double edge = centre.latitude() < 0 ? centre.latitude() - rows : centre.latitude() + rows;
    double columns = across / EARTH_RADIUS_METERS / Math.cos(edge * RADIANS) / RADIANS;
    return new Area(
        centre.longitude() - columns,
        centre.latitude() - rows,
        centre.longitude() + columns,
        centre.latitude() + rows);
  }

  /// How fine the cells may be so that the centre's and its neighbours cover the shape, as a first
  /// guess.
  private int step() {
    double meters =
        unitMeters
            * (circle ? width : Math.sqrt(width / 2 * (width / 2) + height / 2 * (height / 2)));
    if (meters == 0) {
      return Geohash.FULL_STEP;
    }
    int step = 1;
    while (meters < MERCATOR_MAX_METERS) {
      meters *= 2;
      step++;
    }
    step -= 2; // the shape may lie at the edge of its cell
    double latitude = Math.abs(centre.latitude());
    step -= latitude > 80 ? 2 : latitude > 66 ? 1 : 0; // cells are narrow near the poles
    return Math.clamp(step, 1, Geohash.FULL_STEP);
  }
}
