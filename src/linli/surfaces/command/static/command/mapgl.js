/* Where the machine has graphics (WebGL 2 in hardware) the map of a board is drawn by MapLibre: it zooms without
   steps, keeps its names apart and follows the pointer. Everything is read from the server's drawing, which stays in
   the page for keyboards, screen readers, printers and machines without WebGL; a click here is a click there. */
import { each, make } from "../parts/js/dom.js";

const CHOICE = "linli-map";
const WIDTH = 800;

/** The drawing somebody chose here ("gl", "svg"), or nothing. */
function chosen() {
  try {
    return localStorage.getItem(CHOICE) || "";
  } catch {
    return "";
  }
}

function choose(which) {
  try {
    localStorage.setItem(CHOICE, which);
  } catch {
    /* without storage the choice holds for this page */
  }
}

/** How this machine draws WebGL 2: "quick", "slow" (a processor stands in for graphics), or not at all. */
function speed() {
  const context = document.createElement("canvas").getContext("webgl2");
  if (!context) return "";
  const info = context.getExtension("WEBGL_debug_renderer_info");
  const name = context.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : context.RENDERER);
  const lose = context.getExtension("WEBGL_lose_context");
  if (lose) lose.loseContext();
  return /swiftshader|llvmpipe|software|basic render/i.test(name) ? "slow" : "quick";
}

/* -- from the drawing to places ---------------------------------------------------------------------------------------- */

/** The colour a name stands on, so that it can be read across a border. */
function around(text) {
  const step = [...text.classList].map((name) => name.match(/^region-name-(\d)$/)).find(Boolean);
  const region = step && text.ownerSVGElement.querySelector(`.region-${step[1]}`);
  return region ? getComputedStyle(region).fill : "rgba(0, 0, 0, 0)";
}

/** Read the server's drawing back into places: its units are linear in longitude and latitude. */
function read(frame) {
  const drawing = frame.querySelector("svg");
  const [west, south, east, north] = frame.dataset.bounds.split(" ").map(Number);
  const height = Number(frame.dataset.height);
  const place = (x, y) => [west + (x / WIDTH) * (east - west), north - (y / height) * (north - south)];
  const links = [];
  const link = (element) => links.push(element.closest("a")) - 1;
  const feature = (geometry, properties, id) => ({ type: "Feature", id, geometry, properties });
  const regions = [...drawing.querySelectorAll(".region")].map((path) => {
    const look = getComputedStyle(path);
    const rings = path.getAttribute("d").split("Z").filter(Boolean);
    const outlines = rings.map((ring) => {
      const points = ring.slice(1).split("L").map((pair) => place(...pair.split(" ").map(Number)));
      return [[...points, points[0]]];
    });
    const id = link(path);
    const said = path.querySelector("title").textContent.trim();
    return feature({ type: "MultiPolygon", coordinates: outlines }, { id, said, fill: look.fill, line: look.stroke }, id);
  });
  const names = [...drawing.querySelectorAll(".region-name")].map((text) =>
    feature(
      { type: "Point", coordinates: place(Number(text.getAttribute("x")), Number(text.getAttribute("y"))) },
      { name: text.textContent.trim(), fill: getComputedStyle(text).fill, halo: around(text) },
    ));
  const points = [...drawing.querySelectorAll(".map-point")].map((circle) =>
    feature(
      { type: "Point", coordinates: place(Number(circle.getAttribute("cx")), Number(circle.getAttribute("cy"))) },
      { id: link(circle), said: circle.querySelector("title").textContent.trim(), fill: getComputedStyle(circle).fill },
    ));
  // What the server did not draw: see dots.js.
  const [rice, late] = ["map-dots", "map-dots-late"].map((kind) => {
    const path = drawing.querySelector(`path.${kind}`);
    return path ? getComputedStyle(path).stroke : "";
  });
  for (const dot of frame.dots || []) {
    const properties = { id: -1, said: dot.number, url: dot.url, fill: dot.late ? late : rice, small: true };
    points.unshift(feature({ type: "Point", coordinates: [dot.lon, dot.lat] }, properties));
  }
  const collected = (features) => ({ type: "FeatureCollection", features });
  return {
    bounds: [[west, south], [east, north]], links,
    regions: collected(regions), names: collected(names), points: collected(points),
  };
}

/* -- drawing ----------------------------------------------------------------------------------------------------------- */

/** The one map of the page; a board that brings its tile anew hands it on instead of drawing it again. */
let kept = null;

function style(places) {
  const source = (data) => ({ type: "geojson", data });
  const lit = ["boolean", ["feature-state", "lit"], false];
  return {
    version: 8,
    sources: { regions: source(places.regions), names: source(places.names), points: source(places.points) },
    layers: [
      { id: "regions", type: "fill", source: "regions", paint: { "fill-color": ["get", "fill"] } },
      {
        id: "borders", type: "line", source: "regions",
        paint: { "line-color": ["get", "line"], "line-width": ["case", lit, 4, 1.5] },
      },
      {
        id: "points", type: "circle", source: "points",
        paint: {
          "circle-color": ["get", "fill"], "circle-radius": ["case", ["has", "small"], 4, 7], "circle-stroke-color": "#fff",
          "circle-stroke-width": ["case", ["has", "small"], 1.5, 2.5],
        },
      },
      {
        id: "names", type: "symbol", source: "names",
        layout: { "text-field": ["get", "name"], "text-font": ["sans-serif"], "text-size": 14, "text-padding": 2 },
        paint: { "text-color": ["get", "fill"], "text-halo-color": ["get", "halo"], "text-halo-width": 1 },
      },
    ],
  };
}

