/* The saved decks of this browser: their names, and the links that hold them; nothing of anybody's own data. Constant: the
 * words and the current deck come in the call. Texts are written with textContent only. */
window.atlasDecks ||= (function () {
  "use strict";
  const KEY = "atlas.decks", PARAMETER = "tappe";
  let words = {}, current = { name: "", link: "" };

  function read() {
    try {
      const decks = JSON.parse(localStorage.getItem(KEY) || "[]");
      return Array.isArray(decks) ? decks.filter((deck) => typeof deck.name === "string" && typeof deck.link === "string") : [];
    } catch { return []; }
  }

  function write(decks) {
    try { localStorage.setItem(KEY, JSON.stringify(decks)); } catch { /* storage may be closed: nothing is kept */ }
    draw();
  }

  function button(text, label, act) {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  }

  // As a link that somebody sent: the server reads the deck from the address.
  function open(deck) {
    const address = new URL(location.href);
    address.searchParams.set(PARAMETER, deck.link);
    history.replaceState(history.state, "", address);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }

  function save() {
    const field = document.querySelector(".atlas-decks input");
    const name = field.value.trim().slice(0, 200) || current.name;
    if (name && current.link) write([{ name, link: current.link }, ...read().filter((deck) => deck.name !== name)]);
  }

  function rename(deck, line) {
    const field = Object.assign(document.createElement("input"), { value: deck.name, maxLength: 200 });
    field.setAttribute("aria-label", words.rename);
    const take = () => {
      const name = field.value.trim() || deck.name;
      write(read().filter((one) => one.name !== name || one.name === deck.name).map((one) => (one.name === deck.name ? { ...one, name } : one)));
    };
    field.addEventListener("keydown", (event) => { if (event.key === "Enter") take(); });
    line.replaceChildren(field, button(words.done, words.done, take));
    field.focus();
  }

  function draw() {
    const box = document.querySelector(".atlas-decks");
    if (!box) return;
    const rows = read().map((deck) => {
      const line = document.createElement("li");
      const say = (word) => `${words[word]}: ${deck.name}`;
      line.append(
        Object.assign(document.createElement("span"), { textContent: deck.name }),
        button(words.open, say("open"), () => open(deck)),
        button(words.rename, say("rename"), () => rename(deck, line)),
        button(words.remove, say("remove"), () => write(read().filter((one) => one.name !== deck.name))),
      );
      return line;
    });
    const list = document.createElement("ul");
    list.append(...rows);
    const label = Object.assign(document.createElement("label"), { textContent: words.name });
    const field = Object.assign(document.createElement("input"), { value: current.name, maxLength: 200 });
    label.append(field);
    const keep = button(words.save, words.save, save);
    const parts = current.link ? [label, keep] : [];
    box.replaceChildren(...parts, ...(rows.length ? [list] : [Object.assign(document.createElement("p"), { textContent: words.none })]));
  }

  return (translated, name, link) => {
    words = translated;
    current = { name, link };
    draw();
  };
})();
