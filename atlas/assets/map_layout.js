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

  /* ---- ground: whose each place of the frame is ---- */

  const CELL = 3; // pixels

  /* A grid over the frame of shapes in pixels of zoom 0; a point stands at scale * x + dx, scale * y + dy.
   * under(box, told): tells the position of the shape of each cell of the box, -1 for none; cells: how many each shape has
   * in the frame; boxes: where these are; spots: see spotsOf. */
  function groundOf(shapes, { scale, dx, dy }, [width, height]) {
    const columns = Math.ceil(width / CELL), rows = Math.ceil(height / CELL);
    const owner = new Int16Array(columns * rows).fill(-1);
    const cells = shapes.map(() => 0), boxes = shapes.map(() => [Infinity, Infinity, -Infinity, -Infinity]);
    shapes.forEach((shape, i) => crossingsOf(shape, scale, dx, dy, rows).forEach((xs, row) => {
      xs.sort((a, b) => a - b);
      for (let k = 0; k + 1 < xs.length; k += 2) {
        const first = Math.max(0, Math.ceil(xs[k])), last = Math.min(columns, Math.ceil(xs[k + 1]));
        if (first >= last) continue;
        owner.fill(i, row * columns + first, row * columns + last);
        cells[i] += last - first;
        const [left, top, right, bottom] = boxes[i];
        boxes[i] = [Math.min(left, first * CELL), Math.min(top, row * CELL), Math.max(right, last * CELL), Math.max(bottom, (row + 1) * CELL)];
      }
    }));
    // What each cell under a box says, until `told` returns false.
    const under = ([left, top, right, bottom], told) => {
      const lastRow = Math.min(rows, Math.ceil(bottom / CELL)), lastColumn = Math.min(columns, Math.ceil(right / CELL));
      for (let row = Math.max(0, Math.floor(top / CELL)); row < lastRow; row++)
        for (let column = Math.max(0, Math.floor(left / CELL)); column < lastColumn; column++)
          if (told(owner[row * columns + column]) === false) return;
    };
    return { under: under, cells: cells, boxes: boxes, spots: new Map() };
  }

  // For each row of the grid, where the lines of a shape cross its middle.
  function crossingsOf(shape, scale, dx, dy, rows) {
    const crossings = [];
    for (const rings of shape.parts) for (const ring of rings) for (let k = 0, j = ring.length - 1; k < ring.length; j = k++) {
      const x0 = (ring[j][1] * scale + dx) / CELL - 0.5, y0 = (ring[j][0] * scale + dy) / CELL - 0.5;
      const x1 = (ring[k][1] * scale + dx) / CELL - 0.5, y1 = (ring[k][0] * scale + dy) / CELL - 0.5;
      const last = Math.min(rows, Math.ceil(Math.max(y0, y1)));
      for (let row = Math.max(0, Math.ceil(Math.min(y0, y1))); row < last; row++)
        (crossings[row] = crossings[row] || []).push(x0 + ((row - y0) / (y1 - y0)) * (x1 - x0));
    }
    return crossings;
  }

  /* ---- names: the most important first, none over another, over a circle or over a button ---- */

  const SIDE = 10; // pixels between two names on a line: they are read as two
  const BESIDE = 7; // pixels between a name and the area beside it, at most

  /* names: {x, y, forms, gap, area}; each stands beside its point where gap is its distance from it, else on the ground of
   * its area, the position of a shape in ground; forms: {lines, width, height}, the best first. coloured: a ground whose
   * shapes nobody may hide; null if there is none.
   * Returns those that have room, with their form, left and top. */
  function placeNames(names, circles, taken, size, most, ground, coloured) {
    const standing = taken.slice(), placed = [], hidden = new Map();
    for (const name of names) {
      if (placed.length >= most) break;
      for (const form of name.forms) {
        const fits = (spot) => hasRoom(spot, standing, circles, size, name.gap === undefined ? SIDE : 0) && !hides(spot, coloured, hidden);
        const box = name.gap === undefined ? spotOn(name, form, ground, fits) : spotsBeside(name, form).find(fits);
        if (!box) continue;
        standing.push([box[0] - SIDE, box[1] - 1, box[2] + SIDE, box[3] + 1]);
        if (coloured) coloured.under(box, (i) => { if (i >= 0) hidden.set(i, (hidden.get(i) || 0) + 1); });
        placed.push(Object.assign({}, name, form, { left: box[0], top: box[1] }));
        break;
      }
    }
    return placed;
  }

  // All names together leave at least half of an area in sight.
  function hides(box, coloured, hidden) {
    if (!coloured) return false;
    const more = new Map();
    coloured.under(box, (i) => { if (i >= 0) more.set(i, (more.get(i) || hidden.get(i) || 0) + 1); });
    for (const [i, n] of more) if (n * 2 > coloured.cells[i]) return true;
    return false;
  }

  function spotsBeside({ x, y, gap }, { width: w, height: h }) {
    const at = (left, top) => [left, top, left + w, top + h];
    return [at(x + gap, y - h / 2), at(x - gap - w, y - h / 2), at(x - w / 2, y - gap - h), at(x - w / 2, y + gap)];
  }

  // The best place for the name of an area: near its middle, on its ground; undefined if none fits.
  function spotOn(name, form, ground, fits) {
    let best, least = Infinity;
    for (const spot of spotsOf(name, form, ground)) {
      if (spot.far >= least) break;
      spot.cost ??= spot.far + awayFrom(name.area, spot.box, ground);
      if (spot.cost < least && fits(spot.box)) { best = spot.box; least = spot.cost; }
    }
    return best;
  }

  // Where the name of an area might stand, the nearest to its middle first. Kept with the ground, and with the cost of each
  // once it is known: other circles on the same ground leave them as they are.
  function spotsOf({ x, y, area }, { width: w, height: h }, ground) {
    const key = [area, x, y, w, h].join();
    if (ground.spots.has(key)) return ground.spots.get(key);
    const [left, top, right, bottom] = ground.boxes[area], spots = [];
    const stepX = Math.max(4, (right - left + 2 * w) / 30), stepY = Math.max(3, (bottom - top + 2 * h) / 24);
    for (let my = top - h; my <= bottom + h; my += stepY)
      for (let mx = left - w; mx <= right + w; mx += stepX)
        spots.push({ far: Math.hypot(mx - x, my - y), box: [mx - w / 2, my - h / 2, mx + w / 2, my + h / 2], cost: undefined });
    spots.sort((a, b) => a.far - b.far);
    ground.spots.set(key, spots);
    return spots;
  }

  /* A name stands on no other area: on its own, with an end over the sea or abroad, or beside it where it is beside none
   * other. Returns how much worse that is than to stand on it, in pixels; Infinity where it may not stand. */
  function awayFrom(area, [left, top, right, bottom], ground) {
    const ink = countOn(area, [left - 2, top + 2, right + 2, bottom - 2], ground);
    if (!ink) return Infinity;
    const part = ink.own / ink.all;
    if (part >= 0.6) return (1 - part) * 40;
    const around = countOn(area, [left - BESIDE, top - BESIDE, right + BESIDE, bottom + BESIDE], ground);
    return around && around.own ? 60 : Infinity;
  }

  // How many cells under a box are the area's; null if one is another's.
  function countOn(area, box, ground) {
    let own = 0, all = 0, isClear = true;
    ground.under(box, (i) => {
      all += 1;
      if (i === area) own += 1;
      else if (i !== -1) isClear = false;
      return isClear;
    });
    return isClear && all ? { own: own, all: all } : null;
  }

  function hasRoom([left, top, right, bottom], standing, circles, size, side) {
    if (left < 2 || top < 2 || right > size[0] - 2 || bottom > size[1] - 2) return false;
    if (standing.some((one) => left < one[2] && right > one[0] && top < one[3] && bottom > one[1])) return false;
    return !circles.some(({ x, y, r }) => {
      const dx = x - Math.max(left - side, Math.min(x, right + side)), dy = y - Math.max(top, Math.min(y, bottom));
      return dx * dx + dy * dy < r * r;
    });
  }

  return { boxOf: boxOf, contains: contains, border: border, gather: gather, frame: frame, groundOf: groundOf, placeNames: placeNames };
})();