function began(gl, frame, places) {
  const holder = make("div", { class: "map-gl", "aria-hidden": "true" });
  const tip = make("div", { class: "map-gl-tip", hidden: true });
  frame.append(holder, tip);
  const map = new gl.Map({
    container: holder, style: style(places), bounds: places.bounds, attributionControl: false, dragRotate: false,
    pitchWithRotate: false, touchPitch: false, keyboard: false, renderWorldCopies: false, fadeDuration: 0,
  });
  map.touchZoomRotate.disableRotation();
  return { map, holder, tip, places, lit: null };
}

function light(one, id) {
  if (one.lit === id) return;
  if (one.lit !== null) one.map.setFeatureState({ source: "regions", id: one.lit }, { lit: false });
  if (id !== null) one.map.setFeatureState({ source: "regions", id }, { lit: true });
  one.lit = id;
}

/** Follow the pointer: light up what is under it, say its name and number, and pass its click on to the drawing. */
function follow(one) {
  const { map, tip } = one;
  const under = (event) => map.queryRenderedFeatures(event.point, { layers: ["points", "regions"] })[0];
  map.on("mousemove", (event) => {
    const found = under(event);
    const leads = found && (found.properties.url || one.places.links[found.properties.id]);
    map.getCanvas().style.cursor = leads ? "pointer" : "";
    light(one, found && found.layer.id === "regions" ? found.properties.id : null);
    tip.hidden = !found;
    if (!found) return;
    tip.textContent = found.properties.said;
    tip.style.transform = `translate(${Math.round(event.point.x) + 14}px, ${Math.round(event.point.y) + 14}px)`;
  });
  map.on("mouseout", () => {
    light(one, null);
    tip.hidden = true;
  });
  map.on("click", (event) => {
    const found = under(event);
    if (found && found.properties.url) {
      const there = make("a", { href: found.properties.url, hidden: true });
      one.holder.parentElement.append(there);
      there.click();
      there.remove();
      return;
    }
    const link = found && one.places.links[found.properties.id];
    if (!link) return;
    const click = new MouseEvent("click", { bubbles: true, cancelable: true, view: window });
    if (link.dispatchEvent(click)) location.assign(link.getAttribute("href"));
  });
}

/** Put the kept map into the frame that came anew. */
function handOn(one, frame, places) {
  const elsewhere = one.places.bounds.flat().join() !== places.bounds.flat().join();
  light(one, null);
  Object.assign(one, { places });
  frame.append(one.holder, one.tip);
  for (const name of ["regions", "names", "points"]) one.map.getSource(name).setData(places[name]);
  one.map.resize();
  if (elsewhere) one.map.fitBounds(places.bounds, { animate: false });
}

async function draw(frame) {
  const gl = await import(frame.dataset.gl);
  gl.setWorkerUrl(new URL(frame.dataset.glWorker, location.href).href);
  const places = read(frame);
  if (kept && !kept.holder.isConnected) {
    handOn(kept, frame, places);
  } else {
    const one = began(gl, frame, places);
    await new Promise((done, failed) => {
      one.map.once("load", done);
      one.map.once("error", (event) => failed(event.error));
    }).catch((error) => {
      one.map.remove();
      one.holder.remove();
      one.tip.remove();
      throw error;
    });
    follow(one);
    kept = one;
  }
  frame.classList.add("is-gl");
}

/** Its own buttons: closer, further, the whole, and back to the plain drawing. */
function steer(frame) {
  frame.addEventListener("linli:map", (event) => {
    if (!frame.classList.contains("is-gl")) return;
    event.preventDefault();
    const { map, places } = kept;
    if (event.detail === "all") map.fitBounds(places.bounds);
    else if (event.detail === "in") map.zoomIn();
    else map.zoomOut();
  });
  frame.addEventListener("linli:dots", () => {
    if (frame.classList.contains("is-gl")) kept.map.getSource("points").setData(read(frame).points);
  });
  // Whoever goes by keyboard sees which area has the focus.
  frame.addEventListener("focusin", (event) => kept && light(kept, kept.places.links.indexOf(event.target)));
  frame.addEventListener("focusout", () => kept && light(kept, null));
}

function offer(frame) {
  const button = make("button", { type: "button", class: "button button-small map-choice" });
  const say = () => {
    button.textContent = frame.classList.contains("is-gl") ? frame.dataset.wordSvg : frame.dataset.wordGl;
  };
  button.addEventListener("click", () => {
    const on = !frame.classList.contains("is-gl");
    choose(on ? "gl" : "svg");
    if (!on) frame.classList.remove("is-gl");
    (on ? draw(frame) : Promise.resolve()).catch(() => {}).finally(say);
  });
  say();
  const tools = frame.parentElement.querySelector(".map-tools");
  if (tools) tools.prepend(button);
  return say;
}

const drawn = speed();
each("[data-map][data-gl]", (frame) => {
  if (!drawn) return;
  steer(frame);
  const say = offer(frame);
  // Where a processor would have to draw, the plain drawing is the better one, unless somebody chose otherwise.
  if (chosen() === "svg" || (drawn === "slow" && chosen() !== "gl")) return;
  const idle = window.requestIdleCallback || ((work) => setTimeout(work, 200));
  idle(() => draw(frame).catch(() => {}).finally(say), { timeout: 2000 });
});
