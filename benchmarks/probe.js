/* Runs first in every frame of a measured page and notes when somebody draws.
 *
 * The same rule for every build: the picture is there at the second animation frame after the last drawing call.
 * Times are milliseconds since the epoch, comparable between frames of one browser.
 */
(function () {
  "use strict";
  const now = () => performance.timeOrigin + performance.now();
  const bench = (window.__bench = { draws: 0, last: 0, painted: 0, pressed: 0, clear: clear });
  let waiting = false;

  function clear() { bench.draws = bench.last = bench.painted = bench.pressed = 0; }

  function note() {
    bench.draws += 1;
    bench.last = now();
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(again);
  }

  // Two frames after the last call: a call in between starts the wait anew.
  function again() {
    const seen = bench.last;
    requestAnimationFrame(() => {
      if (bench.last !== seen) { requestAnimationFrame(again); return; }
      bench.painted = now();
      waiting = false;
    });
  }

  function wrap(prototype, names) {
    for (const name of names) {
      const original = prototype && prototype[name];
      if (!original) continue;
      prototype[name] = function () {
        note();
        return original.apply(this, arguments);
      };
    }
  }

  wrap(window.CanvasRenderingContext2D && CanvasRenderingContext2D.prototype, ["fill", "stroke", "drawImage"]);
  for (const gl of [window.WebGLRenderingContext, window.WebGL2RenderingContext])
    wrap(gl && gl.prototype, ["drawElements", "drawArrays", "drawElementsInstanced", "drawArraysInstanced"]);
  // Vector shapes in a frame are drawn by the browser itself, each after its path was set.
  const setAttribute = Element.prototype.setAttribute;
  if (window !== window.top) Element.prototype.setAttribute = function (name) {
    if (name === "d") note();
    return setAttribute.apply(this, arguments);
  };
  // The press that counts is the last one before the picture: opening a list is not yet a change.
  window.addEventListener("pointerup", () => { bench.pressed = now(); }, true);
})();
