/* Zoom and pan of a drawn map by buttons, keys (+ − 0 and arrows) and dragging; the drawing itself is the server's. */
import { each, make } from "./dom.js";

const LETTER = 13;

each("[data-map]", (frame) => {
  const drawing = frame.querySelector("svg");
  const [, , width, height] = drawing.getAttribute("viewBox").split(" ").map(Number);
  const view = { x: 0, y: 0, scale: 1 };

  function show() {
    view.scale = Math.min(Math.max(view.scale, 1), 8);
    const [w, h] = [width / view.scale, height / view.scale];
    view.x = Math.min(Math.max(view.x, 0), width - w);
    view.y = Math.min(Math.max(view.y, 0), height - h);
    drawing.setAttribute("viewBox", `${view.x} ${view.y} ${w} ${h}`);
    frame.classList.toggle("is-panning", view.scale > 1);
    // Names and points keep their size on the screen, however large the drawing is.
    const scale = Math.max(w / drawing.clientWidth, h / drawing.clientHeight);
    drawing.style.setProperty("--map-scale", String(scale));
    // A name wider than its area waits until somebody zooms in.
    for (const name of drawing.querySelectorAll("[data-room]")) {
      name.classList.toggle("is-cramped", name.textContent.length * LETTER * scale > Number(name.dataset.room) * 1.15);
    }
  }
  function zoom(factor, at = { x: view.x + width / view.scale / 2, y: view.y + height / view.scale / 2 }) {
    const before = view.scale;
    view.scale = Math.min(Math.max(view.scale * factor, 1), 8);
    view.x = at.x - (at.x - view.x) * (before / view.scale);
    view.y = at.y - (at.y - view.y) * (before / view.scale);
    show();
  }
  const all = () => {
    Object.assign(view, { x: 0, y: 0, scale: 1 });
    show();
  };

  const { wordIn, wordOut, wordAll } = frame.dataset;
  const tools = make("div", { class: "map-tools" });
  // Another drawing on top of this one answers first.
  const first = (name, act) => () => frame.dispatchEvent(new CustomEvent("linli:map", { detail: name, cancelable: true })) && act();
  const choices = [["+", wordIn, first("in", () => zoom(1.6))], ["−", wordOut, first("out", () => zoom(1 / 1.6))], ["⤢", wordAll, first("all", all)]];
  for (const [sign, word, act] of choices) {
    const button = make("button", { type: "button", class: "button button-small button-icon", "aria-label": word, title: word }, sign);
    button.addEventListener("click", act);
    tools.append(button);
  }
  frame.after(tools);
  show();
  window.addEventListener("resize", show);

  frame.addEventListener("keydown", (event) => {
    const step = width / view.scale / 8;
    const acts = {
      "+": () => zoom(1.6), "=": () => zoom(1.6), "-": () => zoom(1 / 1.6), 0: all,
      ArrowLeft: () => { view.x -= step; show(); }, ArrowRight: () => { view.x += step; show(); },
      ArrowUp: () => { view.y -= step; show(); }, ArrowDown: () => { view.y += step; show(); },
    };
    if (!acts[event.key] || (view.scale === 1 && event.key.startsWith("Arrow"))) return;
    acts[event.key]();
    event.preventDefault();
  });

  let from = null;
  drawing.addEventListener("pointerdown", (event) => {
    if (view.scale > 1) from = { x: event.clientX, y: event.clientY, vx: view.x, vy: view.y, moved: false };
  });
  drawing.addEventListener("pointermove", (event) => {
    if (!from) return;
    const ratio = Math.max(width / drawing.clientWidth, height / drawing.clientHeight) / view.scale;
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
    from.moved = from.moved || Math.abs(dx) + Math.abs(dy) > 6;
    view.x = from.vx - dx * ratio;
    view.y = from.vy - dy * ratio;
    show();
  });
  window.addEventListener("pointerup", () => {
    if (from && from.moved) drawing.addEventListener("click", (event) => event.preventDefault(), { once: true, capture: true });
    from = null;
  });
});
