/* What a person would stumble over, measured in a document: each function returns one line for each fault. */
window.atlasMeasures = (() => {
  "use strict";
  const seen = (element) => {
    const box = element.getBoundingClientRect();
    return element.checkVisibility({ visibilityProperty: true }) && box.width > 2 && box.height > 2;
  };
  const tell = (element) => {
    const name = element.getAttribute("aria-label") || element.innerText || element.title || "";
    const key = /st-key-[\w-]+/.exec(element.closest('[class*="st-key-"]')?.className || "") || [""];
    return `${element.tagName} ${element.getAttribute("role") || ""} "${name.trim().slice(0, 40)}" ${key[0]}`;
  };
  const CONTROLS = 'a[href], button, input, select, textarea, summary, [role="button"], [role="radio"], [role="tab"], [tabindex="0"]';

  /* WCAG 2.5.8 (AA): 24 px each way, but for links in a sentence. A field counts with the frame around it. */
  function smallTargets() {
    const faults = [];
    for (const element of document.querySelectorAll(CONTROLS)) {
      if (!seen(element) || element.disabled || inSentence(element)) continue;
      const target = element.matches("input") ? element.closest('label, [role="group"], [data-testid="stTextInputRootElement"]') || element : element;
      const { width, height } = target.getBoundingClientRect();
      if (width < 23.9 || height < 23.9) faults.push(`${width.toFixed(1)}×${height.toFixed(1)} ${tell(element)}`);
    }
    return faults;
  }

  function inSentence(element) {
    const around = element.parentElement.innerText.trim().length - element.innerText.trim().length;
    return element.matches("a[href]") && getComputedStyle(element).display === "inline" && around > 0;
  }

  /* Words that a box cuts off and that no scrolling brings back. */
  function cutTexts() {
    const faults = new Set();
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = words.nextNode(); node; node = words.nextNode()) {
      const parent = node.parentElement;
      if (!node.data.trim() || !seen(parent) || parent.closest('script, style, [data-testid="stIconMaterial"]')) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const line of range.getClientRects()) {
        const cutter = line.width > 2 && cutterOf(parent, line);
        if (cutter) faults.add(`"${node.data.trim().slice(0, 40)}" cut by ${tell(cutter)}`);
      }
    }
    return [...faults];
  }

  function cutterOf(element, line) {
    const slack = 0.2 * line.height; // letters are lower than the box that the browser gives them
    for (let box = element; box && box !== document.body; box = box.parentElement) {
      const style = getComputedStyle(box);
      const edges = box.getBoundingClientRect();
      if (edges.width <= 2 && edges.height <= 2) return null; // words for a screen reader alone
      const hides = (way) => ["hidden", "clip"].includes(way);
      if (hides(style.overflowX) && (line.left < edges.left - 2 || line.right > edges.right + 2)) return box;
      if (hides(style.overflowY) && (line.top + slack < edges.top || line.bottom - slack > edges.bottom)) return box;
      // Beyond something that scrolls, or stands on the screen by itself, other boxes cut nothing.
      if (/auto|scroll/.test(style.overflow) || style.position === "fixed") return null;
    }
    return null;
  }

  function sideways() {
    const boxes = [document.documentElement, document.querySelector('[data-testid="stMain"]')];
    return boxes.filter((box) => box && box.scrollWidth > box.clientWidth).map((box) => `${box.tagName} is ${box.scrollWidth} px wide`);
  }

  /* WCAG 1.4.11: where a control has a ground or an edge of its own, one of them stands out 3:1. */
  function faintEdges() {
    const faults = new Set();
    for (const element of document.querySelectorAll('button, input, textarea, summary, [role="radio"]')) {
      if (!seen(element) || element.disabled || getComputedStyle(element).opacity === "0") continue;
      let box = element;
      if (element.matches("input, textarea")) while (box.parentElement && !hasEdge(box)) box = box.parentElement;
      const style = getComputedStyle(box);
      const around = ground(box.parentElement);
      const edge = hasEdge(box) ? contrast(mix(colour(style.borderTopColor), around), around) : 1;
      const inside = contrast(ground(box), around);
      const bare = edge === 1 && inside < 1.02; // words alone: their contrast is axe's business
      if (!bare && Math.max(edge, inside) < 3) faults.add(`${Math.max(edge, inside).toFixed(2)}:1 ${tell(element)}`);
    }
    return [...faults];
  }

  const hasEdge = (element) => {
    const style = getComputedStyle(element);
    return parseFloat(style.borderTopWidth) > 0 && style.borderTopStyle !== "none" && colour(style.borderTopColor)[3] > 0;
  };
  const colour = (text) => {
    const parts = text.match(/[\d.]+/g).map(Number);
    const scale = text.startsWith("color(") ? 255 : 1;
    return [...parts.slice(0, 3).map((part) => part * scale), parts[3] ?? 1];
  };
  const mix = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const ground = (element) => {
    const layers = [];
    for (let node = element; node; node = node.parentElement) layers.push(colour(getComputedStyle(node).backgroundColor));
    return layers.reduceRight((below, layer) => mix(layer, below), [255, 255, 255, 1]);
  };
  const light = ([...rgb]) => {
    const [r, g, b] = rgb.slice(0, 3).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };

  /* How an element and what stands around it look: with the focus it must be another text than without. */
  function look(element) {
    const looks = [];
    for (let node = element, i = 0; node && i < 6; node = node.parentElement, i += 1) {
      const style = getComputedStyle(node);
      looks.push([style.outlineStyle, style.outlineWidth, style.boxShadow, style.borderColor, style.backgroundColor, style.top].join());
    }
    return looks.join(";");
  }

  /* WCAG 2.4.11: at least a part of it is in sight and nothing lies over that part. */
  function inSight(element) {
    const box = element.getBoundingClientRect();
    return [0.05, 0.25, 0.5, 0.75, 0.95].some((x) => [0.1, 0.3, 0.5, 0.7, 0.9].some((y) => {
      const on = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height);
      return on && (element.contains(on) || on.contains(element) || on.closest("label")?.contains(element));
    }));
  }

  return { smallTargets, cutTexts, sideways, faintEdges, look, inSight, tell };
})();
