/* Additions to Streamlit for keyboard and screen reader users. Constant: the words of the interface come with the
 * script, nothing of the catalogue does. Streamlit runs it again when the language changes; it starts once. */
window.atlasPage ||= (function () {
  "use strict";

  // Streamlit's shortcuts `r` (rerun) and `c` (clear cache) are blocked. Fields and widgets receive keys before the body;
  // Streamlit's own listener is one step above.
  document.body.addEventListener("keydown", (event) => {
    const alone = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (alone && ["r", "c"].includes((event.key || "").toLowerCase())) event.stopPropagation();
  });

  // Past the map, to the list beside it; the link past everything is Streamlit's own, in English.
  const skip = document.createElement("a");
  skip.className = "atlas-skip";
  skip.href = "#";
  skip.addEventListener("click", (event) => {
    event.preventDefault();
    const goal = document.querySelector('[data-testid="stMain"] h2');
    if (!goal) return;
    goal.tabIndex = -1;
    goal.focus();
  });
  document.body.prepend(skip);

  let words = {};

  // A short message, shown and announced.
  const said = document.createElement("div");
  said.className = "atlas-said";
  said.setAttribute("role", "status");
  document.body.append(said);
  let quiet;
  function say(text) {
    said.textContent = text;
    clearTimeout(quiet);
    quiet = setTimeout(() => { said.textContent = ""; }, 5000);
  }

  // What a choice has changed, for the ear alone: the server writes sentences about the view, and those that are new are said.
  const heard = document.createElement("div");
  heard.className = "atlas-heard-now";
  heard.setAttribute("role", "status");
  document.body.append(heard);
  let before; // the sentences of the run before, by name
  function hear() {
    const box = document.querySelector(".st-key-heard");
    if (!box || !isStill()) return;
    const now = {};
    for (const one of box.querySelectorAll("[data-heard]")) now[one.dataset.heard] = one.textContent;
    // Another page is no change of the view, nor of how it is counted: its title says what it shows.
    const isNew = (name) => now[name] !== before[name] && (name in before || !["view", "counting"].includes(name));
    const news = before ? Object.keys(now).filter(isNew).map((name) => now[name]) : [];
    before = now;
    if (news.length) heard.textContent = news.join(" ");
  }
  function isStill() {
    const app = document.querySelector('[data-testid="stApp"]');
    return app && app.dataset.testScriptState === "notRunning";
  }
  // Does something once the server has answered the press that is being heard.
  function afterAnswer(act) {
    let left = 100, hasRun = false;
    const timer = setInterval(() => {
      const still = isStill();
      hasRun = hasRun || !still;
      if (--left && (!still || (!hasRun && left > 90))) return;
      clearInterval(timer);
      act();
    }, 100);
  }

  // A panel comes after its button for the Tab key too: Streamlit puts it at the end of the page.
  const panel = () => [...document.querySelectorAll('[data-testid="stPopoverBody"]')].pop();
  const opener = () => document.querySelector('[data-testid="stPopover"] button[aria-expanded="true"]');
  const reachable = (box) => [...box.querySelectorAll('a[href], button, input, textarea, select, summary, [tabindex="0"]')]
    .filter((e) => !e.disabled && e.tabIndex >= 0 && e.offsetParent !== null);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    const body = panel(), button = opener();
    if (!body || !button) return;
    const stops = reachable(body), here = document.activeElement;
    if (here === button && !event.shiftKey && stops.length) {
      event.preventDefault();
      stops[0].focus();
    } else if (here === stops[0] && event.shiftKey) {
      event.preventDefault();
      button.focus();
    } else if (here === stops[stops.length - 1] && !event.shiftKey) button.focus(); // and on from there, as the key does
  }, true);
  document.addEventListener("keydown", (event) => {
    const body = panel(), button = opener();
    if (event.key !== "Escape" || !body || !button || !body.contains(document.activeElement)) return;
    requestAnimationFrame(() => requestAnimationFrame(() => { if (!document.contains(body)) button.focus(); }));
  }, true);

  // The panel to look for a place is opened to type.
  document.body.addEventListener("click", (event) => {
    const button = event.target.closest?.(".st-key-finder button");
    if (!button || button.getAttribute("aria-expanded") === "true") return;
    let left = 100;
    const timer = setInterval(() => { // a busy server sends the field later
      const field = panel()?.querySelector(".st-key-finder_place input");
      if (field && [button, document.body].includes(document.activeElement)) field.focus();
      if (field || !--left) clearInterval(timer);
    }, 100);
  }, true);

  const closeList = (field) =>
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", code: "Escape", bubbles: true, cancelable: true }));
  // A list of options lies over the next filter: it goes once one is picked with the mouse or a finger.
  document.body.addEventListener("click", (event) => {
    const isPicked = event.detail && event.target.closest?.('[data-testid="stMultiSelectDropdown"]');
    const field = document.activeElement;
    if (!isPicked || !event.target.closest('[role="option"]') || field.getAttribute("role") !== "combobox") return;
    // One territory is compared with nothing: the list stays for the second.
    const isFirst = () => field.closest(".st-key-compare_choice")?.querySelectorAll("span[title]").length === 1;
    setTimeout(() => { if (!isFirst()) closeList(field); });
  });

  // By keyboard the list stays for one more filter; of a comparison it goes once there are two, as it lies over the answer.
  document.body.addEventListener("keydown", (event) => {
    const field = event.target, box = field.closest?.(".st-key-compare_choice");
    if (event.key !== "Enter" || !box || field.getAttribute("aria-expanded") !== "true") return;
    setTimeout(() => { if (box.querySelectorAll("span[title]").length > 1) closeList(field); });
  }, true);

  // Enter in a search of places opens the only one found, or leads into the list of several. To a proposal it adds none: what is
  // found may be a guess, and no place is added without its button.
  document.body.addEventListener("keydown", (event) => {
    const key = ["comune_text", "finder_place", "quiz_place", "propose_finder"].find((key) => event.target.closest?.(`.st-key-${key}`));
    if (event.key !== "Enter" || !key) return;
    afterAnswer(() => {
      const places = document.querySelectorAll(`.st-key-${key}_found button`);
      if (document.activeElement !== event.target || !places.length) return;
      if (places.length === 1 && key !== "propose_finder") places[0].click();
      else places[0].focus();
    });
  }, true);

  // Whoever decides about a doubt in a file goes on with the next one.
  document.body.addEventListener("click", (event) => {
    if (!event.target.closest || !event.target.closest('[class*="st-key-own_choice_"] button')) return;
    afterAnswer(() => {
      const next = document.querySelector('[class*="st-key-own_choice_"] button') || document.querySelector(".st-key-own_answers button");
      if (next) next.focus();
    });
  }, true);

  // What the lists of the filters announce, in English whatever the language of the page: mended before it is heard.
  function mendAnnouncements() {
    const box = document.querySelector("[data-live-announcer]");
    if (!box || !words.available) return;
    const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const better = node.data
        .replace(/^(\d+) options? available\.$/, (all, n) => (n === "1" ? words.availableOne : words.available).replace("{}", n))
        .replace(/^(.*), selected$/, (all, option) => words.picked.replace("{}", () => option));
      if (better !== node.data) node.data = better;
    }
  }

  // On a phone pages and filters are one menu over the page: it goes once a page is chosen, or "see the initiatives" pressed.
  const phone = window.matchMedia("(max-width: 767px)");
  document.body.addEventListener("click", (event) => {
    if (!phone.matches || !event.target.closest) return;
    const page = event.target.closest('[data-testid="stSidebar"] [data-testid="stSidebarNavLink"]');
    const results = event.target.closest(".st-key-see_results button");
    if (!page && !results) return;
    afterAnswer(() => {
      const close = document.querySelector('[data-testid="stSidebarCollapseButton"] button, button[data-testid="stSidebarCollapseButton"]');
      if (close) close.click();
      const title = document.querySelector('[data-testid="stMain"] h1');
      if (!title) return;
      title.tabIndex = -1;
      title.focus();
    });
  }, true);

  // Streamlit remembers an open menu, which would lie over the next page that is opened.
  window.addEventListener("pagehide", () => {
    if (!phone.matches) return;
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith("stSidebarCollapsed")) localStorage.removeItem(key);
    } catch (e) { /* storage may be closed */ }
  });

  // The older method also works without https, where browsers have no clipboard API.
  function copyByHand(text) {
    const field = document.createElement("textarea");
    const before = document.activeElement;
    field.value = text;
    field.className = "atlas-copied";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    if (before) before.focus();
    return done;
  }
  function copy(text) {
    const byHand = () => { if (!copyByHand(text)) throw new Error("copy"); };
    const copied = navigator.clipboard ? navigator.clipboard.writeText(text).catch(byHand) : Promise.resolve().then(byHand);
    copied.then(() => say(words.copied), () => say(words.notCopied));
  }
  // The click that opens the link also copies it: the page's address always contains the view.
  document.body.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest(".st-key-share button");
    if (button && button.getAttribute("aria-expanded") !== "true") copy(window.location.href);
  }, true);

  function translate() {
    const first = document.querySelector('[data-testid="stSkipToContent"]');
    if (first && first.textContent !== words.content) first.textContent = words.content;
    mend();
  }

  // Streamlit's own English texts; {} stands for any text. The translations come with the language.
  const ENGLISH = {
    enter: "Press Enter to apply", none: "No results", option: "Choose an option", options: "Choose options",
    upload: "Upload", size: "{}MB per file", fileField: "file upload", remove: "Remove {}", help: "Help for {}", clear: "Clear all",
    value: "Clear value", chosen: "Selected values", open: "Open", more: "{} more", pages: "App pages", home: "Navigate to home page",
    sidebar: "Sidebar", collapse: "Collapse sidebar", expand: "Expand sidebar", paging: "Pagination",
    previous: "Previous page", next: "Next page", page: "Page {}", full: "Fullscreen", fullOf: "Fullscreen: {}",
    leaveFull: "Close fullscreen", copy: "Copy to clipboard", csv: "Download as CSV", search: "Search", columns: "Show/hide columns",
    csvOf: "Download as CSV: {}", searchOf: "Search: {}", columnsOf: "Show/hide columns: {}",
    close: "Close", most: "You can only select up to {} options. Remove an option first.", send: "Press Ctrl+Enter to apply",
    sendMac: "Press ⌘+Enter to apply", addFiles: "Add files", tooLarge: "File must be {} or smaller.",
  };
  const SPOKEN = [
    '[data-testid="stTextArea"]',
    '[data-testid="stHeader"]', '[data-testid="InputInstructions"]', '[data-testid="stFileUploader"]', '[role="listbox"]',
    '[role="tooltip"]', '[data-testid="stTooltipContent"]', '[data-testid="stSelectboxVirtualDropdownEmpty"]',
  ].join();
  const forms = new Map(); // text on the page → its name: translated texts are translated again when the language changes
  const answers = new Map(); // text on the page → what it becomes: most are asked for again at each change
  function learn(said) {
    answers.clear();
    for (const [name, form] of [...Object.entries(ENGLISH), ...Object.entries(said)]) forms.set(form, name);
  }
  function mended(text) {
    if (!answers.has(text)) answers.set(text, translated(text));
    return answers.get(text);
  }
  function translated(text) {
    const exact = forms.get(text);
    if (exact) return words.mended[exact];
    for (const [form, name] of forms) {
      const [before, after] = form.split("{}");
      if (after === undefined || !text.startsWith(before) || !text.endsWith(after)) continue;
      const middle = text.slice(before.length, text.length - after.length);
      if (middle && (before || /^\d+$/.test(middle))) return words.mended[name].replace("{}", () => middle);
    }
    return text;
  }
  function mend() {
    if (!words.mended) return;
    for (const name of ["aria-label", "placeholder"])
      for (const element of document.querySelectorAll(`.stApp [${name}], [data-testid="portal"] [${name}]`)) {
        const said = element.getAttribute(name), better = mended(said);
        if (better !== said) element.setAttribute(name, better);
      }
    for (const box of document.querySelectorAll(SPOKEN)) {
      const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const node = walker.currentNode, better = mended(node.data);
        if (better !== node.data) node.data = better;
      }
    }
  }

  let isPrinting = false;
  // Printed from the browser's own menu, the map keeps the size of its frame, scaled down to the sheet: see page.css.
  const SHEET = 690; // pixels of an A4 sheet between its margins
  const measured = new ResizeObserver(([entry]) => {
    const { width, height } = entry.contentRect, style = document.documentElement.style;
    if (!width || isPrinting || window.matchMedia("print").matches) return;
    style.setProperty("--printed-width", width + "px");
    style.setProperty("--printed-height", height + "px");
    style.setProperty("--printed-zoom", Math.min(1, SHEET / width));
  });
  let frame;
  function measureMap() {
    const found = document.querySelector(".st-key-map_area iframe");
    const app = document.querySelector(".stApp");
    if (app) document.documentElement.classList.toggle("atlas-dark", getComputedStyle(app).colorScheme === "dark");
    if (!found || found === frame) return;
    measured.disconnect();
    measured.observe((frame = found));
  }

  // From the button or with Ctrl+P the sheet, not the window, gives map and charts their size (see page.css); the map frames again what it framed.
  function setPaper(on) {
    document.documentElement.classList.toggle("atlas-paper", on);
    for (const frame of document.querySelectorAll(".st-key-map_area iframe")) {
      frame.getBoundingClientRect(); // the new size is there before the map asks for it
      frame.contentWindow.atlasMap?.setPaper(on);
    }
  }
  const press = (key) => document.querySelector(`.st-key-${key} button`)?.click();
  // Open folds, complete lists and charts of the sheet's width come from the server; then the browser is asked to print.
  function print() {
    isPrinting = true;
    setPaper(true);
    let quietFor = 0;
    const timer = setInterval(() => {
      const app = document.querySelector('[data-testid="stApp"]');
      const still = app && app.dataset.testScriptState === "notRunning" && !document.querySelector('[data-testid="stSkeleton"]');
      quietFor = still ? quietFor + 1 : 0;
      if (quietFor < 5) return;
      clearInterval(timer);
      window.print();
    }, 200);
  }
  document.body.addEventListener("click", (event) => {
    if (event.target.closest?.(":is(.st-key-print, .st-key-print_now) button")) print();
  }, true);
  window.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "p" || !document.querySelector(".st-key-print_now")) return;
    event.preventDefault();
    press("print_now");
  });
  window.addEventListener("afterprint", () => {
    if (!isPrinting) return;
    isPrinting = false;
    setPaper(false);
    press("print_end");
  });

  // A matrix that scrolls sideways on a narrow screen can be focused with Tab and scrolled with the arrow keys.
  const narrow = window.matchMedia("(max-width: 640px)");
  function reachMatrices() {
    for (const box of document.querySelectorAll('[class*="st-key-temi-"]')) {
      if (!narrow.matches) box.removeAttribute("tabindex");
      else if (box.tabIndex !== 0 || box.getAttribute("aria-label") !== words.scrolls) {
        box.tabIndex = 0;
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", words.scrolls);
      }
    }
  }
  // A card opens at its top, wherever the list was left; nothing moves for one that is already in sight.
  let card = "";
  function showCard() {
    const title = document.querySelector(".st-key-card h2");
    const name = title ? title.textContent : "";
    if (name === card) return;
    card = name;
    const way = document.querySelector(".st-key-card_back");
    if (!name || !way) return;
    const { top } = way.getBoundingClientRect();
    if (top < 0 || top > innerHeight * 0.6) way.scrollIntoView({ block: "start" });
  }
  // What page.css asks of the whole page.
  function classify() {
    const { classList } = document.documentElement;
    classList.toggle("atlas-mapped", Boolean(document.querySelector('iframe[src*="streamlit_folium"]')));
    classList.toggle("atlas-shares", Boolean(document.querySelector('.st-key-share button[aria-expanded="true"]')));
  }
  let isDue = false;
  function soon() {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => { isDue = false; translate(); reachMatrices(); measureMap(); classify(); hear(); showCard(); });
  }
  new MutationObserver(() => { mendAnnouncements(); soon(); }).observe(document.body, { childList: true, subtree: true });
  new MutationObserver(soon).observe(document.body, { subtree: true, attributeFilter: ["data-test-script-state"] });
  narrow.addEventListener("change", reachMatrices);

  return function (given, language) {
    words = given;
    learn(words.mended);
    document.documentElement.lang = language;
    skip.textContent = words.list;
    translate();
    reachMatrices();
  };
})();
