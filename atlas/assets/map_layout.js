/* The layout of the map: pure geometry on plain numbers, without Leaflet. */
window.atlasLayout = (function () {
  "use strict";

  /* ---- shapes: parts → rings → [y, x] ---- */

  function boxOf(parts) {
    let south = Infinity, west = Infinity, north = -Infinity, east = -Infinity;
    for (const rings of parts) for (const [y, x] of rings[0]) {
      if (y < south) south = y;
      if (y > north) north = y;
      if (x < west) west = x;
      if (x > east) east = x;
    }
    return [south, west, north, east];
  }

  // Even-odd over all rings: a lake is outside, an island inside.
  function contains(shape, y, x) {
    const [south, west, north, east] = shape.box;
    if (y < south || y > north || x < west || x > east) return false;
    let inside = false;
    for (const rings of shape.parts) for (const ring of rings) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [yi, xi] = ring[i], [yj, xj] = ring[j];
        if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
      }
    }
    return inside;
  }

  // The pieces of line around a set of shapes: those that only one of them has. Neighbours have their points in common.
  function border(shapes) {
    const seen = new Map();
    for (const shape of shapes) for (const rings of shape.parts) for (const ring of rings) {
      for (let i = 1; i < ring.length; i++) {
        const [a, b] = [ring[i - 1].join(), ring[i].join()], key = a < b ? a + " " + b : b + " " + a;
        seen.set(key, seen.has(key) ? null : [ring[i - 1], ring[i]]);
      }
    }
    return [...seen.values()].filter(Boolean);
  }

  /* ---- circles: marks {x, y, value}; those that would touch become one (atlas/figures/marks.py, gather) ---- */

  function gather(marks, radiusOf, most) {
    let circles = marks.map((mark) => ({ x: mark.x, y: mark.y, value: mark.value, r: radiusOf(mark.value), members: [mark] }));
    for (;;) {
      circles.sort((a, b) => b.value - a.value);
      const merged = mergeTouching(circles, radiusOf, 2 * most);
      if (merged.length === circles.length) return merged;
      circles = merged;
    }
  }

  function mergeTouching(circles, radiusOf, cell) {
    const standing = [], grid = new Map();
    const cellOf = (x, y) => Math.floor(x / cell) * 65536 + Math.floor(y / cell);
    const put = (circle) => {
      const key = cellOf(circle.x, circle.y);
      if (!grid.has(key)) grid.set(key, new Set());
      grid.get(key).add(circle);
    };
    for (const circle of circles) {
      const other = near(grid, cellOf(circle.x, circle.y), circle);
      if (!other) { standing.push(circle); put(circle); continue; }
      grid.get(cellOf(other.x, other.y)).delete(other);
      const value = other.value + circle.value, part = circle.value / value;
      other.x += (circle.x - other.x) * part;
      other.y += (circle.y - other.y) * part;
      other.value = value;
      other.r = radiusOf(value);
      other.members = other.members.concat(circle.members);
      put(other);
    }
    return standing;
  }

  function near(grid, key, circle) {
    for (const dx of [-65536, 0, 65536]) for (const dy of [-1, 0, 1])
      for (const other of grid.get(key + dx + dy) || [])
        if (Math.hypot(other.x - circle.x, other.y - circle.y) < other.r + circle.r) return other;
    return null;
  }

  /* ---- framing: the nearest view in which the shapes are whole and nothing stands on them ---- */

  /* shapes: {parts, box} in pixels of zoom 0, [y, x]; size: [width, height]; taken: rectangles [left, top, right, bottom].
   * Returns [x, y, zoom]: the point of zoom 0 in the middle, and the zoom. */
  function frame(shapes, size, taken, margin, nearest) {
    const box = boxOf(shapes.map((shape) => [[[shape.box[0], shape.box[1]], [shape.box[2], shape.box[3]]]]));
    const [top, left, bottom, right] = box;
    const [width, height] = [size[0] - 2 * margin, size[1] - 2 * margin];
    const fits = Math.log2(Math.min(width / (right - left || 1e-9), height / (bottom - top || 1e-9)));
    const most = Math.min(nearest, fits);
    const points = sample(shapes, 1200);
    const middle = (z) => [(left + right) / 2, (top + bottom) / 2, z];
    for (let zoom = most; zoom > most - 2.5; zoom -= 0.08) {
      const scale = 2 ** zoom;
      const spareX = width - (right - left) * scale, spareY = height - (bottom - top) * scale;
      for (const [fx, fy] of PLACES) {
        const dx = margin + spareX * fx - left * scale, dy = margin + spareY * fy - top * scale;
        if (taken.every((rect) => isFree(rect, shapes, points, scale, dx, dy)))
          return [(size[0] / 2 - dx) / scale, (size[1] / 2 - dy) / scale, zoom];
      }
    }
    return middle(most);
  }

  const STEPS = [0.5, 0.4, 0.6, 0.25, 0.75, 0.1, 0.9, 0, 1];
  const PLACES = STEPS.flatMap((x) => STEPS.map((y) => [x, y])).sort((a, b) => away(a) - away(b));
  function away([x, y]) { return Math.hypot(x - 0.5, y - 0.5); }

  function sample(shapes, most) {
    const all = shapes.flatMap((shape) => shape.parts.flatMap((rings) => rings[0]));
    const step = Math.max(1, Math.floor(all.length / most));
    return all.filter((point, i) => i % step === 0);
  }

  function isFree([left, top, right, bottom], shapes, points, scale, dx, dy) {
    for (const [y, x] of points) {
      const px = x * scale + dx, py = y * scale + dy;
      if (px > left && px < right && py > top && py < bottom) return false;
    }
    const inside = (px, py) => shapes.some((shape) => contains(shape, (py - dy) / scale, (px - dx) / scale));
    return !inside(left, top) && !inside(right, top) && !inside(left, bottom) && !inside(right, bottom) &&
      !inside((left + right) / 2, (top + bottom) / 2);
  }

  /* ---- names: the most important first, none over another, over a circle or over a button ---- */

  /* names: {x, y, width, height, gap, holds}; each stands in its middle, or beside its point where gap is its distance
   * from it; holds(x, y) tells whether a point is on the area that is named.
   * Returns those that have room, with left and top. */
  function placeNames(names, circles, taken, size, most) {
    const standing = taken.slice(), placed = [];
    for (const name of names) {
      if (placed.length >= most) break;
      const box = spotsOf(name).find((spot) => hasRoom(spot, standing, circles, size) && belongs(name, spot));
      if (!box) continue;
      standing.push([box[0] - 2, box[1] - 1, box[2] + 2, box[3] + 1]);
      placed.push(Object.assign({}, name, { left: box[0], top: box[1] }));
    }
    return placed;
  }

  // The name of an area stands on it.
  function belongs({ holds }, [left, top, right, bottom]) {
    return !holds || holds((left + right) / 2, (top + bottom) / 2);
  }

  function spotsOf({ x, y, width: w, height: h, gap }) {
    const at = (left, top) => [left, top, left + w, top + h];
    if (gap === undefined) {
      return SHIFTS.map(([dx, dy]) => at(x - w / 2 + dx * w, y - h / 2 + dy * 14));
    }
    return [at(x + gap, y - h / 2), at(x - gap - w, y - h / 2), at(x - w / 2, y - gap - h), at(x - w / 2, y + gap)];
  }

  const SHIFTS = [0, -0.2, 0.2, -0.4, 0.4, -0.6, 0.6].flatMap((dx) => [0, -0.7, 0.7, -1.4, 1.4, -2.1, 2.1].map((dy) => [dx, dy]))
    .sort((a, b) => Math.hypot(a[0] * 3, a[1]) - Math.hypot(b[0] * 3, b[1]));

  function hasRoom([left, top, right, bottom], standing, circles, size) {
    if (left < 2 || top < 2 || right > size[0] - 2 || bottom > size[1] - 2) return false;
    if (standing.some((one) => left < one[2] && right > one[0] && top < one[3] && bottom > one[1])) return false;
    return !circles.some(({ x, y, r }) => {
      const dx = x - Math.max(left, Math.min(x, right)), dy = y - Math.max(top, Math.min(y, bottom));
      return dx * dx + dy * dy < r * r;
    });
  }

  return { boxOf: boxOf, contains: contains, border: border, gather: gather, frame: frame, placeNames: placeNames };
})();
