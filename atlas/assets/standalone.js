/* The page that opens from disk: filters, counts, tables and stops over the data embedded in it.
 *
 * It asks nothing of any host. What it counts and how it cuts classes is what atlas/indicators/indicators.py and atlas/indicators/classes.py
 * do; a test compares the two. Every text of the data is written with textContent only.
 */
(function () {
  "use strict";

  const data = JSON.parse(document.getElementById("data").textContent);
  const say = data.say;
  const known = JSON.parse(document.getElementById("names").textContent)[data.level];
  const names = data.names || known.name;
  const chosen = { themes: new Set(), targets: new Set() };
  let place = null; // the territory that was clicked on the map
  const SIGNS = [..."0123456789abcdefghijklmnopqrstuv"];
  const HIGHER = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZwxyz-_"];

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

  // Quantiles with bounds of two figures, as atlas/indicators/classes.py.
  function classes(values) {
    const sorted = values.filter((one) => one > 0).sort((a, b) => a - b);
    if (!sorted.length) return [];
    const uppers = [1, 2, 3, 4].map((k) => twoFigures(sorted[Math.ceil((sorted.length * k) / 4) - 1], Math.ceil));
    return [twoFigures(sorted[0], Math.floor), ...[...new Set(uppers)].sort((a, b) => a - b)];
  }

  function twoFigures(value, cut) {
    const step = 10 ** (Math.floor(Math.log10(value)) - 1);
    return Number((cut(Number((value / step).toFixed(9))) * step).toFixed(12));
  }

  function marksOf(counted, bounds) {
    return counted.values.map((value, i) => {
      if (!data.inside[i]) return ".";
      if (value === null) return "-";
      if (!(value > 0)) return ".";
      let position = bounds.slice(1).findIndex((upper) => value <= upper);
      if (position < 0) position = bounds.length - 2;
      return counted.n[i] < 5 ? "abcdefghij"[position] : String(position);
    }).join("");
  }

  /* ---- the message to the map (atlas/figures/maps.py, MapMessage) ---- */

  function digits(values) {
    let out = "", zeros = 0;
    const write = (value) => {
      let text = SIGNS[value % 32];
      for (let rest = Math.floor(value / 32); rest; rest = Math.floor(rest / 32)) text = HIGHER[rest % 32] + text;
      return text;
    };
    for (const value of [...values, null]) {
      if (value === 0) { zeros += 1; continue; }
      if (zeros) { out += SIGNS[0] + write(zeros); zeros = 0; }
      if (value !== null) out += write(value);
    }
    return out;
  }

  function runs(positions) {
    const list = [];
    for (const at of [...positions].sort((a, b) => a - b)) {
      const last = list.length - 2;
      if (last >= 0 && list[last] + list[last + 1] === at) list[last + 1] += 1;
      else list.push(at, 1);
    }
    return list;
  }

  function areasOf(rows) {
    const several = new Set(), alone = new Set();
    for (const one of rows) {
      let size = 0;
      for (let i = 1; i < one.in.length; i += 2) size += one.in[i];
      for (let i = 0; i < one.in.length; i += 2)
        for (let j = 0; j < one.in[i + 1]; j++) (size > 1 ? several : alone).add(one.in[i] + j);
    }
    const inside = new Set(data.insideMunicipalities ? expandRuns(data.insideMunicipalities) : []);
    const area = data.insideMunicipalities ? [...several].filter((at) => inside.has(at)) : [...several];
    return { area: area, shared: data.level === "municipality" ? area.filter((at) => !alone.has(at)) : [] };
  }

  function expandRuns(list) {
    const all = [];
    for (let i = 0; i < list.length; i += 2) for (let j = 0; j < list[i + 1]; j++) all.push(list[i] + j);
    return all;
  }

  function paint(rows, counted) {
    const bounds = data.per ? classes(counted.values) : [];
    const marks = data.per ? marksOf(counted, bounds) : "";
    const areas = data.per ? { area: [], shared: [] } : areasOf(rows);
    const most = Math.max(0, ...counted.v);
    const message = {
      lang: data.language, level: data.level, kind: data.per ? "fills" : "circles", n: digits(counted.n), most: most,
      regions: data.regions, place: data.place, lead: "", tiles: false, words: data.mapWords,
      legend: { title: data.legend.title, note: data.legend.note, items: legendItems(marks, bounds, areas, counted.v) },
      area: runs(areas.area), shared: runs(areas.shared),
    };
    if (data.rule !== "presence") { message.v = digits(counted.v.map((one) => Math.round(one * 10000))); message.parts = 10000; }
    if (data.per) {
      message.per = data.per;
      message.c = marks;
      message.d = digits(data.denominators.map((one) => Math.round(one || 0)));
    }
    window.atlasMap.paint(message);
  }

  function legendItems(marks, bounds, areas, values) {
    const words = data.legend, items = [];
    if (data.per) {
      const hatched = /[a-j]/.test(marks);
      for (let i = 0; i + 1 < bounds.length; i++) {
        const label = fill(words.class, { low: number(bounds[i]), high: number(bounds[i + 1]) });
        items.push({ mark: marks.includes(String(i)) || !hatched ? String(i) : "abcdefghij"[i], label: label });
      }
      if (hatched) items.push({ mark: "a", label: words.small });
    } else {
      const top = Math.max(1, Math.floor(Math.max(0, ...values)));
      const sizes = top > 1 ? [...new Set([1, Math.max(1, Math.round(top / 3)), top])].sort((a, b) => a - b) : [1];
      for (const n of sizes) items.push({ n: n, label: number(n) });
      if (areas.shared.length) items.push({ n: 1, soft: 1, label: words.shared });
    }
    if (areas.area.length) items.push({ area: 1, label: words.area });
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
    if (cell instanceof Node) { const td = el("td"); td.appendChild(cell); return td; }
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
    const kept = place === null ? rows : rows.filter((one) => one.at.some((entry) => entry[0] === place));
    const list = document.getElementById("initiatives");
    list.textContent = "";
    if (place !== null) {
      const button = el("button", names[place] + " ✕", { type: "button", "aria-label": say.clear_place });
      button.addEventListener("click", () => { place = null; show(); });
      list.appendChild(button);
    }
    const cells = kept.map((one) => [one.title, one.summary, one.where, labels(one, "themes"), labels(one, "targets")]);
    list.appendChild(table(say.initiatives, [say.title, say.summary, say.where, say.themes, say.targets], cells, "initiatives"));
    const territories = document.getElementById("territories");
    territories.textContent = "";
    const order = counted.n.map((n, i) => i).filter((i) => counted.n[i] > 0).sort((a, b) => counted.values[b] - counted.values[a] || counted.n[b] - counted.n[a] || a - b);
    const has = data.per || data.rule !== "presence";
    const lines = order.map((i) => [names[i], counted.n[i], ...(has ? [counted.values[i] === null ? say.missing : Number(counted.values[i].toPrecision(4))] : [])]);
    territories.appendChild(table(say.territories, [say.territory, say.initiatives, ...(has ? [data.legend.title] : [])], lines));
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
    };
    const explore = (on) => {
      root.classList.toggle("exploring", on);
      if (on) window.dispatchEvent(new Event("resize"));  // the map learns its size
      history.replaceState(null, "", on ? "#explore" : "#" + (at + 1));
      window.scrollTo(0, 0);
    };
    const full = () => {
      if (document.fullscreenElement) document.exitFullscreen();
      else if (root.requestFullscreen) root.requestFullscreen().catch(() => {});
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
    document.getElementById("deck").addEventListener("touchstart", (event) => { start = event.touches[0].clientX; }, { passive: true });
    document.getElementById("deck").addEventListener("touchend", (event) => {
      const moved = event.changedTouches[0].clientX - start;
      if (start !== null && Math.abs(moved) > 50) go(at + (moved < 0 ? 1 : -1));
      start = null;
    });
    root.classList.add("deck");
    go(Number(location.hash.slice(1)) - 1 || 0);
    if (location.hash === "#explore") explore(true);
  }

  function startMap() {
    window.Streamlit = {
      events: new EventTarget(),
      setComponentValue: (value) => {
        place = value.code && value.level === data.level ? known.codes.indexOf(value.code) : null;
        if (place < 0) place = null;
        show();
      },
    };
    window.fetch = (name) => Promise.resolve({
      ok: true,
      json: () => Promise.resolve(JSON.parse(document.getElementById(name).textContent)),
    });
    const map = window.L.map("map_div", {
      center: [42.2, 12.5], zoom: 6, preferCanvas: true, zoomControl: false, minZoom: 4, maxZoom: 13, zoomSnap: 0.25,
      scrollWheelZoom: false, doubleClickZoom: false, attributionControl: true,
    });
    window.atlasMap.start(map, data.map);
  }

  startMap();
  buildFilters();
  startDeck();
  show();
  window.atlasPage = { selected: () => selected().map((one) => one.id), classes: classes, count: () => count(selected()) };
})();
