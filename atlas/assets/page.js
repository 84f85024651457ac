/* What Streamlit leaves out for people with a keyboard or a screen reader. Constant: the words of the interface come in the
 * call, nothing of the catalogue does. Streamlit runs it again when the language changes; it starts once. */
window.atlasPage ||= (function () {
  "use strict";

  // `r` alone would run the page again under somebody's hands, and `c` belongs to developers. Fields and widgets have heard a
  // key when it comes to the body; Streamlit's own listener sits one step above.
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
  function translate() {
    const first = document.querySelector('[data-testid="stSkipToContent"]');
    if (first && first.textContent !== words.content) first.textContent = words.content;
  }

  // A matrix that scrolls sideways on a narrow screen is reached with Tab and moved with the arrows.
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
  new MutationObserver(() => { translate(); reachMatrices(); }).observe(document.body, { childList: true, subtree: true });
  narrow.addEventListener("change", reachMatrices);

  return function (language, translated) {
    words = translated;
    document.documentElement.lang = language;
    skip.textContent = words.list;
    translate();
    reachMatrices();
  };
})();
