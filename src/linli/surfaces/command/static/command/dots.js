/* All open matters on the map of a board: some thousands of dots, fetched when somebody asks for them and drawn as a few
   paths, one of them for what is late. A click on a dot opens its matter; the areas below answer every other click. What is
   most pressing stands in the server's drawing anyway, and everything in the lists behind the figures. */
import { announce, each, make } from "../parts/js/dom.js";

const CHOICE = "linli-dots";
const WIDTH = 800;
const SVG = "http://www.w3.org/2000/svg";
const NEAR = 9;

function chosen(value) {
  try {
    if (value === undefined) return localStorage.getItem(CHOICE) === "on";
    localStorage.setItem(CHOICE, value);
  } catch {
    /* without storage the choice holds for this page */
  }
  return false;
}

/** Fetch the feed and return its matters with their places on the drawing. */
async function fetched(frame) {
  const answer = await fetch(frame.dataset.feed, { credentials: "same-origin", headers: { "HX-Request": "true" } });
  if (!answer.ok) throw new Error(answer.status);
  const feed = await answer.json();
  const [west, south, east, north] = frame.dataset.bounds.split(" ").map(Number);
  const height = Number(frame.dataset.height);
  return feed.numbers.map((number, at) => {
    const lon = feed.west + feed.x[at] / feed.exact;
    const lat = feed.south + feed.y[at] / feed.exact;
    return {
      number, lon, lat, late: feed.late[at] === "1", url: feed.url.replace("-", encodeURIComponent(number)),
      x: ((lon - west) / (east - west)) * WIDTH, y: ((north - lat) / (north - south)) * height,
    };
  });
}

function drawnPath(dots, kind) {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("class", kind);
  path.setAttribute("d", dots.map((dot) => `M${dot.x.toFixed(1)} ${dot.y.toFixed(1)}h0`).join(""));
  return path;
}

/** Open a matter as a link to it does, in the same panel. */
function open(frame, dot) {
  const link = make("a", { href: dot.url, hidden: true });
  frame.append(link);
  link.click();
  link.remove();
}

function draw(frame, dots) {
  const drawing = frame.querySelector("svg");
  const group = document.createElementNS(SVG, "g");
  group.setAttribute("aria-hidden", "true");
  group.append(
    drawnPath(dots, "map-dots-halo"), // an area may be as dark as its dots
    drawnPath(dots.filter((dot) => !dot.late), "map-dots"),
    drawnPath(dots.filter((dot) => dot.late), "map-dots map-dots-late"),
  );
  group.addEventListener("click", (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM().inverse());
    const away = (dot) => Math.hypot(dot.x - at.x, dot.y - at.y);
    const nearest = dots.reduce((best, dot) => (away(dot) < away(best) ? dot : best));
    const scale = Number(getComputedStyle(drawing).getPropertyValue("--map-scale")) || 1;
    if (away(nearest) <= NEAR * scale) open(frame, nearest);
  });
  // Below the points that the server drew: those are links, and what is most pressing.
  drawing.insertBefore(group, drawing.querySelector("a:has(.map-point), .map-point, .region-name"));
  return group;
}

each("[data-map][data-feed]", (frame) => {
  const button = make("button", { type: "button", class: "button button-small map-dots-choice", "aria-pressed": "false" });
  let shown = null;
  button.textContent = frame.dataset.wordDots;

  async function turn(on) {
    button.setAttribute("aria-pressed", String(on));
    if (shown) shown.remove();
    shown = null;
    frame.dots = [];
    if (on) {
      button.setAttribute("aria-busy", "true");
      frame.dots = await fetched(frame).finally(() => button.removeAttribute("aria-busy"));
      button.textContent = `${frame.dataset.wordDots} ${frame.dots.length}`;
      if (frame.dots.length) shown = draw(frame, frame.dots);
    }
    frame.dispatchEvent(new Event("linli:dots"));
  }
  const failed = () => {
    button.setAttribute("aria-pressed", "false");
    announce(frame.dataset.wordFailed);
    button.textContent = frame.dataset.wordFailed;
  };
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    chosen(on ? "on" : "off");
    turn(on).catch(failed);
  });
  const tools = frame.parentElement.querySelector(".map-tools");
  (tools || frame).prepend(button);
  if (chosen()) turn(true).catch(failed);
});
