/* The search: every word of the question begins a word of the page; titles count more than places, places than text.
 *
 * The index is a list of [title, note, address, other words]. What is found is written with textContent only.
 */
(function () {
  "use strict";
  const MOST = 100, list = document.getElementById("results"), said = document.getElementById("said");
  const field = document.getElementById("words");
  const asked = (new URLSearchParams(location.search).get("q") || "").slice(0, 200);
  field.value = asked;

  function fold(text) {
    return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[’‘]/g, "'");
  }

  function wordsOf(text) {
    return fold(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  }

  // How well a page answers: 0 if a word is missing, else the sum of where each word was found.
  function weigh(entry, wanted) {
    let sum = 0;
    for (const word of wanted) {
      const at = entry.words.findIndex((words) => words.some((one) => one.startsWith(word)));
      if (at < 0) return 0;
      sum += 9 >> at;
      if (entry.words[at].includes(word)) sum += 1;
    }
    return sum + 1 / (1 + entry.words[0].length);
  }

  function show(entries, wanted) {
    const found = entries.map((entry) => [weigh(entry, wanted), entry]).filter(([weight]) => weight).sort((a, b) => b[0] - a[0]);
    const form = found.length === 0 ? said.dataset.none : found.length === 1 ? said.dataset.one : said.dataset.other;
    said.textContent = form.replace("{n}", found.length.toLocaleString(document.documentElement.lang, { useGrouping: "always" }));
    list.textContent = "";
    for (const [, entry] of found.slice(0, MOST)) {
      const line = document.createElement("li"), link = document.createElement("a"), note = document.createElement("span");
      link.textContent = entry.title;
      link.href = entry.address;
      note.textContent = entry.note;
      line.append(link, note);
      list.appendChild(line);
    }
  }

  const wanted = wordsOf(asked);
  if (!wanted.length) return;
  fetch(list.dataset.index)
    .then((answer) => answer.json())
    .then((rows) => show(rows.map(([title, note, address, more]) => ({ title, note, address, words: [wordsOf(title), wordsOf(note), wordsOf(more)] })), wanted));
})();
