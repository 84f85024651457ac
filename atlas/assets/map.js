/* The atlas map, drawn inside the frame that streamlit-folium makes.
 *
 * It owns geometry, marks, legend, tooltips and buttons. Python sends one small message per change (see
 * atlas/figures/maps.py, `MapMessage`): codes, numbers and words of the interface, never text from the catalogue.
 * Names of places come from the boundary files and are written with textContent only.
 * The base map's script never changes, so the frame is never remade and pan and zoom stay where they are.
 */
window.atlasMap = (function () {
  "use strict";

  const ITALY = [[35.4, 6.5], [47.15, 18.6]];
  const VIEW_KEY = "atlas.map.view";
  const DIGITS = {};
  [..."0123456789abcdefghijklmnopqrstuvABCDEFGHIJKLMNOPQRSTUVWXYZwxyz-_"].forEach((sign, i) => { DIGITS[sign] = i; });
  const STAGE_ZOOM = 8; // an audience has to see in which part of the country it is
  const STAGE_KEYS = ["ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Escape", "n"];
  const SOFT = 0.45; // how much of its colour an area shows
  const POLYGON_ZOOM = 8; // from here on single municipalities are large enough to be told apart
  let map, config, renderer, theme;
  let wanted = null; // the last message; kept until the geometry it needs has come
  let paints = 0;
  let tiles = null;
  let atHome = false; // the whole of Italy stays in view when the frame changes its size
  let moving = false;
  const files = {}; // name -> promise of parsed JSON
  const places = {}; // level -> {codes, index, name, lat, lon, population}
  const shapes = {}; // level -> [polygon by position]
  const groups = {}; // name -> L.FeatureGroup
  const controls = {};
  const patterns = {};
  const formats = {}; // making one costs more than using it

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

  function start(leafletMap, options) {
    map = leafletMap;
    config = options;
    theme = readTheme();
    renderer = L.canvas({ padding: 0.4, tolerance: 3 });
    obeyReducedMotion();
    map.attributionControl.setPrefix(false);
    map.getContainer().setAttribute("role", "application");
    if (L.Browser.mobile) map.dragging.disable(); // one finger scrolls the page, two move the map
    for (const name of ["land", "outline", "footprint", "highlight", "circles"]) groups[name] = L.featureGroup();
    buildControls();
    restoreView();
    map.on("moveend", rememberView);
    // The style sheet comes after the script and sets the height; no event of the window tells.
    new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(map.getContainer());
    map.on("resize", () => { if (atHome) fitItaly(false); goToPosition(); });
    map.on("dragstart zoomstart", () => { if (!moving) atHome = false; });
    map.on("zoomend", onZoom);
    map.getContainer().addEventListener("wheel", onWheel, { passive: false });
    document.addEventListener("keydown", onKey);
    document.addEventListener("keydown", (event) => { if (wanted && wanted.at) tellStage(event); }, true);
    hearPage();
    buildReader();
    document.addEventListener("fullscreenchange", onFullscreen);
    window.Streamlit.events.addEventListener("streamlit:render", onThemeMaybe);
    applyTheme();
    // Letters on a canvas do not wait for their font: once it has come they are written again.
    document.fonts.load("600 12px 'Source Sans'").then((found) => {
      if (found.length && wanted && groups.land._map) { drawCircles(); repaint(); }
    }).catch(() => { /* without it the system's letters stay */ });
    Promise.all([load("names"), load("outlines")]).then(drawOutlines).catch(failed);
    // The municipalities follow on their own: the first picture does not wait for them.
    load("municipalities").then(() => wanted && draw()).catch(failed);
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
      const parts = geometry.type === "Polygon" ? [geometry.arcs] : geometry.arcs;
      const polygon = L.polygon(parts.map((rings) => rings.map(ring)), { renderer: renderer, smoothFactor: 0.6 });
      polygon.code = String(geometry.id);
      polygon.level = level;
      return polygon;
    }).sort((a, b) => (a.code < b.code ? -1 : 1));
  }

  function drawOutlines() {
    shapes.region.forEach((polygon) => {
      const outline = L.polygon(polygon.getLatLngs(), { renderer: renderer, interactive: false, fill: false, smoothFactor: 0.6 });
      groups.outline.addLayer(outline);
    });
    for (const name of ["land", "outline", "footprint", "highlight", "circles"]) groups[name].addTo(map);
    groups.land.bindTooltip(tooltip, { sticky: true, className: "atlas-tip", opacity: 1 });
    groups.circles.bindTooltip(tooltip, { className: "atlas-tip", opacity: 1, direction: "top" });
    groups.land.on("click", onMark);
    groups.circles.on("click", onMark);
    if (wanted) draw();
  }

  /* ---- one message from Python ---- */

  function paint(message) {
    wanted = message;
    wanted.n = expand(message.n);
    wanted.v = message.v ? expand(message.v).map((value) => value / message.parts) : null;
    wanted.d = message.d ? expand(message.d) : null;
    if (message.c) wanted.c = message.c.replace(/\((\d+)\)/g, (all, dots) => ".".repeat(+dots));
    if (config) draw();
  }

  // Whole numbers in base 32: capitals, w-z, - and _ are higher digits, 0-v the last one; a zero is followed by how many
  // zeros there are.
  function expand(digits) {
    const values = [];
    let number = 0, zeros = false;
    for (const sign of digits) {
      const digit = DIGITS[sign];
      number = number * 32 + (digit & 31);
      if (digit > 31) continue;
      if (zeros) for (zeros = false; number > 0; number--) values.push(0);
      else if (number) values.push(number);
      else zeros = true;
      number = 0;
    }
    return values;
  }

  // The number by the counting rule, or the rate, to four figures as everything that travels.
  function valueAt(i) {
    const value = (wanted.v || wanted.n)[i];
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

  function draw() {
    groups.land.closeTooltip();
    groups.circles.closeTooltip();
    setWords();
    showTiles();
    drawLegend();
    if (!places.region || !shapes.region || !groups.land._map) return;
    const level = shapes[wanted.level] ? wanted.level : "region";
    showLand(level);
    colourLand(level);
    drawFootprint();
    drawHighlight();
    drawCircles();
    goToPosition();
    repaint();
    paints += 1;
    performance.mark("atlas-paint");
  }

  // In front of an audience each stop has its own position; elsewhere it is the visitor's. [] is the whole selection.
  function goToPosition() {
    if (!wanted || !wanted.at || wanted.isPlaced || !map.getSize().x || !places.region) return;
    wanted.isPlaced = true;
    if (wanted.at.length) { atHome = false; map.setView([wanted.at[0], wanted.at[1]], wanted.at[2], { animate: false }); }
    else if (wanted.regions.length || wanted.place || wanted.foot) { atHome = false; fitSelection(false); }
    else fitItaly(false);
  }

  // At once and once: what single layers have asked for in the next frame is done here.
  function repaint() {
    L.Util.cancelAnimFrame(renderer._redrawRequest);
    renderer._redrawBounds = null;
    if (renderer._ctx) renderer._redraw();
  }

  function showLand(level) {
    if (groups.land.level === level) return;
    groups.land.clearLayers();
    groups.land.level = level;
    shapes[level].forEach((polygon) => groups.land.addLayer(polygon));
    for (const name of ["outline", "footprint", "highlight", "circles"]) groups[name].eachLayer((l) => l.bringToFront());
  }

  function colourLand(level) {
    const colours = config.palettes[theme];
    const own = level === wanted.level && wanted.c;
    const inside = insideTest(level);
    const thin = level === "municipality" && map.getZoom() < POLYGON_ZOOM;
    const soft = softFill(colours);
    const reached = level === "municipality" && level === wanted.level ? runs(wanted.area || []) : new Set();
    groups.land.thin = thin;
    shapes[level].forEach((polygon, i) => {
      const options = polygon.options;
      const mark = own ? wanted.c[i] : ".";
      options.fillOpacity = tiles ? (mark === "." ? 0.15 : 0.75) : 1;
      options.fill = true;
      options.fillColor = inside(polygon.code) ? fillOf(mark, colours) : colours.outside;
      if (reached.has(i)) { options.fillColor = soft; if (tiles) options.fillOpacity = SOFT; }
      options.color = mark === "." || mark === "-" ? colours.edge : colours.line;
      options.weight = thin ? 0 : level === "municipality" ? 0.5 : 0.8;
      if (thin && mark !== "." && inside(polygon.code)) { options.weight = 0.6; options.color = solidOf(mark, colours); }
      options.stroke = options.weight > 0;
    });
    groups.outline.eachLayer((line) => {
      line.options.color = colours.outline;
      line.options.weight = 1;
    });
  }

  // Municipalities reached together are shaded: where each has a polygon of its own, in that polygon.
  function softFill(colours) {
    if (tiles) return colours.area;
    const part = (hex, at) => parseInt(hex.slice(at, at + 2), 16);
    const mixed = [1, 3, 5].map((at) => Math.round(part(colours.land, at) * (1 - SOFT) + part(colours.area, at) * SOFT));
    return "rgb(" + mixed.join(",") + ")";
  }

  // '.' none in the catalogue, '-' no data, digit: class, letter: the same class behind fewer than five cases.
  function fillOf(mark, colours) {
    if (mark === ".") return colours.land;
    if (mark === "-") return pattern("dots", colours.missing, colours.land);
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
    const cities = shapes.municipality;
    if (!cities) return;
    const colours = config.palettes[theme];
    const soft = runs(groups.land.level === "municipality" ? [] : wanted.area || []);
    const strong = runs(wanted.foot || []);
    const style = (fillOpacity, weight) => ({
      renderer: renderer, interactive: false, stroke: weight > 0, color: colours.circle, weight: weight,
      fillColor: colours.area, fillOpacity: fillOpacity, smoothFactor: 0.6,
    });
    soft.forEach((i) => { if (!strong.has(i)) groups.footprint.addLayer(L.polygon(cities[i].getLatLngs(), style(SOFT, 0))); });
    strong.forEach((i) => groups.footprint.addLayer(L.polygon(cities[i].getLatLngs(), style(0.8, 1))));
  }

  function drawHighlight() {
    groups.highlight.clearLayers();
    const colours = config.palettes[theme];
    const codes = wanted.regions.map((code) => ["region", code]);
    if (wanted.place) codes.push([levelOf(wanted.place), wanted.place]);
    for (const [level, code] of codes) {
      const polygon = shapes[level] && shapes[level][places[level].index.get(code)];
      if (!polygon) continue;
      groups.highlight.addLayer(L.polygon(polygon.getLatLngs(), {
        renderer: renderer, interactive: false, fill: false, color: colours.highlight,
        weight: code === wanted.place ? 3 : 2, smoothFactor: 0.6,
      }));
    }
  }

  function levelOf(code) {
    return { 2: "region", 3: "province", 6: "municipality" }[code.length];
  }

  // Area proportional to the number; the unit grows a little as one comes nearer.
  function unitRadius() {
    const byLevel = { region: 9, province: 6.5, municipality: 5 }[wanted.level];
    const near = Math.max(0, Math.min(1.6, 1 + (map.getZoom() - 6) * 0.15));
    const most = Math.max(1, wanted.most);
    return Math.min(byLevel * near, 30 / Math.sqrt(most));
  }

  function drawCircles() {
    groups.circles.clearLayers();
    if (wanted.kind !== "circles") { markLead(); return; }
    const set = places[wanted.level];
    const colours = config.palettes[theme];
    const values = wanted.v || wanted.n;
    const unit = unitRadius();
    const shared = runs(wanted.shared || []);
    const marks = [];
    values.forEach((value, i) => { if (value > 0) marks.push(i); });
    marks.sort((a, b) => values[b] - values[a]); // the large ones below, so that none hides another
    for (const i of marks) {
      const soft = shared.has(i);
      const circle = new NumberedCircle([set.lat[i], set.lon[i]], {
        renderer: renderer, radius: Math.max(2.5, unit * Math.sqrt(values[i])), weight: soft ? 1.5 : 1,
        color: soft ? colours.circle : colours.land, fillColor: soft ? colours.area : colours.circle,
        fillOpacity: soft ? 0.9 : 0.92,
        label: unit * Math.sqrt(values[i]) >= 6.5 ? number(values[i]) : "",
        labelColor: soft ? colours.text : colours.onCircle,
      });
      circle.code = set.codes[i];
      circle.level = wanted.level;
      groups.circles.addLayer(circle);
    }
    markLead();
  }

  function markLead() {
    const i = wanted.lead ? places.municipality.index.get(wanted.lead) : undefined;
    if (i === undefined) return;
    const colours = config.palettes[theme];
    const ring = L.circleMarker([places.municipality.lat[i], places.municipality.lon[i]], {
      renderer: renderer, interactive: false, radius: 11, weight: 3, color: colours.highlight, fill: false,
    });
    groups.circles.addLayer(ring);
  }

  /* ---- words, numbers, tooltips ---- */

  function number(value) {
    const digits = Number.isInteger(value) ? 0 : value < 1 ? 2 : 1;
    const key = wanted.lang + digits;
    formats[key] = formats[key] ||
      new Intl.NumberFormat(wanted.lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    return formats[key].format(value);
  }

  function fill(text, values) {
    return text.replace(/%(\w)/g, (all, key) => (key in values ? values[key] : all));
  }

  function plural(words, n) {
    return fill(n === 1 ? words[0] : words[1], { n: number(n) });
  }

  function tooltip(layer) {
    const box = document.createElement("div");
    for (const [kind, text] of tooltipLines(layer.code, layer.level)) {
      const line = document.createElement("div");
      line.className = "atlas-tip-" + kind;
      line.textContent = text;
      box.appendChild(line);
    }
    return box;
  }

  function tooltipLines(code, level) {
    const set = places[level];
    const i = set.index.get(code);
    const words = wanted.words;
    const lines = [["name", set.name[i]]];
    if (level !== wanted.level) return lines;
    if (!insideTest(level)(code)) return lines.concat([["note", words.outside]]);
    const mark = wanted.c ? wanted.c[i] : ".";
    const n = wanted.n[i] || 0;
    if (mark === "-") return lines.concat([["note", words.missing]]);
    lines.push(["number", n ? plural(words.count, n) : words.none]);
    if ((wanted.v || wanted.per) && n) lines.push(["value", fill(words.value, { v: number(valueAt(i)) })]);
    const base = wanted.d ? wanted.d[i] : set.population[i];
    if (base) lines.push(["base", fill(wanted.d ? words.base : words.people, { d: base.toLocaleString(wanted.lang, { useGrouping: "always" }) })]);
    if (mark >= "a") lines.push(["note", words.small]);
    return lines;
  }

  /* ---- legend: the same classes as the fills, from the same message ---- */

  function drawLegend() {
    const box = controls.legend.getContainer();
    const legend = wanted.legend;
    box.textContent = "";
    const details = document.createElement("details");
    details.open = controls.legend.open === undefined ? map.getSize().x > 560 : controls.legend.open;
    details.addEventListener("toggle", () => { controls.legend.open = details.open; });
    const title = document.createElement("summary");
    title.textContent = legend.title;
    details.appendChild(title);
    const list = document.createElement("ul");
    legend.items.forEach((item) => {
      const row = document.createElement("li");
      row.className = "n" in item && !item.soft ? "atlas-inline" : "";
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
    // Only a legend that would cover more of Italy moves the map: each fit is another two drawings of everything.
    if (atHome && box.offsetWidth > (controls.legend.beside || 0) + 40) fitItaly(false);
  }

  function swatch(item) {
    const colours = config.palettes[theme];
    const canvas = document.createElement("canvas");
    const circle = "n" in item;
    const radius = circle ? Math.max(2.5, unitRadius() * Math.sqrt(item.n)) : 0;
    const width = circle ? Math.max(20, Math.ceil(radius * 2) + 4) : 22;
    const height = circle ? Math.max(14, Math.ceil(radius * 2) + 4) : 14;
    canvas.width = width; canvas.height = height;
    canvas.setAttribute("aria-hidden", "true");
    const ctx = canvas.getContext("2d");
    if (circle) {
      ctx.beginPath();
      ctx.arc(width / 2, height / 2, radius, 0, 7);
      ctx.fillStyle = item.soft ? colours.area : colours.circle;
      ctx.fill();
      if (item.soft) { ctx.strokeStyle = colours.circle; ctx.lineWidth = 1.5; ctx.stroke(); }
      return canvas;
    }
    ctx.fillStyle = item.area ? colours.area : fillOf(item.mark, colours);
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
    const bar = plainControl("topleft", "atlas-buttons").getContainer();
    controls.buttons = {};
    const entries = [
      ["in", "+", () => map.zoomIn()], ["out", "−", () => map.zoomOut()],
      ["home", "home", () => fitItaly(true)], ["fit", "fit", fitSelection], ["full", "full", toggleFullscreen],
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
    map.getContainer().setAttribute("aria-label", words.map);
    document.documentElement.lang = wanted.lang;
    document.title = words.map;
    describeFrame(words.map + ": " + wanted.legend.title);
    controls.hint.getContainer().textContent = words.hint;
  }

  // Streamlit gives the frame a technical title; the page that holds it says the view in words, and no text travels here.
  function describeFrame(title) {
    const frame = window.frameElement;
    if (!frame) return;
    document.querySelectorAll('meta[name="viewport"]').forEach((meta) => meta.remove()); // folium's forbids to enlarge
    const view = frame.ownerDocument.querySelector(".st-key-view_words");
    frame.setAttribute("title", title);
    if (view) view.id = "atlas-view-words";
    frame.setAttribute("aria-describedby", "atlas-view-words");
  }

  function fitSelection(animate) {
    let bounds = L.latLngBounds([]);
    groups.highlight.eachLayer((layer) => bounds.extend(layer.getBounds()));
    if (!bounds.isValid() && wanted) {
      const set = places[wanted.level];
      wanted.n.forEach((n, i) => { if (n > 0) bounds.extend([set.lat[i], set.lon[i]]); });
    }
    if (wanted && wanted.foot && shapes.municipality) {
      const foot = L.latLngBounds([]);
      runs(wanted.foot).forEach((i) => foot.extend(shapes.municipality[i].getBounds()));
      if (foot.isValid()) bounds = foot;
    }
    if (bounds.isValid()) map.fitBounds(bounds, { animate: animate !== false, maxZoom: wanted && wanted.at ? STAGE_ZOOM : 11, paddingTopLeft: [56, 24], paddingBottomRight: [24, 24] });
    else fitItaly(true);
  }

  // Italy leaves the Adriatic to the legend.
  function fitItaly(animate) {
    const legend = controls.legend.beside = controls.legend.getContainer().offsetWidth;
    const size = map.getSize(), isWide = size.x > 700 || (size.x > 560 && !(wanted && wanted.at));
    const right = isWide ? Math.max(70, legend - 40) : 0;
    // In front of an audience the legend stays open on a small projector too: the country stands below it.
    const top = wanted && wanted.at && !isWide ? Math.min(150, size.y / 4) : 4;
    atHome = true;
    // A frame that has no size yet fits nothing (Leaflet would come to an infinite zoom); it is told when it has one.
    if (size.x < 120 || size.y < 120) { if (!map._loaded) map.setView([42, 12.5], 5, { animate: false }); return; }
    moving = true;
    map.once("moveend", () => { moving = false; });
    map.fitBounds(ITALY, { animate: animate, paddingTopLeft: [40, top], paddingBottomRight: [right, 4] });
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

  function onMark(event) {
    L.DomEvent.stop(event);
    const mark = event.propagatedFrom || event.layer;
    if (!mark || !mark.code || wanted.at) return;
    send({ code: mark.code, level: mark.level });
  }

  // The time makes a second click on the same mark a new value.
  function view() {
    return [map.getCenter().lat, map.getCenter().lng, map.getZoom()];
  }

  // A presenter who has touched the map still turns the page: the frame has the keyboard, the buttons are outside.
  function tellStage(event) {
    if (!STAGE_KEYS.includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    window.parent.focus(); // the next stop may have no map: a frame out of sight would swallow the keys after this one
    window.parent.document.body.dispatchEvent(
      new KeyboardEvent("keydown", { key: event.key, code: event.code, keyCode: event.keyCode, bubbles: true, cancelable: true })
    );
  }

  function send(value) {
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
    box.addEventListener("focus", readCentre);
    box.addEventListener("blur", () => map.closeTooltip(controls.centreTip));
    box.addEventListener("keydown", (event) => {
      const found = event.key === "Enter" && isRead() && territoryAtCentre();
      if (found) send({ code: found.code, level: found.level });
    });
    controls.centreTip = L.tooltip({ className: "atlas-tip", opacity: 1, direction: "top", offset: [0, -12] });
  }

  function isRead() {
    return map.getContainer().matches(":focus-visible") && wanted && groups.land._map;
  }

  function territoryAtCentre() {
    const centre = map.latLngToLayerPoint(map.getCenter());
    return shapes[groups.land.level].find((polygon) => polygon._pxBounds && polygon._containsPoint(centre));
  }

  function readCentre() {
    if (!isRead()) return;
    const found = territoryAtCentre();
    controls.reader.textContent = found ? tooltipLines(found.code, found.level).map((line) => line[1]).join(". ") : "";
    if (found) map.openTooltip(controls.centreTip.setLatLng(map.getCenter()).setContent(tooltip(found)));
    else map.closeTooltip(controls.centreTip);
  }

  function onKey(event) {
    if (event.key !== "Escape" || document.fullscreenElement || !wanted || wanted.at) return;
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
    // Whoever keeps the view for a presentation keeps where the map is: it is told just before the button is pressed.
    let told = 0;
    const onAdd = (event) => {
      if (!event.target.closest || !event.target.closest(".st-key-stop_add") || Date.now() - told < 500) return;
      told = Date.now(); // a press is two events, and says it once
      send({ at: atHome ? null : view() });
    };
    const heard = [["keydown", onPageKey], ["pointerdown", onAdd], ["focusin", onAdd]];
    for (const [name, action] of heard) page.addEventListener(name, action, true);
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
  }

  /* Leaflet moves by script, which no style sheet stops: whoever asked for no movement gets the last picture at once. */
  function obeyReducedMotion() {
    const still = window.matchMedia("(prefers-reduced-motion: reduce)");
    const { setView, panBy } = map;
    const calm = (options) => (still.matches ? { ...options, animate: false, zoom: { animate: false }, pan: { animate: false } } : options);
    map.setView = (centre, zoom, options) => setView.call(map, centre, zoom, calm(options));
    map.panBy = (offset, options) => panBy.call(map, offset, calm(options));
    map.on("dragstart", () => { map.options.inertia = !still.matches; });
  }

  function rememberView() {
    if (wanted && wanted.at) return;
    const centre = map.getCenter();
    if (atHome) { try { sessionStorage.removeItem(VIEW_KEY); } catch (e) { /* storage may be closed */ } return; }
    try { sessionStorage.setItem(VIEW_KEY, JSON.stringify([centre.lat, centre.lng, map.getZoom()])); } catch (e) { /* storage may be closed */ }
  }

  function restoreView() {
    let view = null;
    try { view = JSON.parse(sessionStorage.getItem(VIEW_KEY)); } catch (e) { /* storage may be closed */ }
    if (Array.isArray(view) && view.length === 3) map.setView([view[0], view[1]], view[2], { animate: false });
    else fitItaly(false);
  }

  /* ---- theme and the optional background ---- */

  function readTheme() {
    const ground = getComputedStyle(document.documentElement).getPropertyValue("--background-color").trim();
    const hex = /^#([0-9a-f]{6})/i.exec(ground);
    if (!hex) return "light";
    const value = parseInt(hex[1], 16);
    return ((value >> 16) * 3 + ((value >> 8) & 255) * 6 + (value & 255)) / 10 < 128 ? "dark" : "light";
  }

  function onThemeMaybe(event) {
    const base = event.detail && event.detail.theme && event.detail.theme.base;
    if (!base || base === theme) return;
    theme = base === "dark" ? "dark" : "light";
    applyTheme();
    if (wanted) draw();
  }

  function applyTheme() {
    document.documentElement.dataset.theme = theme;
    map.getContainer().style.background = config.palettes[theme].sea;
  }

  // Tiles come from the host that the operator named, and only after the visitor has agreed.
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
    if (wanted.c) [...wanted.c].forEach((c, i) => { if (c !== ".") marks[set.codes[i]] = c; });
    const foot = [...runs(wanted.foot || [])].map((i) => places.municipality.codes[i]);
    return Object.assign(state, {
      ready: Boolean(shapes.municipality), level: wanted.level, drawn: groups.land.level, kind: wanted.kind,
      counts: counts, values: values, marks: marks, foot: foot, lead: wanted.lead || "",
      circles: groups.circles.getLayers().filter((c) => c.code).length,
      polygons: groups.land.getLayers().length, legend: controls.legend.getContainer().innerText,
    });
  }

  // Where a territory is on the screen, in pixels of the frame: the tests click there.
  function pointOf(code) {
    const level = levelOf(code);
    const i = places[level].index.get(code);
    const point = map.latLngToContainerPoint([places[level].lat[i], places[level].lon[i]]);
    return [point.x, point.y];
  }

  return { start: start, paint: paint, inspect: inspect, pointOf: pointOf, tooltipLines: tooltipLines,
           view: view };
})();
