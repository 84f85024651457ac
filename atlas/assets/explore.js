/* The page that opens from disk: filters, counts, tables and stops over the data embedded in it.
 *
 * It asks nothing of any host. It counts as atlas/indicators/indicators.py does: a test compares the two. Every text of the data is written with textContent only.
 */
(function () {
  "use strict";

  const data = JSON.parse(document.getElementById("data").textContent);
  const say = data.say;
  const places = JSON.parse(document.getElementById("names").textContent);
  const names = data.names || places[data.level].name;
  const chosen = { themes: new Set(), targets: new Set() };
  let place = null; // what was clicked on the map: {code} of a territory or {row} of an initiative

  function el(tag, text, attributes) {
    const node = document.createElement(tag);
    if (text !== undefined && text !== null) node.textContent = text;
    for (const [name, value] of Object.entries(attributes || {})) node.setAttribute(name, value);
    return node;
  }

  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, (all, key) => (key in values ? values[key] : all));
  }

  function number(value) {
    const digits = Number.isInteger(value) ? 0 : Math.abs(value) < 1 ? 2 : 1;
    return value.toLocaleString(data.locale, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: "always" });
  }

  /* ---- the selected initiatives ---- */

  function matches(initiative, dimension) {
    return !chosen[dimension].size || initiative[dimension].some((option) => chosen[dimension].has(option));
  }

  function selected() {
    return data.initiatives.filter((one) => matches(one, "themes") && matches(one, "targets"));
  }

  // How many would remain if that option alone were chosen there.
  function facet(dimension, option) {
    const other = dimension === "themes" ? "targets" : "themes";
    return data.initiatives.filter((one) => matches(one, other) && one[dimension].includes(option)).length;
  }

  /* ---- values by territory ---- */

  function count(rows) {
    const size = data.size;
    const n = new Array(size).fill(0), v = new Array(size).fill(0);
    for (const one of rows) {
      for (const [at, weight, lead] of one.at) {
        if (!data.inside[at]) continue;
        n[at] += 1;
        v[at] += data.rule === "presence" ? 1 : data.rule === "share" ? weight : lead;
      }
    }
    return { n: n, v: v, values: data.per ? v.map((one, i) => rate(one, i)) : v };
  }

  function rate(value, i) {
    const base = data.denominators[i];
    return base > 0 ? (value * data.per) / base : null;
  }

  // The classes are cut once, by atlas/indicators/classes.py over everything that the file holds: a colour means the same
  // under every filter.
  function marksOfClasses(counted) {
    const uppers = data.bounds.slice(1);
    return counted.values.map((value, i) => {
      if (!data.inside[i]) return ".";
      if (value === null) return "-";
      if (!(value > 0)) return ".";
      let position = uppers.findIndex((upper) => value <= upper);
      if (position < 0) position = uppers.length - 1;
      return counted.n[i] < data.small ? "abcdefghij"[position] : String(position);
    }).join("");
  }

  /* ---- the message to the map (atlas/figures/maps.py, MapMessage) ---- */

  // Positions and numbers of what is not zero.
  function sparse(values) {
    const where = [], kept = [];
    values.forEach((value, i) => { if (value) { where.push(i); kept.push(value); } });
    return [steps(where), kept];
  }

  // Positions as the first one and the steps from each to the next.
  function steps(positions) {
    return positions.map((at, i) => at - (i ? positions[i - 1] : 0));
  }

  // One initiative is one mark: those of one territory counted in it, each of the others in a circle of its own.
  function marksOf(rows) {
    const n = new Array(data.size).fill(0), v = new Array(data.size).fill(0), shared = [], areas = [], known = new Map();
    for (const one of rows) {
      if (one.mark) {
        const key = one.in.join();
        if (!known.has(key)) { known.set(key, areas.length); areas.push(one.in); }
        shared.push([data.initiatives.indexOf(one), one.mark[0], one.mark[1], one.mark[2], known.get(key)]);
        continue;
      }
      // Where there are too many to be told apart, those of several stand at their lead or in the first of them.
      const seen = one.at.filter(([at]) => data.inside[at]);
      const value = seen.reduce((sum, [, weight, lead]) => sum + (data.rule === "share" ? weight : data.rule === "lead" ? lead : 1 / seen.length), 0);
      if (!value) continue;
      const [at] = seen.find((entry) => entry[2]) || seen[0];
      n[at] += 1;
      v[at] += value;
    }
    const kept = n.map((one, i) => i).filter((i) => n[i]);
    return { where: steps(kept), n: kept.map((i) => n[i]), v: kept.map((i) => v[i]), shared: shared, areas: areas };
  }

  // Initiatives by territory of another level than the map's, from their municipalities.
  function countOthers(rows) {
    const others = {};
    for (const level of ["region", "province", "municipality"]) {
      if (level === data.level) continue;
      const counts = new Array(places[level].codes.length).fill(0);
      const index = new Map(places[level].codes.map((code, i) => [code, i]));
      for (const one of rows) {
        const touched = new Set(municipalitiesOf(one).map((code) => index.get(holder(code, level))));
        touched.forEach((i) => { counts[i] += 1; });
      }
      others[level] = sparse(counts);
    }
    return others;
  }

  function municipalitiesOf(one) {
    return expandRuns(one.in).map((i) => places.municipality.codes[i]);
  }

  function holder(code, level) {
    return level === "municipality" ? code : level === "province" ? code.slice(0, 3) : data.map.regionOf[code.slice(0, 3)];
  }

  function expandRuns(list) {
    const all = [];
    for (let i = 0; i < list.length; i += 2) for (let j = 0; j < list[i + 1]; j++) all.push(list[i] + j);
    return all;
  }

  function paint(rows, counted) {
    const marks = data.per ? marksOfClasses(counted) : "";
    const where = [];
    counted.n.forEach((n, i) => { if (n || (marks && marks[i] !== ".")) where.push(i); });
    const message = {
      lang: data.language, level: data.level, kind: data.per ? "fills" : "circles", where: steps(where), n: where.map((i) => counted.n[i]),
      others: countOthers(rows), regions: data.regions, place: data.place, opened: -1, lead: "", tiles: false, words: data.mapWords,
    };
    if (data.rule !== "presence") message.v = where.map((i) => counted.v[i]);
    if (data.per) {
      message.per = data.per;
      message.classes = where.map((i) => marks[i]).join("");
      message.d = where.map((i) => Math.round(data.denominators[i] || 0));
    } else message.marks = marksOf(rows);
    const hasShared = Boolean(message.marks && message.marks.shared.length);
    message.legend = { title: data.legend.title, note: data.legend.note, items: legendItems(marks, hasShared, counted) };
    Object.assign(message, looked());
    window.atlasMap.paint(message);
  }

  // What was opened on the map is framed and outlined, as on the page of the atlas.
  function looked() {
    if (!place) return {};
    if (place.row !== undefined) return { opened: place.row, foot: data.initiatives[place.row].in };
    const province = place.code.slice(0, 3);
    return place.code.length === 2 ? { regions: [place.code], place: "" } : { regions: [data.map.regionOf[province]], place: place.code };
  }

  function legendItems(marks, hasShared, counted) {
    const words = data.legend, items = [];
    if (data.per) {
      const hatched = /[a-j]/.test(marks);
      const isBelow = counted.values.some((value) => value > 0 && value < data.bounds[0]);
      for (let i = 0; i + 1 < data.bounds.length; i++) {
        const label = i || !isBelow ? words.classes[i] : words.lowest;
        items.push({ mark: marks.includes(String(i)) || !hatched ? String(i) : "abcdefghij"[i], label: label });
      }
      if (hatched) items.push({ mark: "/", label: words.small });
    } else if (hasShared || counted.v.some((one) => one > 0)) {
      const top = Math.max(1, Math.floor(Math.max(0, ...counted.v)));
      const sizes = top > 1 ? [...new Set([1, Math.max(1, Math.round(top / 3)), top])].sort((a, b) => a - b) : [1];
      for (const n of sizes) items.push({ n: n, label: number(n) });
      if (hasShared) items.push({ n: 1, soft: 1, label: words.shared });
      items.push({ n: 2, several: 1, label: words.several });
    }
    items.push({ mark: ".", label: words.none });
    if (marks.includes("-")) items.push({ mark: "-", label: words.missing });
    return items;
  }

  /* ---- what is on the page ---- */

  function buildFilters() {
    const box = document.getElementById("filters");
    for (const dimension of ["themes", "targets"]) {
      const set = el("fieldset");
      set.appendChild(el("legend", say[dimension]));
      for (const [option, label] of data.options[dimension]) {
        const line = el("label");
        const input = el("input", null, { type: "checkbox", value: option, "data-dimension": dimension });
        input.addEventListener("change", () => {
          if (input.checked) chosen[dimension].add(option); else chosen[dimension].delete(option);
          show();
        });
        line.append(input, el("span", label), el("span", "", { "data-count": dimension + " " + option, class: "soft" }));
        set.appendChild(line);
      }
      box.appendChild(set);
    }
    const clear = el("button", say.clear, { type: "button", id: "clear" });
    clear.addEventListener("click", () => {
      for (const input of box.querySelectorAll("input")) input.checked = false;
      chosen.themes.clear();
      chosen.targets.clear();
      place = null;
      show();
    });
    box.appendChild(clear);
  }

  function table(caption, head, rows, className) {
    const box = el("div", null, { class: "scroll", tabindex: "0", role: "region", "aria-label": caption });
    const grid = el("table", null, className ? { class: className } : {});
    grid.appendChild(el("caption", caption));
    const first = el("tr");
    head.forEach((name, at) => first.appendChild(headOf(name, isNumeric(rows, at))));
    grid.appendChild(el("thead")).appendChild(first);
    const body = grid.appendChild(el("tbody"));
    for (const row of rows) {
      const line = el("tr");
      row.forEach((cell, at) => line.appendChild(cellOf(cell, at)));
      body.appendChild(line);
    }
    box.appendChild(grid);
    return box;
  }

  // A corner without a name is no header.
  function headOf(name, isNumber) {
    return name ? el("th", name, { scope: "col", class: isNumber ? "number" : "" }) : el("td");
  }

  function isNumeric(rows, at) {
    return rows.length > 0 && typeof rows[0][at] === "number";
  }

  function cellOf(cell, at) {
    if (typeof cell === "number") return el("td", number(cell), { class: cell === 0 ? "number white" : "number" });
    if (cell instanceof Node) { const th = at === 0 ? el("th", null, { scope: "row" }) : el("td"); th.appendChild(cell); return th; }
    return at === 0 ? el("th", cell, { scope: "row" }) : el("td", cell);
  }

  function show() {
    const rows = selected();
    const counted = count(rows);
    paint(rows, counted);
    for (const node of document.querySelectorAll("[data-count]")) {
      const [dimension, option] = node.dataset.count.split(" ");
      node.textContent = "(" + number(facet(dimension, option)) + ")";
    }
    const words = rows.length === 1 ? say.count_one : say.count_other;
    document.getElementById("count").textContent = number(rows.length) + " " + fill(words, { total: number(data.total) });
    showTables(rows, counted);
  }

  function showTables(rows, counted) {
    const kept = place === null ? rows : rows.filter(isIn);
    const list = document.getElementById("initiatives");
    list.textContent = "";
    if (place !== null) {
      const button = el("button", nameOfPlace() + " ✕", { type: "button", "aria-label": say.clear_place });
      button.addEventListener("click", () => { place = null; show(); });
      list.appendChild(button);
    }
    const head = [say.title, ...(data.remote ? [] : [say.summary]), say.where, say.themes, say.targets];
    const cells = kept.map((one) => [titleOf(one), ...(data.remote ? [] : [one.summary]), one.where, labels(one, "themes"), labels(one, "targets")]);
    list.appendChild(table(say.initiatives, head, cells, "initiatives"));
    const territories = document.getElementById("territories");
    territories.textContent = "";
    const order = counted.n.map((n, i) => i).filter((i) => counted.n[i] > 0).sort((a, b) => counted.values[b] - counted.values[a] || counted.n[b] - counted.n[a] || a - b);
    const has = data.per || data.rule !== "presence";
    const lines = order.map((i) => [names[i], counted.n[i], ...(has ? [counted.values[i] === null ? say.missing : Number(counted.values[i].toPrecision(4))] : [])]);
    territories.appendChild(table(say.territories, [say.territory, say.initiatives, ...(has ? [data.legend.title] : [])], lines));
  }

  // On the site every initiative has a page of its own.
  function titleOf(one) {
    return one.href ? el("a", one.title, { href: one.href }) : one.title;
  }

  function isIn(one) {
    if (place.row !== undefined) return data.initiatives[place.row] === one;
    const level = { 2: "region", 3: "province", 6: "municipality" }[place.code.length];
    return municipalitiesOf(one).some((code) => holder(code, level) === place.code);
  }

  function nameOfPlace() {
    return place.row !== undefined ? data.initiatives[place.row].title : window.atlasMap.nameOf(place.code);
  }

  function labels(one, dimension) {
    const terms = new Map(data.options[dimension]);
    return one[dimension].map((option) => terms.get(option)).join(", ");
  }

  /* ---- the map: what streamlit-folium and the server would give it ---- */

  /* ---- the slides: one at a time, with the keys of PowerPoint ---- */

  function startDeck() {
    const slides = [...document.querySelectorAll(".slide")];
    if (!slides.length) return;
    const root = document.documentElement;
    let at = 0, typed = "";
    const go = (to) => {
      at = Math.max(0, Math.min(slides.length - 1, to));
      slides.forEach((slide, i) => slide.classList.toggle("now", i === at));
      history.replaceState(null, "", "#" + (at + 1));
      fit();
    };
    // A full slide has smaller letters, never a line below its foot; on a phone it scrolls instead.
    const fit = () => {
      const slide = slides[at], parts = slide.querySelector(".parts");
      const isOver = () => slide.scrollHeight > slide.clientHeight + 1 || parts.scrollHeight > parts.clientHeight + 1;
      slide.style.setProperty("--fit", 1);
      if (window.matchMedia("(max-width: 700px)").matches) return;
      for (let size = 0.95; size > 0.4 && isOver(); size -= 0.05) slide.style.setProperty("--fit", size);
    };
    window.addEventListener("resize", fit);
    const explore = (on) => {
      root.classList.toggle("exploring", on);
      document.getElementById("explore").inert = !on;  // out of sight, out of the way of Tab
      history.replaceState(null, "", on ? "#explore" : "#" + (at + 1));
      window.scrollTo(0, 0);
    };
    const refuse = () => {
      const told = document.getElementById("told");
      told.textContent = say.no_full;
      setTimeout(() => { told.textContent = ""; }, 6000);
    };
    const full = () => {
      if (document.fullscreenElement) document.exitFullscreen();
      else if (root.requestFullscreen) root.requestFullscreen().catch(refuse);
      else refuse();
    };
    const press = (id, act) => document.getElementById(id).addEventListener("click", act);
    press("previous", () => { explore(false); go(at - 1); });
    press("next", () => { explore(false); go(at + 1); });
    press("full", full);
    press("explore_button", () => explore(!root.classList.contains("exploring")));
    const keys = {
      ArrowRight: () => go(at + 1), ArrowDown: () => go(at + 1), PageDown: () => go(at + 1), " ": () => go(at + 1),
      ArrowLeft: () => go(at - 1), ArrowUp: () => go(at - 1), PageUp: () => go(at - 1), Backspace: () => go(at - 1),
      Home: () => go(0), End: () => go(slides.length - 1), f: full, b: () => root.classList.toggle("black"),
      Enter: () => { go(typed ? Number(typed) - 1 : at + 1); typed = ""; },
    };
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || root.classList.contains("exploring")) return;
      if (event.target.closest("button") && (event.key === " " || event.key === "Enter")) return;
      if (/^[0-9]$/.test(event.key)) { typed += event.key; return; }
      const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (act) { event.preventDefault(); act(); }
    });
    let start = null;
    document.getElementById("deck").addEventListener("touchstart", (event) => { start = event.touches.length === 1 ? event.touches[0] : null; }, { passive: true });
    document.getElementById("deck").addEventListener("touchend", (event) => {
      if (!start) return; // two fingers enlarge
      const x = event.changedTouches[0].clientX - start.clientX, y = event.changedTouches[0].clientY - start.clientY;
      if (Math.abs(x) > 50 && Math.abs(x) > 2 * Math.abs(y)) go(at + (x < 0 ? 1 : -1));
      start = null;
    });
    root.classList.add("deck");
    const wanted = location.hash.slice(1);
    go(Number(wanted) - 1 || 0);
    explore(wanted === "explore");
  }

  function startMap() {
    window.Streamlit = {
      events: new EventTarget(),
      setComponentValue: (value) => {
        if (value.code) place = { code: value.code };
        else if (value.row !== undefined) place = { row: value.row };
        else if (value.up) place = null;
        else return; // where the map was moved is nobody's business here
        show();
      },
    };
    // On the site the geometry is beside the page, in a page that opens from disk inside it.
    if (!data.remote) window.fetch = (name) => Promise.resolve({
      ok: true,
      json: () => Promise.resolve(JSON.parse(document.getElementById(name).textContent)),
    });
    const map = window.L.map("map_div", {
      center: [42.2, 12.5], zoom: 6, preferCanvas: true, zoomControl: false, minZoom: 4, maxZoom: 13, zoomSnap: 0.05, zoomAnimationThreshold: 9,
      scrollWheelZoom: false, doubleClickZoom: false, attributionControl: true,
    });
    data.map.titleOf = (row) => data.initiatives[row].title;
    window.atlasMap.start(map, data.map);
  }

  startMap();
  buildFilters();
  startDeck();
  show();
  window.atlasPage = { selected: () => selected().map((one) => one.id), count: () => count(selected()) };
})();
