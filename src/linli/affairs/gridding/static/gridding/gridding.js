/* Choosing buildings on the map: a tap on one, or a frame drawn around several. A finger scrolls the page until “框选”
   is pressed. The list below is what is sent; without script it is ticked by hand. */
const map = document.querySelector("[data-grid-map]");
const boxes = new Map([...document.querySelectorAll("input[name=buildings]")].map((box) => [box.value, box]));
const count = document.querySelector("[data-grid-count]");

function show() {
  let chosen = 0;
  for (const [id, box] of boxes) {
    chosen += box.checked;
    map?.querySelector(`[data-building="${id}"]`)?.classList.toggle("is-chosen", box.checked);
  }
  if (count) count.textContent = chosen ? count.dataset.word.replace("{n}", chosen) : "";
}

function at(event) {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
  return { x: point.x, y: point.y };
}

if (map) {
  let start = null;
  let frame = null;
  const byFinger = document.querySelector("[data-grid-frame]");
  if (byFinger) {
    byFinger.hidden = false;
    byFinger.addEventListener("click", () => {
      const on = byFinger.getAttribute("aria-pressed") !== "true";
      byFinger.setAttribute("aria-pressed", String(on));
      map.classList.toggle("is-framing", on);
    });
  }
  map.addEventListener("pointerdown", (event) => {
    const dot = event.target.closest("[data-building]");
    if (dot) {
      const box = boxes.get(dot.dataset.building);
      if (box) box.checked = !box.checked;
      show();
      return;
    }
    const framing = map.classList.contains("is-framing");
    if (event.pointerType === "touch" && !framing) return; // a finger scrolls the page
    if (framing) event.preventDefault();
    start = at(event);
    frame = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    frame.setAttribute("class", "grid-frame");
    map.append(frame);
    map.setPointerCapture(event.pointerId);
  });
  map.addEventListener("pointermove", (event) => {
    if (!start) return;
    const now = at(event);
    for (const [name, value] of Object.entries({ x: Math.min(start.x, now.x), y: Math.min(start.y, now.y), width: Math.abs(now.x - start.x), height: Math.abs(now.y - start.y) })) {
      frame.setAttribute(name, value);
    }
  });
  map.addEventListener("pointerup", (event) => {
    if (!start) return;
    const end = at(event);
    const inside = (value, a, b) => value >= Math.min(a, b) && value <= Math.max(a, b);
    for (const dot of map.querySelectorAll("[data-building]")) {
      const circle = dot.querySelector("circle");
      const box = boxes.get(dot.dataset.building);
      if (box && inside(circle.cx.baseVal.value, start.x, end.x) && inside(circle.cy.baseVal.value, start.y, end.y)) box.checked = true;
    }
    frame.remove();
    start = null;
    show();
  });
  map.addEventListener("pointercancel", () => {
    frame?.remove();
    start = null;
  });
}

document.addEventListener("change", show);
show();
