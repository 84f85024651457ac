/* The messages of the page when the connection breaks, and when a new session has replaced the one that held
 * somebody's work. Constant: words and marks come in the call. It starts once; Streamlit calls it again at each change. */
window.atlasSession ||= (function () {
  "use strict";
  const KEY = "atlas.session";
  const CONNECTED = "CONNECTED";
  let words = {};

  // Streamlit's text here is English in every language. Its text nodes are kept, only their content changes.
  const ENGLISH = [
    [/^Connection error$/, "cut"],
    [/^Streamlit server is not responding|^Is Streamlit still running/, "cutText"],
    [/^Failed to generate file for download/, "fileFailed"],
    [/^Error: ?$/, ""],
    [/^(AxiosError: )?(Network Error|Request aborted|timeout of|Request failed)/, "uploadCut"],
  ];
  function translate() {
    const places = document.querySelectorAll('[role="dialog"], [data-testid="stFileUploader"], [data-testid="stDownloadButtonError"]');
    for (const place of places) {
      const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const said = ENGLISH.find(([english]) => english.test(walker.currentNode.nodeValue));
        if (said) walker.currentNode.nodeValue = words[said[1]] || "";
      }
    }
  }

  // Streamlit does not redraw after reconnecting: with a new session the page would show outdated content and lose the
  // view at the next step. A popstate event, as after "back", makes the server draw the view of the address.
  let wasConnected = true;
  function watchLine() {
    const app = document.querySelector("[data-test-connection-state]");
    const isConnected = !app || app.dataset.testConnectionState === CONNECTED;
    if (isConnected && !wasConnected) window.dispatchEvent(new PopStateEvent("popstate"));
    wasConnected = isConnected;
  }
  const everywhere = { subtree: true, childList: true, attributes: true, attributeFilter: ["data-test-connection-state"] };
  new MutationObserver(() => { translate(); watchLine(); }).observe(document.body, everywhere);

  function tell(text) {
    document.querySelector(".atlas-lost")?.remove();
    const box = document.createElement("div");
    box.className = "atlas-lost";
    box.setAttribute("role", "alert");
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = words.close;
    close.addEventListener("click", () => box.remove());
    box.append(Object.assign(document.createElement("p"), { textContent: text }), close);
    document.body.append(box);
  }

  // Only this window knows what its last session held, because the server may have restarted.
  // The presentation stays in this browser: its screens as a link has them, none of anybody's own data.
  // So does what is written in the form of a proposal, which is handed back only where the form is.
  const offered = new Set();
  function keep(key, parameter, kept, isWanted) {
    try {
      if (kept) localStorage.setItem(key, kept);
      else if (kept === "") localStorage.removeItem(key);
      else if (isWanted && localStorage.getItem(key) && !offered.has(key)) {
        offered.add(key);
        const address = new URL(location.href);
        if (address.searchParams.has(parameter) || address.searchParams.has("sala")) return;
        address.searchParams.set(parameter, localStorage.getItem(key));
        history.replaceState(history.state, "", address);
        window.dispatchEvent(new PopStateEvent("popstate"));
      }
    } catch (e) { /* storage may be closed: then nothing is kept */ }
  }

  return function (translated, session, holds, deck, draft, isForm) {
    words = translated;
    try {
      const before = JSON.parse(sessionStorage.getItem(KEY) || "null");
      if (before && before.session !== session && words.lost[before.holds]) tell(words.lost[before.holds]);
      sessionStorage.setItem(KEY, JSON.stringify({ session, holds }));
    } catch (e) { /* storage may be blocked: then nothing is known about earlier sessions */ }
    translate();
    keep("atlas.deck", "tappe", deck, true);
    keep("atlas.draft", "bozza", draft, isForm);
  };
})();
