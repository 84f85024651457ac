/* The stage: real full screen from the click that starts it, the keys of PowerPoint, a pointer that hides, words that fit.
 * Constant: the words come in the call. It starts once; Streamlit calls it again at each change. */
window.atlasStage ||= (function () {
  "use strict";
  let words = {};
  let typed = "";
  let timer, leaving;
  const root = document.documentElement;
  const onStage = () => document.querySelector(".st-key-stage") !== null;
  const press = (key) => document.querySelector(`.st-key-${key} button:not([disabled])`)?.click();
  // A hidden button for each screen; that of the current one is disabled.
  const buttons = () => [...document.querySelectorAll('[class*="st-key-stage_go_"] button')];
  const position = () => buttons().findIndex((button) => button.disabled);

  /* Streamlit takes two clicks that arrive together for one. What is asked for while the page has not shown what it was
   * asked for last waits for that, so that three quick keys are three screens; after three seconds it waits no longer. */
  const LEAVE = "leave", PATIENCE = 3000;
  let wanted = null, asked = null, askedAt = 0;
  const isAnswered = () => asked === null || (asked === LEAVE ? !onStage() : asked === position()) || performance.now() - askedAt >= PATIENCE;
  function serve() {
    if (!isAnswered()) return;
    asked = wanted;
    wanted = null;
    if (asked === null) return;
    askedAt = performance.now();
    setTimeout(serve, PATIENCE);
    press(asked === LEAVE ? "stage_leave" : `stage_go_${asked}`);
  }
  function go(to) { if (to === LEAVE || (to >= 0 && to < buttons().length)) { wanted = to; serve(); } }
  function turn(by) {
    const from = wanted ?? (isAnswered() ? position() : asked);
    if (from !== LEAVE) go(from + by);
  }

  function tell(text) {
    document.querySelector(".atlas-lost")?.remove();
    const box = Object.assign(document.createElement("div"), { className: "atlas-lost", textContent: text });
    box.setAttribute("role", "status");
    document.body.append(box);
    setTimeout(() => box.remove(), 6000);
  }

  // Full screen may only be asked for in the click itself, before the server has answered.
  document.addEventListener("click", (event) => {
    const starts = event.target.closest?.('.st-key-story_present button, [class*="st-key-stop_present_"] button');
    if (!starts) return;
    clearTimeout(leaving); // of a presentation that has just been left
    if (document.fullscreenElement) return;
    if (!root.requestFullscreen) tell(words.noFull);
    else root.requestFullscreen().catch(() => tell(words.noFull));
  }, true);
  // Escape leaves full screen before any page hears of it: then the stage is left too, as in PowerPoint.
  document.addEventListener("fullscreenchange", () => {
    if (!document.fullscreenElement && onStage()) go(LEAVE);
  });

  const next = () => turn(1), previous = () => turn(-1), black = () => root.classList.toggle("atlas-black");
  const keys = {
    PageDown: next, ArrowRight: next, ArrowDown: next, " ": next, n: next,
    PageUp: previous, ArrowLeft: previous, ArrowUp: previous, Backspace: previous, p: previous,
    Home: () => go(0), End: () => go(buttons().length - 1), Escape: () => go(LEAVE),
    t: () => press("stage_theme"), b: black, ".": black,
    Enter: () => { if (typed) go(Number(typed) - 1); else next(); typed = ""; },
  };
  window.addEventListener("keydown", (event) => {
    if (!onStage() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("button, a, input, textarea") && [" ", "Enter"].includes(event.key)) return;
    if (/^[0-9]$/.test(event.key)) { typed = (typed + event.key).slice(-3); return; }
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    if (event.repeat && !isAnswered()) return; // a key that is held goes as fast as the screens come, and stops with the finger
    act();
  });
  document.addEventListener("click", (event) => {
    const button = event.isTrusted && event.target.closest?.(":is(.st-key-stage_next, .st-key-stage_previous) button");
    if (!button) return;
    event.stopPropagation();
    turn(button.closest(".st-key-stage_next") ? 1 : -1);
  }, true);

  // A finger that goes sideways over the words turns the screen; the map keeps the fingers that are on it.
  let finger = null;
  document.addEventListener("touchstart", (event) => {
    finger = onStage() && event.touches.length === 1 && !event.target.closest?.("button, a") ? event.touches[0] : null;
  }, { passive: true });
  document.addEventListener("touchend", (event) => {
    if (!finger) return;
    const x = event.changedTouches[0].clientX - finger.clientX, y = event.changedTouches[0].clientY - finger.clientY;
    if (Math.abs(x) > 50 && Math.abs(x) > 2 * Math.abs(y)) turn(x < 0 ? 1 : -1);
    finger = null;
  });

  // In the builder Alt with an arrow moves the screen that has the focus, which goes with it.
  window.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key], card = event.target.closest?.('[class*="st-key-stop_row_"], [class*="st-key-stop_head_"]');
    if (!by || !card || !event.altKey || onStage()) return;
    event.preventDefault();
    const at = Number(/st-key-stop_(?:row|head)_(\d+)/.exec(card.className)[1]);
    const mover = document.querySelector(`.st-key-stop_${by < 0 ? "up" : "down"}_${at} button:not([disabled])`);
    if (!mover) return;
    mover.click();
    const app = document.querySelector('[data-testid="stApp"]');
    const follow = () => {
      if (app.dataset.testScriptState !== "notRunning") { requestAnimationFrame(follow); return; }
      document.querySelector(`.st-key-stop_title_${at + by} input`)?.focus();
    };
    setTimeout(follow, 100);
  });

  // Controls appear on movement and go after a while; the pointer with them.
  const wake = () => {
    rest(false);
    clearTimeout(timer);
    timer = setTimeout(() => { if (onStage()) rest(true); }, 3000);
  };
  // The map is a page of its own: its controls rest too, and a movement over it is a movement.
  const known = new WeakSet();
  function rest(on) {
    root.classList.toggle("atlas-idle", on);
    for (const frame of document.querySelectorAll(".st-key-stage_map iframe")) {
      const inner = frame.contentDocument;
      if (!inner || !inner.documentElement) continue; // not loaded yet
      inner.documentElement.classList.toggle("atlas-idle", on);
      if (known.has(inner)) continue;
      known.add(inner);
      for (const kind of ["mousemove", "touchstart", "focusin"]) inner.addEventListener(kind, wake, { passive: true });
    }
  }
  for (const kind of ["mousemove", "touchstart", "focusin"]) document.addEventListener(kind, wake, { passive: true });

  // Words that have no room are written smaller, before they are seen; where everything scrolls they keep their size.
  function fit() {
    const side = document.querySelector('[class*="st-key-stage_side_"]'), title = document.querySelector(".st-key-stage h1");
    if (!side || !title) return;
    const shrink = (name, fits) => {
      for (let size = 100; size >= 40; size -= 4) {
        root.style.setProperty(name, size / 100);
        if (fits()) break;
      }
    };
    const scrolls = getComputedStyle(document.querySelector(".stMain")).overflowY === "auto", isCover = side.matches(".st-key-stage_side_cover");
    shrink("--fit-title", () => scrolls || title.offsetHeight <= innerHeight * (isCover ? 0.45 : 0.2));
    shrink("--fit", () => scrolls || isCover || (side.scrollHeight <= side.clientHeight + 1 && side.scrollWidth <= side.clientWidth + 1));
  }
  document.fonts?.ready.then(fit);
  // Measured again whenever the stage gets another size: while a window changes, there is a moment without any width.
  const sized = new ResizeObserver(fit);
  let watched;

  new MutationObserver(serve).observe(root, { subtree: true, childList: true, attributes: true, attributeFilter: ["disabled"] });

  // Off the stage nothing of it stays: the full screen, the black, the hidden pointer.
  let staged = false;
  const leave = () => { if (!onStage() && document.fullscreenElement) document.exitFullscreen(); };
  new MutationObserver(() => {
    const stage = document.querySelector(".st-key-stage");
    if (stage && stage !== watched) { sized.disconnect(); sized.observe((watched = stage)); }
    if (stage) { staged = true; fit(); return; }
    root.classList.remove("atlas-black", "atlas-idle");
    if (staged) leaving = setTimeout(leave, 500); // by Escape or any other way; a stop that is drawn anew is back by then
    staged = false;
  }).observe(root, { subtree: true, childList: true, characterData: true });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.(".st-key-stage_leave button") && document.fullscreenElement) document.exitFullscreen();
  });

  return (translated) => { words = translated; wake(); };
})();
