/* Additions to Streamlit for keyboard and screen reader users. Constant: the words of the interface come in the
 * call, nothing of the catalogue does. Streamlit runs it again when the language changes; it starts once. */
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
    close: "Close",
  };
  const SPOKEN = [
    '[data-testid="stHeader"]', '[data-testid="InputInstructions"]', '[data-testid="stFileUploader"]', '[role="listbox"]',
    '[role="tooltip"]', '[data-testid="stTooltipContent"]', '[data-testid="stSelectboxVirtualDropdownEmpty"]',
  ].join();
  const forms = new Map(); // text on the page → its name: translated texts are translated again when the language changes
  function learn(said) {
    for (const [name, form] of [...Object.entries(ENGLISH), ...Object.entries(said)]) forms.set(form, name);
  }
  function mended(text) {
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

  // In print the map keeps the size of its frame, scaled down to the sheet: see page.css.
  const SHEET = 690; // pixels of an A4 sheet between its margins
  const measured = new ResizeObserver(([entry]) => {
    const { width, height } = entry.contentRect;
    if (!width || window.matchMedia("print").matches) return;
    const style = document.documentElement.style;
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

  // The button asks the server for open folds and complete lists; when they have arrived the print dialog opens.
  document.body.addEventListener("click", (event) => {
    if (!event.target.closest || !event.target.closest(".st-key-print button")) return;
    let quietFor = 0;
    const timer = setInterval(() => {
      const app = document.querySelector('[data-testid="stApp"]');
      const still = app && app.dataset.testScriptState === "notRunning" && !document.querySelector('[data-testid="stSkeleton"]');
      quietFor = still ? quietFor + 1 : 0;
      if (quietFor < 5) return;
      clearInterval(timer);
      window.print();
    }, 200);
  }, true);

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
  let isDue = false;
  function soon() {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => { isDue = false; translate(); reachMatrices(); measureMap(); });
  }
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
  narrow.addEventListener("change", reachMatrices);

  return function (language, translated) {
    words = translated;
    learn(words.mended);
    document.documentElement.lang = language;
    skip.textContent = words.list;
    translate();
    reachMatrices();
  };
})();
