/* Drawing a line around a place: press, drag, let go; what it encloses is counted by the server. A finger scrolls the
   page until “开始圈” is pressed. Without script parts and buildings are ticked in the lists below the map. */
const map = document.querySelector("[data-draw-map]");
const form = document.querySelector("[data-draw-form]");
const tools = document.querySelector("[data-draw-tools]");

if (map && form && tools) {
  const shape = form.querySelector("[data-draw-shape]");
  const line = map.querySelector("[data-draw-line]");
  const start = tools.querySelector("[data-draw-start]");
  const say = tools.querySelector("[data-draw-say]");
  const box = Object.fromEntries(["west", "east", "south", "north"].map((side) => [side, Number(map.dataset[side])]));
  const MOST = 80;
  let drawing = false;
  let points = null;
  tools.hidden = false;

  function ready(on) {
    drawing = on;
    start.setAttribute("aria-pressed", String(on));
    map.classList.toggle("is-drawing", on);
    say.textContent = on ? say.dataset.begin : "";
  }

  function at(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
    return [point.x, point.y];
  }

  function show() {
    line.setAttribute("d", points.length > 1 ? `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z` : "");
  }

  function place([x, y]) {
    const { width, height } = map.viewBox.baseVal;
    const lon = box.west + (x / width) * (box.east - box.west);
    const lat = box.north - (y / height) * (box.north - box.south);
    return [Number(lon.toFixed(6)), Number(lat.toFixed(6))];
  }

  start.addEventListener("click", () => ready(!drawing));
  tools.querySelector("[data-draw-clear]").addEventListener("click", () => {
    shape.value = "";
    line.setAttribute("d", "");
    say.textContent = "";
  });
  map.addEventListener("pointerdown", (event) => {
    if (!drawing) return;
    event.preventDefault();
    points = [at(event)];
    map.setPointerCapture(event.pointerId);
  });
  map.addEventListener("pointermove", (event) => {
    if (!points) return;
    const [x, y] = at(event);
    const [lastX, lastY] = points[points.length - 1];
    if (Math.hypot(x - lastX, y - lastY) < 3) return;
    points.push([x, y]);
    show();
  });
  map.addEventListener("pointerup", () => {
    if (!points) return;
    const step = Math.ceil(points.length / MOST);
    const kept = points.filter((_point, number) => number % step === 0).map(place);
    points = null;
    if (kept.length < 3) {
      say.textContent = say.dataset.short;
      return;
    }
    shape.value = JSON.stringify({ type: "Polygon", coordinates: [[...kept, kept[0]]] });
    ready(false);
    form.requestSubmit();
  });
  map.addEventListener("pointercancel", () => { points = null; });
}
