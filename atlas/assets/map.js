/* The atlas map, drawn inside the frame that streamlit-folium makes.
 *
 * It owns geometry, marks, names, legend, tooltips and buttons. Python sends one small message per change (see
 * atlas/figures/maps.py, `MapMessage`): codes, numbers and words of the interface, never text from the catalogue.
 * Names of places come from the boundary files and titles from the page, and are written with textContent only.
 * The base map's script never changes, so the frame is never remade. Where things stand is calculated in map_layout.js.
 */
window.atlasMap = (function () {
  "use strict";

  const layout = window.atlasLayout;
  const LEVELS = ["region", "province", "municipality"];
  const GROUPS = ["land", "outline", "footprint", "highlight", "circles"];
  const STAGE_ZOOM = 8; // an audience has to see in which part of the country it is
  const STAGE_KEYS = ["ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Escape", "n"];
  const SOFT = 0.45; // how much of its colour an area shows
  const POLYGON_ZOOM = 8; // from here on single municipalities are large enough to be told apart
  const OPENS = [7, 9.25]; // below the first a click on land opens a region, below the second a province
  const FRAMED = { region: 10, province: 10.5, municipality: 10, initiative: 9.5 }; // no nearer than this
  const NEAR = 12; // pixels: marks so close together are chosen from a list
  const LISTED = 12;
  const MARKS = 500; // of more municipalities some lie under a name
  const TOLD_AFTER = 350; // ms without a movement before the page is told where the map is
  const RING = 11; // pixels from the middle of the lead to its ring
  const LEGEND = 210; // pixels that an open legend is wide, see map.css
  const DRESSING = 1500; // ms that the first picture waits for style sheets and font
  const NAMES_KEY = "atlas.map.names";
  let map, config, known, theme, paper = null, framedAgain = null;
  let wanted = null; // the last message; kept until the geometry it needs has come
  let written = ""; // the same as text: a message that says nothing new draws nothing
  let paints = 0;
  let tiles = null;
  let follows = true; // the map shows what is looked at; false once somebody has moved it
  let moving = false; // the map moves by itself
  let waiting = null, due = 0; // the message that has come, and the frame after which it is drawn
  let sizing = 0; // the timer of a new size
  let holding = false; // names wait
  let landRenderer, renderer; // the canvas of the land, which most messages leave as it is, and that of what stands on it
  let isRecoloured = false; // the land has other colours than its canvas
  let regionGround = { view: "" }; // whose each place of the frame is, until the map moves
  let subject = null; // what the map has framed last
  let toldAt = 0; // when the page was last told where the map is
  let tellTimer = 0;
  let pressed = { touch: false, swallowed: false };
  let hovered = null;
  let withNames = true;
  let circles = []; // what stands on the map: {x, y, r, value, members} in pixels of the world at this zoom
  let placedNames = [];
  const files = {}; // name -> promise of parsed JSON
  const places = {}; // level -> {codes, index, name, en, other, lat, lon, population}
  const shapes = {}; // level -> [{code, parts, arcs, box, polygon}] by position
  const groups = {}; // name -> L.FeatureGroup
  const controls = {};
  const patterns = {};
  const formats = {}; // expensive to create

  // A circle that carries its number, as large as the number fits.
  const NumberedCircle = window.L.CircleMarker.extend({
    _updatePath: function () {
      this._renderer._updateCircle(this);
      const label = this.options.label;
      const ctx = this._renderer._ctx;
      if (!label || !this._renderer._drawing || this._empty()) return;
      const size = Math.min(13, Math.max(9, this._radius));
      ctx.globalAlpha = 1;
      ctx.font = "600 " + size + "px 'Source Sans', system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif";
      if (ctx.measureText(label).width > this._radius * 1.8) return;
      ctx.fillStyle = this.options.labelColor;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillText(label, this._point.x, this._point.y + 0.5);
    },
  });

  // Several marks in one: a second line around the circle.
  const GatheredCircle = NumberedCircle.extend({
    _updatePath: function () {
      NumberedCircle.prototype._updatePath.call(this);
      if (!this._renderer._drawing || this._empty()) return;
      const ctx = this._renderer._ctx;
      ctx.globalAlpha = 1;
      ctx.beginPath();
      ctx.arc(this._point.x, this._point.y, this._radius + 3, 0, 7);
      ctx.lineWidth = 1.5;
      ctx.strokeStyle = this.options.ring;
      ctx.stroke();
    },
  });

  // What the file itself says, in its last line: colours, radii, the region of each province.
  function know(constants) {
    known = constants;
  }

  function start(leafletMap, options) {
    map = leafletMap;
    config = Object.assign({}, known, options);
    theme = readTheme();
    landRenderer = L.canvas({ padding: 0.4 });
    renderer = L.canvas({ padding: 0.4 });
    obeyReducedMotion();
    map.attributionControl.setPrefix(false);
    map.getContainer().setAttribute("role", "application");
    if (L.Browser.mobile) map.dragging.disable(); // one finger scrolls the page, two move the map
    for (const name of GROUPS) groups[name] = L.featureGroup();
    buildPanes();
    buildControls();
    takeNoFocus();
    showItaly();
    // The style sheet sets the height after the script, and the page gives the frame another: no window event says so.
    new ResizeObserver(takeSizeSoon).observe(map.getContainer());
    map.on("resize", () => { if (follows) frameSubject(false); goToPosition(); drawNames(); });
    map.on("movestart zoomstart", () => { if (!moving) leave(); });
    map.on("zoomstart", () => { controls.names.style.visibility = "hidden"; closeList(); });
    map.on("moveend", () => { if (!moving) tellFramingSoon(); });
    map.on("zoomend", onZoom);
    map.on("moveend", () => { explainMarks(); drawNames(); });
    map.getContainer().addEventListener("wheel", onWheel, { passive: false });
    document.addEventListener("keydown", onKey);
    document.addEventListener("keydown", (event) => { if (wanted && wanted.at) tellStage(event); }, true);
    hearPointer();
    hearPage();
    buildReader();
    document.addEventListener("fullscreenchange", onFullscreen);
    window.Streamlit.events.addEventListener("streamlit:render", onThemeMaybe);
    applyTheme();
    const font = sheets().then(() => document.fonts.load("600 12px 'Source Sans'"));
    const dressed = Promise.race([font.catch(() => {}), new Promise((late) => setTimeout(late, DRESSING))]);
    Promise.all([load("names"), load("outlines"), dressed]).then(drawOutlines).catch(failed);
    // Text on a canvas does not wait for its font: it is drawn again if the font comes later still.
    font.then((found) => {
      if (found.length && wanted && groups.land._map) { drawCircles(); repaint(); drawNames(); }
    }).catch(() => { /* the system font is used instead */ });
    // The municipalities load separately: the first picture does not wait for them.
    load("municipalities").then(() => wanted && draw()).catch(failed);
  }

  /* streamlit-folium starts the map before its style sheets have come. Until then the legend and the buttons stand
   * elsewhere, and country and names would keep clear of places where nothing is. */
  function sheets() {
    const coming = [...document.querySelectorAll("link[rel=stylesheet]")].filter((link) => !link.sheet);
    return Promise.all(coming.map((link) => new Promise((done) => { link.onload = link.onerror = done; })));
  }

  // Above the circles: the outline of what the pointer is on, and the names. Both let the pointer through.
  function buildPanes() {
    const pane = map.createPane("hover");
    pane.style.zIndex = 450;
    pane.style.pointerEvents = "none";
    controls.hoverRenderer = L.canvas({ pane: "hover", padding: 0 });
    const names = map.createPane("names");
    names.style.zIndex = 460;
    names.style.pointerEvents = "none";
    controls.names = L.DomUtil.create("canvas", "atlas-names", names);
    controls.names.setAttribute("aria-hidden", "true");
    try { withNames = localStorage.getItem(NAMES_KEY) !== "0"; } catch (e) { /* storage may be blocked */ }
    controls.tip = L.tooltip({ className: "atlas-tip", opacity: 1, direction: "auto", offset: [0, 0] });
  }

  function load(name) {
    if (!files[name]) {
      files[name] = fetch(config.files[name]).then((answer) => {
        if (!answer.ok) throw new Error(name + " " + answer.status);
        return answer.json();
      }).then((data) => {
        if (name === "names") readNames(data);
        else for (const level of Object.keys(data.objects)) readShapes(data, level);
        return data;
      });
      files[name].catch(() => { delete files[name]; });
    }
    return files[name];
  }

  function failed(error) {
    console.error("atlas map:", error.message);
    const box = controls.message.getContainer();
    box.textContent = (wanted && wanted.words.failed) || "La mappa non si carica. / The map does not load.";
    box.hidden = false;
  }

  function readNames(data) {
    for (const level of ["region", "province", "municipality"]) {
      places[level] = data[level];
      places[level].index = new Map(data[level].codes.map((code, i) => [code, i]));
    }
  }

  // TopoJSON: arcs are delta-coded, quantised; a negative index is an arc walked backwards.
  function readShapes(topology, objectName) {
    const level = { regions: "region", provinces: "province", municipalities: "municipality" }[objectName];
    const [sx, sy] = topology.transform.scale;
    const [tx, ty] = topology.transform.translate;
    topology.decoded = topology.decoded || topology.arcs.map((arc) => {
      let x = 0, y = 0;
      return arc.map((step) => { x += step[0]; y += step[1]; return [y * sy + ty, x * sx + tx]; });
    });
    const line = (index) => index < 0 ? topology.decoded[~index].slice().reverse() : topology.decoded[index];
    const ring = (indexes) => {
      let points = [];
      indexes.forEach((index, i) => { points = points.concat(i ? line(index).slice(1) : line(index)); });
      return points;
    };
    const rows = topology.objects[objectName].geometries;
    shapes[level] = rows.map((geometry) => {
      const arcs = geometry.type === "Polygon" ? [geometry.arcs] : geometry.arcs;
      const parts = arcs.map((rings) => rings.map(ring));
      const polygon = L.polygon(parts, { renderer: landRenderer, smoothFactor: 0.6, interactive: false });
      return { code: String(geometry.id), level: level, parts: parts, box: layout.boxOf(parts), polygon: polygon };
    }).sort((a, b) => (a.code < b.code ? -1 : 1));
    shapes[level].byCode = new Map(shapes[level].map((shape) => [shape.code, shape]));
  }

  function drawOutlines() {
    shapes.region.forEach((shape) => {
      groups.outline.addLayer(L.polygon(shape.parts, { renderer: landRenderer, interactive: false, fill: false, smoothFactor: 0.6 }));
    });
    for (const name of GROUPS) groups[name].addTo(map);
    takeSizeSoon();
    if (wanted) draw();
  }

  /* ---- one message from Python ---- */

  // The page comes first: its words are on the screen a frame before the map, which takes longer to draw.
  function paint(message) {
    waiting = message;
    if (!wanted || document.hidden) take();
    else due = due || requestAnimationFrame(() => setTimeout(take, 0));
  }

  function take() {
    const message = waiting;
    due = 0;
    const { heard, framing, ...rest } = message, text = JSON.stringify(rest);
    const isNew = text !== written;
    const before = wanted;
    written = text;
    wanted = message;
    if (isNew || !before) spread();
    else for (const key of SPREAD) wanted[key] = before[key];
    if (!map) return;
    if (isNew) draw();
    else { if (sizing) takeSize(); goWhereWanted(); }
  }

  // Positions are sent as differences.
  function positions(steps) {
    let at = 0;
    return steps.map((step) => (at += step));
  }

  // Territories missing in a message have no initiatives.
  const SPREAD = ["marks", "n", "v", "classes", "d", "others", "largest", "isPlaced"];
  function spread() {
    const { n, v, classes, d, others } = wanted, where = positions(wanted.where);
    const sparse = (values) => { const all = []; where.forEach((at, i) => { all[at] = values[i]; }); return all; };
    wanted.n = sparse(n);
    wanted.v = v ? sparse(v) : null;
    wanted.d = d ? sparse(d) : null;
    wanted.classes = classes === undefined ? null : sparse(classes);
    const marks = wanted.marks || { where: [], n: [], shared: [] };
    marks.at = positions(marks.where);
    wanted.largest = Math.max(1, ...(marks.v || marks.n), ...marks.shared.map((one) => one[3]));
    wanted.others = {};
    for (const level of Object.keys(others || {})) {
      const [steps, counts] = others[level], all = [];
      positions(steps).forEach((position, i) => { all[position] = counts[i]; });
      wanted.others[level] = all;
    }
  }

  // The number by the counting rule, or the rate, to four figures as everything that travels.
  function valueAt(i) {
    const value = (wanted.v || wanted.n)[i] || 0;
    if (!wanted.per) return value;
    const base = wanted.d ? wanted.d[i] : places[wanted.level].population[i];
    return base > 0 ? Number((value * wanted.per / base).toPrecision(4)) : 0;
  }

  // Runs of positions: [start, length, start, length, …].
  function runs(list) {
    const set = new Set();
    for (let i = 0; i < list.length; i += 2) for (let j = 0; j < list[i + 1]; j++) set.add(list[i] + j);
    return set;
  }

  // What changes the frame's height mostly sends a message too: both are then drawn at once, after the page around them.
  function takeSizeSoon() {
    sizing = sizing || setTimeout(() => { if (!due) takeSize(); }, 50);
  }

  function takeSize() {
    clearTimeout(sizing);
    sizing = 0;
    nameOnce(() => map.invalidateSize({ pan: false }));
  }

  function draw() {
    nameOnce(drawAll);
  }

  function drawAll() {
    unhover();
    closeList();
    document.documentElement.classList.toggle("atlas-staged", Boolean(wanted.at));
    takeTheme();
    setWords();
    showTiles();
    drawLegend();
    if (!places.region || !shapes.region || !groups.land._map) return;
    const level = shapes[wanted.level] ? wanted.level : "region";
    showLand(level);
    colourLand(level);
    drawFootprint();
    drawHighlight();
    if (sizing) takeSize(); // moves the map, which needs its land
    drawCircles();
    goToPosition();
    goWhereWanted();
    repaint();
    readCentre();
    paints += 1;
    performance.mark("atlas-paint");
  }

  // On the stage each slide has its own position; elsewhere it is the visitor's. [] is the whole selection.
  function goToPosition() {
    if (!wanted || !wanted.at || wanted.isPlaced || !map.getSize().x || !places.region) return;
    if (!wanted.at.length && needsMunicipalities() && !shapes.municipality) return;
    wanted.isPlaced = true;
    follows = !wanted.at.length;
    if (wanted.at.length) map.setView([wanted.at[0], wanted.at[1]], wanted.at[2], { animate: false });
    else frameSubject(false);
  }

  /* The map frames what was chosen, or the position in the address. Nothing else moves it. */
  function goWhereWanted() {
    if (!wanted || wanted.at || !map.getSize().x || !places.region || !shapes.region) return;
    if (needsMunicipalities() && !shapes.municipality) return; // drawn again when they have loaded
    const looked = subjectOf(wanted), isFirst = subject === null;
    const isStale = (wanted.heard || 0) < toldAt; // the page does not know the last movement yet
    const to = wanted.framing;
    if (to && (isFirst || (!isStale && !isAt(to)))) {
      follows = false;
      move(() => map.setView([to[0], to[1]], to[2], { animate: !isFirst }));
    } else if (!to && (isFirst || looked !== subject || (!isStale && !follows))) {
      follows = true;
      toldAt = 0;
      clearTimeout(tellTimer);
      frameSubject(!isFirst);
    }
    subject = looked;
  }

  function subjectOf(message) {
    return message.picked === undefined ? JSON.stringify([message.regions, message.place, message.opened]) : "question";
  }

  function needsMunicipalities() {
    return wanted.opened >= 0 || (wanted.place && wanted.place.length === 6);
  }

  function isAt([lat, lng, zoom]) {
    const centre = map.getCenter();
    return Math.abs(centre.lat - lat) < 2e-3 && Math.abs(centre.lng - lng) < 2e-3 && Math.abs(map.getZoom() - zoom) < 0.02;
  }

  // At once and once: what single layers have asked for in the next frame is done here.
  function repaint() {
    if (isRecoloured || landRenderer._redrawRequest) repaintOn(landRenderer);
    isRecoloured = false;
    repaintOn(renderer);
  }

  function repaintOn(canvas) {
    L.Util.cancelAnimFrame(canvas._redrawRequest);
    canvas._redrawBounds = null;
    if (canvas._ctx) canvas._redraw();
  }

  function showLand(level) {
    if (groups.land.level === level) return;
    groups.land.clearLayers();
    groups.land.level = level;
    shapes[level].forEach((shape) => groups.land.addLayer(shape.polygon));
    groups.outline.eachLayer((line) => line.bringToFront());
  }

  function colourLand(level) {
    const colours = config.palettes[theme];
    const own = level === wanted.level && wanted.classes;
    const inside = insideTest(level);
    const thin = level === "municipality" && map.getZoom() < POLYGON_ZOOM;
    groups.land.thin = thin;
    shapes[level].forEach((shape, i) => {
      const mark = (own && own[i]) || ".";
      const style = { fill: true, fillOpacity: tiles ? (mark === "." ? 0.15 : 0.75) : 1 };
      style.fillColor = inside(shape.code) ? fillOf(mark, colours) : colours.outside;
      style.color = mark === "." || mark === "-" ? colours.edge : colours.line;
      style.weight = thin ? 0 : level === "municipality" ? 0.5 : 0.8;
      if (thin && mark !== "." && inside(shape.code)) { style.weight = 0.6; style.color = solidOf(mark, colours); }
      style.stroke = style.weight > 0;
      recolour(shape.polygon, style);
    });
    groups.outline.eachLayer((line) => recolour(line, { color: colours.outline, weight: 1 }));
  }

  function recolour(layer, style) {
    for (const name of Object.keys(style)) {
      if (layer.options[name] === style[name]) continue;
      layer.options[name] = style[name];
      isRecoloured = true;
    }
  }

  function reachedTogether() {
    const all = new Set();
    for (const area of (wanted.marks && wanted.marks.areas) || []) runs(area).forEach((i) => all.add(i));
    return all;
  }

  // '.' none in the catalogue, '-' no data, digit: class, letter: the same class behind fewer than five cases;
  // '/', in the legend only: few cases, whatever the class.
  function fillOf(mark, colours) {
    if (mark === ".") return colours.land;
    if (mark === "-") return pattern("dots", colours.missing, colours.land);
    if (mark === "/") return pattern("lines", colours.few, colours.land);
    if (mark >= "a") return pattern("lines", colours.classes[mark.charCodeAt(0) - 97], colours.land);
    return colours.classes[+mark];
  }

  function solidOf(mark, colours) {
    if (mark === "-") return colours.missing;
    return colours.classes[mark >= "a" ? mark.charCodeAt(0) - 97 : +mark];
  }

  function pattern(kind, colour, ground) {
    const key = kind + colour + ground;
    if (!patterns[key]) patterns[key] = document.createElement("canvas").getContext("2d")
      .createPattern(patternTile(kind, colour, ground), "repeat");
    return patterns[key];
  }

  function patternTile(kind, colour, ground) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 6;
    const ctx = tile.getContext("2d");
    ctx.fillStyle = ground;
    ctx.fillRect(0, 0, 6, 6);
    if (kind === "dots") {
      ctx.fillStyle = colour;
      ctx.fillRect(0, 0, 2, 2);
      ctx.fillRect(3, 3, 2, 2);
      return tile;
    }
    ctx.strokeStyle = colour;
    ctx.lineWidth = 2;
    ctx.beginPath();
    for (const shift of [-6, 0, 6]) { ctx.moveTo(shift, 6); ctx.lineTo(shift + 6, 0); }
    ctx.stroke();
    return tile;
  }

  function insideTest(level) {
    const place = wanted.place;
    const regions = wanted.regions;
    if (!place && !regions.length) return () => true;
    const province = place.slice(0, 3); // a municipality is looked at within its province
    return (code) => {
      if (level === "region") return regions.includes(code) || config.regionOf[province] === code;
      const own = code.slice(0, 3);
      return place ? own === province : regions.includes(config.regionOf[own]);
    };
  }

  function drawFootprint() {
    groups.footprint.clearLayers();
    if (!shapes.municipality) return;
    const strong = runs(wanted.foot || []);
    shade([...reachedTogether()].filter((i) => !strong.has(i)), SOFT);
    shade([...strong], 0.8);
    for (const area of (wanted.marks && wanted.marks.areas) || []) drawBorder(runs(area), 1.2);
    if (strong.size) drawBorder(strong, 2);
  }

  // One layer for all, over the land, whose canvas stays as it is; and no seams between neighbours.
  function shade(positions, opacity) {
    if (!positions.length) return;
    groups.footprint.addLayer(L.polygon(positions.flatMap((i) => shapes.municipality[i].parts), {
      renderer: renderer, interactive: false, stroke: false, fillColor: config.palettes[theme].area, fillOpacity: opacity,
      fillRule: "nonzero", smoothFactor: 0.6,
    }));
  }

  // One line around all the municipalities of an initiative, none between them.
  function drawBorder(positions, weight) {
    const cities = shapes.municipality;
    const lines = layout.border([...positions].map((i) => cities[i]));
    groups.footprint.addLayer(L.polyline(lines, { renderer: renderer, interactive: false, color: config.palettes[theme].circle, weight: weight, smoothFactor: 0.6 }));
  }

  function drawHighlight() {
    groups.highlight.clearLayers();
    const colours = config.palettes[theme];
    for (const shape of chosenShapes()) {
      groups.highlight.addLayer(L.polygon(shape.parts, {
        renderer: renderer, interactive: false, fill: false, color: colours.highlight,
        weight: shape.code === wanted.place ? 3 : 2, smoothFactor: 0.6,
      }));
    }
  }

  function chosenShapes() {
    const codes = wanted.place ? [...wanted.regions, wanted.place] : wanted.regions;
    return codes.map(shapeOf).filter(Boolean);
  }

  function shapeOf(code) {
    const level = levelOf(code);
    return shapes[level] && shapes[level].byCode.get(code);
  }

  function levelOf(code) {
    return { 2: "region", 3: "province", 6: "municipality" }[code.length];
  }

  // Area proportional to the number; the unit grows a little as one comes nearer.
  function radiusOf(value) {
    const { unit, near, least, most } = config.radii;
    const grown = unit[wanted.level] * Math.max(0, Math.min(1.6, 1 + (map.getZoom() - 6) * near));
    return Math.min(most, Math.max(least, Math.min(grown, most / Math.sqrt(wanted.largest)) * Math.sqrt(value)));
  }

  /* The marks: a territory with its own initiatives, or one initiative of several territories. None is in two marks. */
  function marksOf() {
    const set = places[wanted.level], { at: where, n, v, shared } = wanted.marks;
    const inside = insideTest(wanted.level);
    const point = (from, i) => map.project([from.lat[i], from.lon[i]], map.getZoom());
    const marks = [];
    where.forEach((at, i) => {
      const value = v ? v[i] : n[i];
      if (value > 0 && inside(set.codes[at])) marks.push({ code: set.codes[at], n: n[i], value: value, ...xy(point(set, at)), at: [set.lat[at], set.lon[at]] });
    });
    const towns = places.municipality;
    for (const [row, at, isLead, value, area] of shared)
      if (value > 0) marks.push({ row: row, n: 1, value: value, area: area, isLead: Boolean(isLead), ...xy(point(towns, at)), at: [towns.lat[at], towns.lon[at]] });
    return marks;
  }

  function xy(point) { return { x: point.x, y: point.y }; }

  function drawCircles() {
    groups.circles.clearLayers();
    circles = [];
    if (wanted.kind !== "circles" || !wanted.marks) { markLead(); return; }
    const colours = config.palettes[theme];
    circles = layout.gather(marksOf(), radiusOf, config.radii.most);
    for (const circle of circles) {
      const { x, y, r, value, members } = circle;
      const soft = wanted.picked === undefined ? members.every((mark) => mark.row !== undefined) : members.every((mark) => mark.code !== wanted.picked);
      const Kind = members.length > 1 ? GatheredCircle : NumberedCircle;
      groups.circles.addLayer(new Kind(map.unproject([x, y], map.getZoom()), {
        renderer: renderer, interactive: false, radius: r, weight: soft ? 1.5 : 1,
        color: soft ? colours.circle : colours.land, fillColor: soft ? colours.area : colours.circle,
        fillOpacity: soft ? 0.9 : 0.92, ring: colours.circle,
        label: r >= config.radii.label || members.length > 1 ? number(rounded(value)) : "", // a counted mark says its number
        labelColor: soft ? colours.text : colours.onCircle,
      }));
    }
    markLead();
    explainMarks();
  }

  function rounded(value) { return Number(value.toFixed(6)); } // sums of shares

  function markLead() {
    const i = wanted.lead ? places.municipality.index.get(wanted.lead) : undefined;
    if (i === undefined) return;
    const colours = config.palettes[theme];
    const ring = L.circleMarker([places.municipality.lat[i], places.municipality.lon[i]], {
      renderer: renderer, interactive: false, radius: RING, weight: 3, color: colours.highlight, fill: false,
    });
    groups.circles.addLayer(ring);
  }

  // Where the middle of the ring is, in pixels of the frame; null if there is none.
  function ringAt() {
    const i = wanted.lead && places.municipality ? places.municipality.index.get(wanted.lead) : undefined;
    return i === undefined ? null : map.latLngToContainerPoint([places.municipality.lat[i], places.municipality.lon[i]]);
  }

  /* ---- words, numbers, tooltips ---- */

  function number(value) {
    const digits = Number.isInteger(value) ? 0 : value < 1 ? 2 : 1;
    const key = wanted.lang + digits;
    formats[key] = formats[key] ||
      new Intl.NumberFormat(wanted.lang, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: "always" });
    return formats[key].format(value);
  }

  function fill(text, values) {
    return text.replace(/%(\w)/g, (all, key) => (key in values ? values[key] : all));
  }

  function plural(words, n) {
    return fill(n === 1 ? words[0] : words[1], { n: number(n) });
  }

  // What a place is called on the map, on its own or with its name in a second official language.
  function nameOf(level, i, both) {
    const set = places[level];
    const name = (wanted.lang === "en" && set.en[i]) || set.name[i];
    return both && set.other[i] && wanted.lang !== "en" ? name + " / " + set.other[i] : name;
  }

  function nameOfCode(code) {
    const level = levelOf(code);
    return nameOf(level, places[level].index.get(code));
  }

  // Titles are in a hidden element of the page: messages contain no text of the catalogue.
  function titleOf(row) {
    if (config.titleOf) return config.titleOf(row);
    const box = window.parent.document.querySelector(".st-key-map_titles");
    const line = box && box.textContent.split("\n").find((one) => one.startsWith(row + "\t"));
    return line ? line.slice(line.indexOf("\t") + 1) : "";
  }

  function tooltip(target) {
    const box = document.createElement("div");
    for (const [kind, text] of target.circle ? circleLines(target.circle) : tooltipLines(target.code, target.level)) {
      const line = document.createElement("div");
      line.className = "atlas-tip-" + kind;
      line.textContent = text;
      box.appendChild(line);
    }
    return box;
  }

  function circleLines({ members, value }) {
    if (members.length === 1) return members[0].code ? tooltipLines(members[0].code, wanted.level) : sharedLines(members[0]);
    const words = wanted.words, n = members.reduce((sum, mark) => sum + mark.n, 0);
    if (wanted.picked !== undefined) return [["name", words.choose]];
    const lines = [["name", plural(words.count, n)]];
    for (const mark of members.slice(0, 5)) lines.push(["number", lineOf(mark)]);
    if (members.length > 5) lines.push(["number", "…"]);
    return lines.concat([["note", canList(members) ? words.choose : words.nearer]]);
  }

  function sharedLines(mark) {
    const words = wanted.words, title = titleOf(mark.row), i = nearestTown(mark);
    const lines = [["name", title || fill(words.shared, { n: number(sizeOf(mark)) })]];
    if (title) lines.push(["number", fill(words.shared, { n: number(sizeOf(mark)) })]);
    lines.push(["note", fill(mark.isLead ? words.lead : words.middle, { p: nameOf("municipality", i) })]);
    return lines;
  }

  // One line for a mark among others: a place with its number, or the title of an initiative.
  function lineOf(mark) {
    if (mark.code) return nameOf(wanted.level, places[wanted.level].index.get(mark.code)) + (wanted.picked === undefined ? ": " + number(rounded(mark.value)) : "");
    return titleOf(mark.row) || fill(wanted.words.shared, { n: number(sizeOf(mark)) });
  }

  function nearestTown(mark) {
    return wanted.marks.shared.find((one) => one[0] === mark.row)[1];
  }

  function sizeOf(mark) {
    if (wanted.marks.sizes) return wanted.marks.sizes[mark.row];
    return runs(wanted.marks.areas[mark.area]).size;
  }

  function tooltipLines(code, level) {
    const set = places[level];
    const i = set.index.get(code);
    const words = wanted.words;
    const lines = [["name", nameOf(level, i, true)]];
    if (!insideTest(level)(code)) return lines.concat([["note", words.outside]]);
    const people = set.population[i];
    const told = (text, d) => fill(text, { d: number(d) });
    if (level !== wanted.level) {
      if (wanted.picked === undefined && wanted.others[level]) lines.push(["number", countOf(level, i)]);
      if (people) lines.push(["base", told(words.people, people)]);
      return lines;
    }
    const mark = (wanted.classes && wanted.classes[i]) || ".";
    const n = wanted.n[i] || 0;
    if (mark === "-") return lines.concat([["note", words.missing]]);
    lines.push(["number", wanted.picked === undefined ? countOf(level, i) : n ? plural(words.count, n) : words.none]);
    if ((wanted.v || wanted.per) && n) lines.push(["value", fill(words.value, { v: number(valueAt(i)) })]);
    const base = wanted.d ? wanted.d[i] : people;
    if (base) lines.push(["base", told(wanted.d ? words.base : words.people, base)]);
    if (mark >= "a") lines.push(["note", words.small]);
    return lines;
  }

  function countOf(level, i) {
    const n = (level === wanted.level ? wanted.n : wanted.others[level])[i] || 0;
    return n ? plural(wanted.words.count, n) : wanted.words.none;
  }

  /* ---- legend: the same classes as the fills, from the same message ---- */

  function drawLegend() {
    const box = controls.legend.getContainer();
    const legend = wanted.legend;
    box.textContent = "";
    const details = document.createElement("details");
    details.open = controls.legend.open === undefined ? map.getSize().x > 560 : controls.legend.open;
    controls.legend.open = details.open;
    details.addEventListener("toggle", () => {
      if (controls.legend.open === details.open) return;
      controls.legend.open = details.open;
      if (follows) frameSubject(false);
      drawNames();
    });
    const title = document.createElement("summary");
    title.textContent = legend.title;
    details.appendChild(title);
    const list = document.createElement("ul");
    legend.items.forEach((item) => {
      const row = document.createElement("li");
      row.dataset.kind = item.several ? "several" : item.soft ? "shared" : "";
      row.className = "n" in item && !item.soft && !item.several ? "atlas-inline" : "";
      row.appendChild(swatch(item));
      const text = document.createElement("span");
      text.textContent = item.label;
      row.appendChild(text);
      list.appendChild(row);
    });
    details.appendChild(list);
    const note = document.createElement("p");
    note.textContent = legend.note;
    details.appendChild(note);
    box.appendChild(details);
    explainMarks();
  }

  // The legend explains shared and counted marks while there is one in the frame.
  function explainMarks() {
    const size = map.getSize();
    const seen = circles.filter(({ x, y, r }) => {
      const point = map.latLngToContainerPoint(map.unproject([x, y], map.getZoom()));
      return point.x > -r && point.y > -r && point.x < size.x + r && point.y < size.y + r;
    });
    const has = {
      several: seen.some(({ members }) => members.length > 1),
      shared: seen.some(({ members }) => members.some((mark) => mark.row !== undefined)),
    };
    for (const row of controls.legend.getContainer().querySelectorAll("li")) row.hidden = has[row.dataset.kind] === false;
  }

  function swatch(item) {
    const colours = config.palettes[theme];
    const canvas = document.createElement("canvas");
    const circle = "n" in item;
    const radius = circle ? radiusOf(item.n) : 0;
    const width = circle ? Math.max(20, Math.ceil(radius * 2) + 4 + (item.several ? 6 : 0)) : 22;
    const height = circle ? Math.max(14, Math.ceil(radius * 2) + 4 + (item.several ? 6 : 0)) : 14;
    canvas.width = width; canvas.height = height;
    canvas.setAttribute("aria-hidden", "true");
    const ctx = canvas.getContext("2d");
    if (circle) {
      ctx.beginPath();
      ctx.arc(width / 2, height / 2, radius, 0, 7);
      ctx.fillStyle = item.soft ? colours.area : colours.circle;
      ctx.fill();
      if (item.several) { ctx.beginPath(); ctx.arc(width / 2, height / 2, radius + 3, 0, 7); }
      if (item.soft || item.several) { ctx.strokeStyle = colours.circle; ctx.lineWidth = 1.5; ctx.stroke(); }
      return canvas;
    }
    ctx.fillStyle = fillOf(item.mark, colours);
    ctx.fillRect(0, 0, width, height);
    ctx.strokeStyle = colours.outline;
    ctx.strokeRect(0.5, 0.5, width - 1, height - 1);
    return canvas;
  }

  /* ---- buttons ---- */

  function buildControls() {
    controls.legend = plainControl("topright", "atlas-legend");
    controls.message = plainControl("bottomleft", "atlas-message");
    controls.message.getContainer().hidden = true;
    controls.hint = plainControl("bottomleft", "atlas-hint");
    controls.hint.getContainer().hidden = true;
    controls.bar = plainControl("topleft", "atlas-buttons");
    const bar = controls.bar.getContainer();
    controls.buttons = {};
    const entries = [
      ["in", "+", () => map.zoomIn()], ["out", "−", () => map.zoomOut()],
      ["home", "home", goHome], ["fit", "fit", goToSubject], ["names", "names", switchNames], ["full", "full", toggleFullscreen],
    ];
    for (const [name, face, action] of entries) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "atlas-button atlas-button-" + name;
      if (face.length === 1) button.textContent = face;
      else button.appendChild(icon(face));
      button.addEventListener("click", action);
      bar.appendChild(button);
      controls.buttons[name] = button;
    }
  }

  const ICONS = {
    home: "M3 11 L12 4 L21 11 M6 10 V20 H18 V10",
    fit: "M4 9 V4 H9 M15 4 H20 V9 M20 15 V20 H15 M9 20 H4 V15 M9 12 H15 M12 9 V15",
    names: "M5 20 L12 4 L19 20 M8 14 H16",
    full: "M4 9 V4 H9 M15 4 H20 V9 M20 15 V20 H15 M9 20 H4 V15",
  };

  function icon(name) {
    const ns = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(ns, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(ns, "path");
    path.setAttribute("d", ICONS[name]);
    svg.appendChild(path);
    return svg;
  }

  function plainControl(position, className) {
    const control = L.control({ position: position });
    control.onAdd = function () {
      const box = L.DomUtil.create("div", className);
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
      return box;
    };
    return control.addTo(map);
  }

  function setWords() {
    const words = wanted.words;
    for (const name of Object.keys(controls.buttons)) {
      controls.buttons[name].setAttribute("aria-label", words.buttons[name]);
      controls.buttons[name].title = words.buttons[name];
    }
    controls.buttons.names.setAttribute("aria-pressed", String(withNames));
    map.getContainer().setAttribute("aria-label", words.map);
    document.documentElement.lang = wanted.lang;
    document.title = words.map;
    describeFrame(words.map + ": " + wanted.legend.title);
    controls.hint.getContainer().textContent = words.hint;
  }

  // Streamlit gives the frame a technical title, so it is described by the view in words on the page.
  function describeFrame(title) {
    const frame = window.frameElement;
    if (!frame) return;
    document.querySelectorAll('meta[name="viewport"]').forEach((meta) => meta.remove()); // folium's viewport forbids zooming
    const view = frame.ownerDocument.querySelector(".st-key-view_words");
    frame.setAttribute("title", title);
    if (view) view.id = "atlas-view-words";
    frame.setAttribute("aria-describedby", "atlas-view-words");
  }

  /* ---- where the map goes ---- */

  function showItaly() {
    move(() => map.setView([42, 12.5], 5, { animate: false }));
  }

  // What is looked at: the open initiative, the chosen place, the chosen regions, or the country; and how near at most.
  function subjectShapes() {
    if (!wanted || wanted.picked !== undefined) return [shapes.region, 12];
    const foot = wanted.foot && shapes.municipality ? [...runs(wanted.foot)].map((i) => shapes.municipality[i]) : [];
    if (foot.length) return [foot, FRAMED.initiative];
    const place = wanted.place && shapeOf(wanted.place);
    if (place) return [[place], FRAMED[place.level]];
    const chosen = wanted.regions.map(shapeOf).filter(Boolean);
    return chosen.length ? [chosen, FRAMED.region] : [shapes.region, 12];
  }

  // The nearest view that holds all of it, clear of the legend and the buttons.
  function frameShapes(list, nearest, animate) {
    const size = map.getSize();
    // A frame without a size cannot be fitted (Leaflet would compute an infinite zoom); it is fitted once it has one.
    if (size.x < 120 || size.y < 120 || !list) return;
    const flat = list.map(flatOf);
    const most = wanted && wanted.at ? Math.min(nearest, STAGE_ZOOM) : nearest;
    const [x, y, zoom] = layout.frame(flat, [size.x, size.y], takenBoxes(), 10, most);
    // At once it is placed anew: Leaflet would pan there by whole pixels, and the place would depend on the one before.
    move(() => map.setView(map.unproject([x, y], 0), Math.max(map.getMinZoom(), zoom), { animate: animate, reset: !animate }));
  }

  // A shape in pixels of zoom 0.
  function flatOf(shape) {
    if (!shape.flat) {
      const parts = shape.parts.map((rings) => rings.map((ring) => ring.map(([lat, lng]) => { const p = map.project([lat, lng], 0); return [p.y, p.x]; })));
      shape.flat = { parts: parts, box: layout.boxOf(parts) };
    }
    return shape.flat;
  }

  function frameSubject(animate) {
    if (shapes.region) frameShapes(...subjectShapes(), animate);
  }

  // An open legend keeps the room of the longest one: another measure moves nothing.
  function takenBoxes() {
    const own = map.getContainer().getBoundingClientRect();
    const boxes = [];
    for (const control of [controls.legend, controls.bar]) {
      const box = control.getContainer().getBoundingClientRect();
      if (!box.width) continue;
      const isLegend = control === controls.legend && controls.legend.open;
      const left = isLegend ? Math.min(box.left, box.right - LEGEND) : box.left;
      const bottom = isLegend ? Math.max(box.bottom, box.top + legendRoom()) : box.bottom;
      boxes.push([left - own.left - 8, box.top - own.top - 8, box.right - own.left + 8, bottom - own.top + 8]);
    }
    return boxes;
  }

  function legendRoom() {
    return Math.min(260, map.getSize().y * 0.46);
  }

  function move(action) {
    const arrive = () => { moving = false; readCentre(); };
    moving = true;
    map.once("moveend", arrive);
    action();
    clearTimeout(controls.arrival);
    controls.arrival = setTimeout(arrive, 1000); // a movement that another has cut short
  }

  // Moved by hand: until the page knows, no message moves the map.
  function leave() {
    follows = false;
    toldAt = Date.now();
  }

  function goToSubject() {
    follows = true;
    frameSubject(true);
    tellFramingSoon();
  }

  function goHome() {
    follows = subjectShapes()[0] === shapes.region;
    frameShapes(shapes.region, 12, true);
    tellFramingSoon();
  }

  // The address of the page contains where the map was moved: sent once the map is still.
  function tellFramingSoon() {
    clearTimeout(tellTimer);
    tellTimer = setTimeout(tellFraming, TOLD_AFTER);
  }

  // isLast: the pointer leaves in the middle of a zoom, whose end is known already.
  function tellFraming(isLast) {
    clearTimeout(tellTimer);
    if (!wanted || wanted.at || wanted.picked !== undefined || moving || (map._animatingZoom && !isLast)) return;
    const to = wanted.framing;
    if (follows ? !to : to && isAt(to)) return;
    const framing = follows ? null : view(), text = JSON.stringify(framing);
    if (controls.told === text && (wanted.heard || 0) < toldAt) return; // the page has not answered yet
    controls.told = text;
    toldAt = Date.now();
    window.Streamlit.setComponentValue({ framing: framing, t: toldAt });
  }

  /* ---- names ---- */

  function switchNames() {
    withNames = !withNames;
    try { localStorage.setItem(NAMES_KEY, withNames ? "1" : "0"); } catch (e) { /* storage may be blocked */ }
    controls.buttons.names.setAttribute("aria-pressed", String(withNames));
    drawNames();
  }

  // The most important first; what has no room is left out.
  function candidates() {
    const zoom = map.getZoom(), found = [], seen = new Set();
    const bounds = map.getBounds();
    const ring = ringAt();
    // What stands inside the ring is named outside it.
    const outside = ({ x, y }, gap) => {
      const away = ring ? Math.hypot(x - ring.x, y - ring.y) : Infinity;
      return away < RING ? Math.max(gap, away + RING + 3) : gap;
    };
    const add = (level, i, size, weight, gap) => {
      const key = level + i, set = places[level];
      if (seen.has(key) || !bounds.contains([set.lat[i], set.lon[i]])) return;
      seen.add(key);
      const point = map.latLngToContainerPoint([set.lat[i], set.lon[i]]);
      const forms = level === "region" ? formsOf(i) : [[nameOf(level, i, true)]];
      found.push({ forms: forms, code: set.codes[i], area: i, x: point.x, y: point.y, size: size, weight: weight, gap: gap && outside(point, gap) });
    };
    for (const { members, x, y, r } of circles) {
      if (!members.every((mark) => mark.row !== undefined) || new Set(members.map((mark) => mark.area)).size > 1) continue;
      const point = map.latLngToContainerPoint(map.unproject([x, y], zoom));
      const words = fill(wanted.words.size, { n: number(sizeOf(members[0])) });
      found.push({ forms: [[words]], x: point.x, y: point.y, size: 12, weight: 600, gap: outside(point, r + (members.length > 1 ? 6 : 3)), always: true });
    }
    if (!withNames) return found;
    const towns = places.municipality;
    if (zoom < OPENS[0] + 0.5) towns && places.region.codes.forEach((code, i) => add("region", i, 13, 600));
    for (const { members, r } of circles) {
      if (members.length > 1 || !members[0].code) continue;
      const level = wanted.level, i = places[level].index.get(members[0].code);
      if (level !== "region") add(level, i, 12, 600, r + 3);
    }
    if (zoom >= OPENS[0] - 0.5) towns.capitals.forEach((i) => add("municipality", i, 12, 400, 4));
    const least = zoom >= 11 ? 0 : zoom >= 10 ? 8000 : zoom >= 9 ? 20000 : zoom >= 8 ? 60000 : Infinity;
    if (least < Infinity) {
      const larger = [];
      towns.population.forEach((people, i) => { if ((people || 0) >= least) larger.push(i); });
      larger.sort((a, b) => (towns.population[b] || 0) - (towns.population[a] || 0));
      larger.forEach((i) => add("municipality", i, 12, 400, 4));
    }
    return found;
  }

  // A region's name in lines, the best first: both names, then only that of the page's language.
  function formsOf(i) {
    const both = nameOf("region", i, true), own = nameOf("region", i);
    const forms = [broken(both), broken(both).flatMap(broken), broken(own), [own]];
    return forms.filter((form, at) => forms.findIndex((one) => one.join("\n") === form.join("\n")) === at);
  }

  // Long names are split into two lines.
  function broken(name) {
    if (name.length < 13) return [name];
    const cut = [" / ", "-", " "].map((sign) => [name.indexOf(sign), sign]).find(([at]) => at > 0);
    if (!cut) return [name];
    const [at, sign] = cut;
    return sign === "-" ? [name.slice(0, at + 1), name.slice(at + 1)] : [name.slice(0, at), name.slice(at + sign.length)];
  }

  // Whose each place of the frame is, of some shapes; of the regions it is kept until the map moves.
  function groundOf(list) {
    const corner = map.project(map.containerPointToLatLng([0, 0]), map.getZoom()), size = map.getSize();
    const view = [corner.x, corner.y, map.getZoom(), size.x, size.y].join();
    if (list === shapes.region && regionGround.view === view) return regionGround.found;
    const found = layout.groundOf(list.map(flatOf), { scale: 2 ** map.getZoom(), dx: -corner.x, dy: -corner.y }, [size.x, size.y]);
    if (list === shapes.region) regionGround = { view: view, found: found };
    return found;
  }

  // The territories of the frame whose colour says a value.
  function valuedShapes() {
    if (wanted.kind !== "fills" || groups.land.level !== wanted.level) return [];
    const frame = map.getBounds(), [s, w, n, e] = [frame.getSouth(), frame.getWest(), frame.getNorth(), frame.getEast()];
    return shapes[wanted.level].filter((shape, i) => {
      const [south, west, north, east] = shape.box;
      return wanted.classes[i] && wanted.classes[i] !== "." && south <= n && north >= s && west <= e && east >= w;
    });
  }

  // Drawing and resizing move the map several times; the names, which cost the most, are placed once, at the end.
  function nameOnce(action) {
    const isOuter = !holding;
    holding = true;
    try { action(); } finally { if (isOuter) holding = false; }
    if (isOuter) drawNames();
  }

  function drawNames() {
    if (holding) return;
    const canvas = controls.names;
    placedNames = [];
    if (!wanted || !places.region || !groups.land._map || map._animatingZoom) return;
    const size = map.getSize(), ratio = paper ? 2 : window.devicePixelRatio || 1;
    if (canvas.width !== size.x * ratio || canvas.height !== size.y * ratio) {
      canvas.width = size.x * ratio;
      canvas.height = size.y * ratio;
      canvas.style.width = size.x + "px";
      canvas.style.height = size.y + "px";
    }
    L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
    canvas.style.visibility = "";
    const ctx = canvas.getContext("2d"), colours = config.palettes[theme];
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, size.x, size.y);
    const font = (name) => name.weight + " " + name.size + "px 'Source Sans', system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif";
    const names = candidates().map((name) => {
      ctx.font = font(name);
      const forms = name.forms.map((lines) => ({
        lines: lines, width: Math.max(...lines.map((line) => ctx.measureText(line).width)), height: lines.length * (name.size + 1),
      }));
      return Object.assign(name, { forms: forms });
    });
    const standing = circles.map(({ x, y, r, members }) => {
      const point = map.latLngToContainerPoint(map.unproject([x, y], map.getZoom()));
      return { x: point.x, y: point.y, r: r + (members.length > 1 ? 4 : 1) };
    });
    const ring = ringAt();
    if (ring) standing.push({ x: ring.x, y: ring.y, r: RING + 2 });
    // Municipalities too small for a polygon are marks, which no name covers.
    const valued = valuedShapes(), areMarks = groups.land.thin && valued.length <= MARKS;
    if (areMarks) for (const { code } of valued) { const [x, y] = pointOf(code); standing.push({ x: x, y: y, r: 3 }); }
    const ground = names.some((name) => name.gap === undefined) ? groundOf(shapes.region) : null;
    const coloured = valued.length && !groups.land.thin ? groundOf(valued) : null;
    placedNames = layout.placeNames(names, standing, takenBoxes(), [size.x, size.y], 150, ground, coloured);
    ctx.textBaseline = "top";
    ctx.lineJoin = "round";
    for (const name of placedNames) {
      ctx.font = font(name);
      ctx.textAlign = name.gap === undefined ? "center" : "left";
      name.lines.forEach((line, i) => {
        const x = name.gap === undefined ? name.left + name.width / 2 : name.left, y = name.top + i * (name.size + 1);
        ctx.strokeStyle = colours.line;
        ctx.lineWidth = 3;
        ctx.strokeText(line, x, y);
        ctx.fillStyle = colours.text;
        ctx.fillText(line, x, y);
      });
    }
  }

  function toggleFullscreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen().catch(failed);
  }

  function onFullscreen() {
    const on = Boolean(document.fullscreenElement);
    document.documentElement.classList.toggle("atlas-full", on);
    if (on) { map.dragging.enable(); map.scrollWheelZoom.enable(); }
    else { if (L.Browser.mobile) map.dragging.disable(); map.scrollWheelZoom.disable(); }
    setTimeout(() => map.invalidateSize(), 0);
  }

  /* ---- what a person does ---- */

  /* What the pointer is on, and what a click opens: one and the same. */

  function hearPointer() {
    const box = map.getContainer();
    document.addEventListener("pointerdown", (event) => {
      pressed = { touch: event.pointerType === "touch", swallowed: closeOpenThings(event) };
      controls.isReading = false;
      box.classList.remove("atlas-reading");
      map.closeTooltip(controls.centreTip);
      if (pressed.touch) unhover();
    }, true);
    box.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch" || event.buttons || isOnControl(event)) { if (isOnControl(event)) unhover(); return; }
      hover(targetAt(map.mouseEventToContainerPoint(event), 3), map.mouseEventToContainerPoint(event));
    });
    box.addEventListener("pointerleave", (event) => { if (event.pointerType !== "touch") unhover(); });
    map.on("dragstart zoomstart", unhover);
    map.on("click", (event) => {
      const click = event.originalEvent;
      if (!wanted || wanted.at || pressed.swallowed || click.detail > 1) return;
      const point = map.mouseEventToContainerPoint(click);
      const target = targetAt(point, toleranceOf(pressed.touch));
      if (!target) return;
      if (pressed.touch) hover(target, point);
      open(target);
    });
  }

  function isOnControl(event) {
    return Boolean(event.target.closest && event.target.closest(".leaflet-control, .atlas-list"));
  }

  // Pixels around a mark that still mean it: a finger covers more than a mouse points at.
  function toleranceOf(touch) { return touch ? 8 : 3; }

  function targetAt(point, tolerance) {
    if (!wanted || moving || !groups.land._map) return null;
    const zoom = map.getZoom(), at = map.project(map.containerPointToLatLng(point), zoom);
    let circle = null, best = Infinity;
    for (const one of circles) {
      const away = Math.hypot(one.x - at.x, one.y - at.y) - one.r;
      if (away <= tolerance && away < best) { circle = one; best = away; }
    }
    if (circle) return { circle: circle, key: circle.members.map((mark) => mark.code || mark.row).join() };
    const { lat, lng } = map.unproject(at, zoom);
    return landAt(lat, lng);
  }

  function find(level, lat, lng) {
    return shapes[level] && shapes[level].find((shape) => layout.contains(shape, lat, lng));
  }

  // A region at the scale of Italy, then a province, then a municipality, whatever the marks stand for.
  function landAt(lat, lng) {
    const region = find("region", lat, lng);
    if (!region) return null;
    if (wanted.picked !== undefined) return wanted.level === "region" ? targetOf(region) : null;
    const byZoom = OPENS.filter((zoom) => map.getZoom() >= zoom).length;
    const regions = wanted.place ? [config.regionOf[wanted.place.slice(0, 3)] || wanted.place.slice(0, 2)] : wanted.regions;
    if (regions.length && !regions.includes(region.code)) return targetOf(region);
    const province = find("province", lat, lng);
    let depth = regions.length === 1 ? Math.max(1, byZoom) : byZoom;
    if (province && wanted.place) depth = wanted.place.slice(0, 3) === province.code ? 2 : 1;
    if (depth === 1 && province && isAlone(province.code)) depth = 2; // the province is the region that is open
    return targetOf(depth === 0 ? region : depth === 1 ? province : find("municipality", lat, lng));
  }

  function isAlone(code) {
    return Object.values(config.regionOf).filter((region) => region === config.regionOf[code]).length === 1;
  }

  function targetOf(shape) {
    return shape ? { code: shape.code, level: shape.level, key: shape.code } : null;
  }

  function hover(target, point) {
    if (!target) { unhover(); return; }
    if (!hovered || hovered.key !== target.key) {
      unhover();
      hovered = target;
      map.getContainer().classList.toggle("atlas-hot", !wanted.at);
      outlineHovered();
      controls.tip.setContent(tooltip(target));
    }
    const at = target.circle ? map.unproject([target.circle.x, target.circle.y], map.getZoom()) : map.containerPointToLatLng(point);
    controls.tip.options.offset = target.circle ? [target.circle.r + 6, 0] : [14, 0];
    map.openTooltip(controls.tip.setLatLng(at));
  }

  function outlineHovered() {
    const mark = hovered.circle && hovered.circle.members.length === 1 && hovered.circle.members[0];
    const code = hovered.code || (mark && mark.code);
    const shape = code && shapeOf(code);
    if (!shape || wanted.at) return;
    controls.hoverLine = L.polygon(shape.parts, { renderer: controls.hoverRenderer, interactive: false, fill: false, color: config.palettes[theme].text, weight: 1.5, smoothFactor: 0.6 }).addTo(map);
  }

  function unhover() {
    hovered = null;
    if (!map) return;
    map.closeTooltip(controls.tip);
    map.getContainer().classList.remove("atlas-hot");
    if (controls.hoverLine) { controls.hoverLine.remove(); controls.hoverLine = null; }
  }

  function open(target) {
    if (target.code) send({ code: target.code, level: target.level });
    else if (target.circle.members.length === 1) openMark(target.circle.members[0]);
    else if (canList(target.circle.members)) showList(target.circle);
    else { leave(); map.fitBounds(L.latLngBounds(target.circle.members.map((mark) => mark.at)), { padding: [60, 60], maxZoom: 12, animate: true }); }
  }

  function openMark(mark) {
    if (mark.code) send({ code: mark.code, level: wanted.level });
    else send({ row: mark.row });
  }

  // So close together that zooming in would not soon separate them.
  function canList(members) {
    if (members.length > LISTED) return false;
    const x = members.reduce((sum, mark) => sum + mark.x, 0) / members.length, y = members.reduce((sum, mark) => sum + mark.y, 0) / members.length;
    return map.getZoom() >= 12 || members.every((mark) => Math.hypot(mark.x - x, mark.y - y) <= NEAR);
  }

  function showList(circle) {
    closeList();
    unhover();
    const list = document.createElement("ul");
    list.className = "atlas-list";
    list.setAttribute("aria-label", plural(wanted.words.count, circle.members.reduce((sum, mark) => sum + mark.n, 0)));
    for (const mark of circle.members) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = lineOf(mark);
      button.addEventListener("click", () => { closeList(); openMark(mark); });
      list.appendChild(document.createElement("li")).appendChild(button);
    }
    L.DomEvent.disableClickPropagation(list);
    L.DomEvent.disableScrollPropagation(list);
    map.getContainer().appendChild(list);
    const point = map.latLngToContainerPoint(map.unproject([circle.x, circle.y], map.getZoom())), size = map.getSize();
    list.style.left = Math.max(4, Math.min(point.x + circle.r + 8, size.x - list.offsetWidth - 4)) + "px";
    list.style.top = Math.max(4, Math.min(point.y - 20, size.y - list.offsetHeight - 4)) + "px";
    controls.list = list;
    if (controls.isReading) list.querySelector("button").focus();
  }

  function closeList() {
    if (!controls.list) return false;
    controls.list.remove();
    controls.list = null;
    return true;
  }

  // A click beside an open list of the map or of the page only closes it. The frame takes no focus, so it is closed here.
  function closeOpenThings(event) {
    if (isOnControl(event)) return false;
    if (closeList()) return true;
    const page = window.parent.document;
    if (window.parent === window || !page.querySelector("[role=listbox], [role=menu], [data-testid=stPopoverBody]")) return false;
    const at = page.activeElement || page.body;
    for (const [Kind, name] of [[PointerEvent, "pointerdown"], [MouseEvent, "mousedown"], [PointerEvent, "pointerup"], [MouseEvent, "mouseup"], [MouseEvent, "click"]])
      page.body.dispatchEvent(new Kind(name, { bubbles: true, cancelable: true, pointerType: "mouse", button: 0 }));
    at.blur();
    return true;
  }

  // Pressing the mouse button must not move focus or page: the map would be elsewhere on release.
  function takeNoFocus() {
    const box = map.getContainer();
    L.DomEvent.off(box, "mousedown", map.keyboard._onMouseDown, map.keyboard);
    document.addEventListener("mousedown", (event) => {
      if (!event.target.closest("summary, a, input")) event.preventDefault();
    });
  }

  function view() {
    return [map.getCenter().lat, map.getCenter().lng, map.getZoom()];
  }

  // The presenter's keys also work after touching the map, when the frame has the keyboard focus.
  function tellStage(event) {
    if (!STAGE_KEYS.includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    window.parent.focus(); // the next slide may have no map: a hidden frame would swallow further keys
    window.parent.document.body.dispatchEvent(
      new KeyboardEvent("keydown", { key: event.key, code: event.code, keyCode: event.keyCode, bubbles: true, cancelable: true })
    );
  }

  // The time makes a second click on the same mark a new value.
  function send(value) {
    clearTimeout(tellTimer);
    window.Streamlit.setComponentValue(Object.assign(value, { t: Date.now() }));
  }

  /* With the keyboard: arrows move the map, the territory under the cross in the middle is read out, Enter opens it. */

  function buildReader() {
    const box = map.getContainer();
    const cross = document.createElement("div");
    cross.className = "atlas-cross";
    cross.setAttribute("aria-hidden", "true");
    box.appendChild(cross);
    controls.reader = document.createElement("div");
    controls.reader.className = "atlas-reader";
    controls.reader.setAttribute("role", "status");
    document.body.appendChild(controls.reader);
    map.on("moveend", readCentre);
    box.addEventListener("focus", () => { controls.isReading = true; box.classList.add("atlas-reading"); readCentre(); });
    box.addEventListener("blur", () => {
      controls.isReading = false;
      box.classList.remove("atlas-reading");
      map.closeTooltip(controls.centreTip);
    });
    box.addEventListener("keydown", (event) => {
      if (event.target !== box || event.key === "Tab") return;
      controls.isReading = true; // a press of the mouse has put the cross away
      box.classList.add("atlas-reading");
      const found = event.key === "Enter" && !wanted.at && targetAt(map.getSize().divideBy(2), 3);
      if (found) open(found);
    });
    controls.centreTip = L.tooltip({ className: "atlas-tip", opacity: 1, direction: "top", offset: [0, -12] });
  }

  // Only with the keyboard: the territory under the cross is read out and shown.
  function readCentre() {
    if (!controls.isReading || !wanted || !groups.land._map) return;
    const found = targetAt(map.getSize().divideBy(2), 3);
    const lines = found ? (found.circle ? circleLines(found.circle) : tooltipLines(found.code, found.level)) : [];
    controls.reader.textContent = lines.map((line) => line[1]).join(". ");
    if (found) map.openTooltip(controls.centreTip.setLatLng(map.getCenter()).setContent(tooltip(found)));
    else map.closeTooltip(controls.centreTip);
  }

  function onKey(event) {
    if (event.key !== "Escape" || document.fullscreenElement || !wanted || wanted.at || closeList()) return;
    if (wanted.place || wanted.regions.length || wanted.foot) send({ up: true });
  }

  // Escape leads back from anywhere on the page, but not when it closes a list or leaves a field.
  function hearPage() {
    const page = window.parent.document;
    const taken = "input, textarea, select, [contenteditable=true], [role=listbox], [role=dialog], [role=menu]";
    const onPageKey = (event) => {
      if (wanted && wanted.at) return;
      if (event.target.closest && event.target.closest(taken)) return;
      if (!page.querySelector("[role=listbox], [role=dialog], [role=menu], [data-testid=stPopoverBody]")) onKey(event);
    };
    // When the pointer leaves the map its position is sent, so that the next click already knows it.
    const onLeave = () => { if (tellTimer || map._animatingZoom) tellFraming(true); };
    const heard = [["keydown", onPageKey], ["pointerdown", onLeave], ["focusin", onLeave]];
    for (const [name, action] of heard) page.addEventListener(name, action, true);
    map.getContainer().addEventListener("pointerleave", onLeave);
    window.addEventListener("pagehide", () => {
      for (const [name, action] of heard) page.removeEventListener(name, action, true);
    });
  }

  // The wheel scrolls the page; with Ctrl or ⌘ it zooms the map.
  function onWheel(event) {
    if (document.fullscreenElement) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      map.setZoomAround(map.mouseEventToLatLng(event), map.getZoom() + (event.deltaY < 0 ? 1 : -1));
      return;
    }
    const hint = controls.hint.getContainer();
    hint.hidden = false;
    clearTimeout(controls.hint.timer);
    controls.hint.timer = setTimeout(() => { hint.hidden = true; }, 1500);
  }

  function onZoom() {
    if (!wanted || !groups.land._map) return;
    const thin = groups.land.level === "municipality" && map.getZoom() < POLYGON_ZOOM;
    if (thin !== groups.land.thin) colourLand(groups.land.level);
    drawCircles();
    drawLegend();
    repaint();
    drawNames();
  }

  /* Leaflet animates by script: with reduced motion the final view is shown at once. */
  function obeyReducedMotion() {
    const still = window.matchMedia("(prefers-reduced-motion: reduce)");
    const { setView, panBy } = map;
    const calm = (options) => (still.matches ? { ...options, animate: false, zoom: { animate: false }, pan: { animate: false } } : options);
    map.setView = (centre, zoom, options) => setView.call(map, centre, zoom, calm(options));
    map.panBy = (offset, options) => panBy.call(map, offset, calm(options));
    map.on("dragstart", () => { map.options.inertia = !still.matches; });
  }

  /* ---- theme and the optional background ---- */

  function readTheme() {
    const ground = getComputedStyle(document.documentElement).getPropertyValue("--background-color").trim();
    const hex = /^#([0-9a-f]{6})/i.exec(ground);
    if (!hex) return "light";
    const value = parseInt(hex[1], 16);
    return ((value >> 16) * 3 + ((value >> 8) & 255) * 6 + (value & 255)) / 10 < 128 ? "dark" : "light";
  }

  // The theme of the window; on the stage that of the projector, which the message names.
  let ofWindow = "";
  function onThemeMaybe(event) {
    ofWindow = (event.detail && event.detail.theme && event.detail.theme.base) || ofWindow;
    if (takeTheme() && wanted) draw();
  }

  function takeTheme() {
    const base = (wanted && wanted.theme) || ofWindow;
    if (!base || base === theme) return false;
    theme = base === "dark" ? "dark" : "light";
    applyTheme();
    return true;
  }

  function applyTheme() {
    document.documentElement.dataset.theme = theme;
    map.getContainer().style.background = config.palettes[theme].sea;
  }

  // Tiles come from the operator's tile host, and only with the visitor's consent.
  function showTiles() {
    const on = Boolean(wanted && wanted.tiles && config.tiles);
    if (on && !tiles) {
      tiles = L.tileLayer(config.tiles.url).addTo(map);
      map.attributionControl.addAttribution(config.tiles.attribution);
    } else if (!on && tiles) {
      map.attributionControl.removeAttribution(config.tiles.attribution);
      map.removeLayer(tiles);
      tiles = null;
    }
    document.documentElement.classList.toggle("atlas-tiles", on);
  }

  /* ---- what the tests and the benchmark read ---- */

  function inspect() {
    const state = { ready: false, paints: paints, zoom: map && map.getZoom(), theme: theme };
    if (!wanted || !places[wanted.level] || !groups.land._map) return state;
    const counts = {}, values = {}, marks = {};
    const set = places[wanted.level];
    wanted.n.forEach((n, i) => { if (n) counts[set.codes[i]] = n; });
    if (wanted.v || wanted.per) wanted.n.forEach((n, i) => { const v = valueAt(i); if (v) values[set.codes[i]] = v; });
    if (wanted.classes) wanted.classes.forEach((c, i) => { if (c !== ".") marks[set.codes[i]] = c; });
    const foot = [...runs(wanted.foot || [])].map((i) => places.municipality.codes[i]);
    return Object.assign(state, {
      ready: Boolean(shapes.municipality) && !moving && !sizing && !due, level: wanted.level, drawn: groups.land.level, kind: wanted.kind,
      counts: counts, values: values, marks: marks, foot: foot, lead: wanted.lead || "",
      circles: circles.map((circle) => {
        const point = map.latLngToContainerPoint(map.unproject([circle.x, circle.y], map.getZoom()));
        const members = circle.members.map((mark) => ({ code: mark.code || "", row: mark.row === undefined ? -1 : mark.row, n: mark.n, value: mark.value }));
        return { x: point.x, y: point.y, r: circle.r, value: circle.value, members: members };
      }),
      names: placedNames.map((name) => ({ text: name.lines.join(" "), code: name.code || "", isOnArea: name.gap === undefined, box: [name.left, name.top, name.left + name.width, name.top + name.height] })),
      polygons: groups.land.getLayers().length, legend: controls.legend.getContainer().innerText,
      taken: takenBoxes(), follows: follows, hovered: hovered && hovered.key,
    });
  }

  // What a click at a point of the frame would open, in the words and with the code of the bubble: the tests compare.
  function targetOfPoint(x, y, touch) {
    const target = targetAt(L.point(x, y), toleranceOf(touch));
    return target && { code: target.code || "", level: target.level || "", key: target.key, lines: target.circle ? circleLines(target.circle) : tooltipLines(target.code, target.level) };
  }

  // Show a place at once, as a hand would, without telling the page.
  function show(lat, lng, zoom) {
    move(() => map.setView([lat, lng], zoom, { animate: false }));
    follows = false;
  }

  // On paper: the sheet gives the frame its size, whatever the window has; what was framed is framed again, twice as sharp.
  function setPaper(on) {
    if (!map || !wanted || Boolean(paper) === on) return;
    const before = paper || { bounds: map.getBounds(), centre: map.getCenter(), zoom: map.getZoom(), follows: follows, open: controls.legend.open };
    paper = on ? before : null;
    controls.legend.open = on || before.open;
    L.Browser.retina = on || window.devicePixelRatio > 1;
    const frameAgain = () => {
      if (before.follows) frameSubject(false);
      else move(() => (on ? map.fitBounds(before.bounds, { animate: false }) : map.setView(before.centre, before.zoom, { animate: false })));
      follows = before.follows;
    };
    // The frame may get its size only later: it is framed again at that moment, and then left alone.
    map.off("resize", framedAgain);
    framedAgain = frameAgain;
    map.invalidateSize({ pan: false, animate: false });
    frameAgain();
    map.on("resize", framedAgain);
    setTimeout(() => { if (!paper) map.off("resize", framedAgain); }, 1500);
    draw();
  }

  // The box of a territory in the frame, in pixels: [left, top, right, bottom].
  function boxOf(code) {
    const shape = shapeOf(code);
    if (!shape) return null;
    const [south, west, north, east] = shape.box;
    const a = map.latLngToContainerPoint([north, west]), b = map.latLngToContainerPoint([south, east]);
    return [a.x, a.y, b.x, b.y];
  }

  // Where a territory is on the screen, in pixels of the frame: the tests click there.
  function pointOf(code) {
    const level = levelOf(code);
    const i = places[level].index.get(code);
    const point = map.latLngToContainerPoint([places[level].lat[i], places[level].lon[i]]);
    return [point.x, point.y];
  }

  return { know: know, start: start, paint: paint, inspect: inspect, pointOf: pointOf, boxOf: boxOf, show: show, targetOfPoint: targetOfPoint,
           tooltipLines: tooltipLines, nameOf: nameOfCode, view: view, setPaper: setPaper };
})();
