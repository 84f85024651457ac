/* The home page: fetches the names of the places, then starts the map and the filters of the offline page. */
(function () {
  "use strict";
  const names = document.getElementById("names"), explore = document.getElementById("explore");
  fetch(names.dataset.from)
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(String(answer.status)))))
    .then((text) => {
      names.textContent = text;
      explore.hidden = false;
      document.getElementById("plain").style.display = "none";  // on paper it is back
      const script = document.createElement("script");
      script.src = explore.dataset.script;
      document.body.appendChild(script);
    })
    .catch(() => {});  // the tables of the page stay, as without a script
})();
