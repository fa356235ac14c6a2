/* Small things that every view of the shell uses: words, elements, times, the way between views. */
import { make } from "../../parts/js/dom.js";

const said = document.getElementById("words");
/** The shell's words by name. */
export const words = said ? JSON.parse(said.textContent) : {};
export const shell = document.querySelector("[data-offline-shell]");
const SVG = "http://www.w3.org/2000/svg";

/** Return a word with its places filled. */
export function say(name, values = {}) {
  return Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), words[name] || name);
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${shell.dataset.sprite}#${name}`);
  svg.append(use);
  return svg;
}

/** A large button; `kind` is a class of the button's looks. */
export function button(label, work, kind = "", picture = "") {
  const element = make("button", { type: "button", class: `button button-wide ${kind}` }, ...(picture ? [icon(picture)] : []), label);
  element.addEventListener("click", work);
  return element;
}

export const link = (href, kind, ...children) => make("a", { href, class: kind }, ...children);

const format = new Intl.DateTimeFormat(document.documentElement.lang || "zh-CN", { timeZone: "Asia/Shanghai", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false });
export const moment = (iso) => format.format(new Date(iso));

export function size(bytes) {
  if (!Number.isFinite(bytes)) return "?";
  return bytes < 1e9 ? `${Math.max(1, Math.round(bytes / 1048576))} MB` : `${(bytes / 1073741824).toFixed(1)} GB`;
}

/** Rows of label and text, as the online pages show facts. */
export function facts(lines) {
  const list = make("dl", { class: "facts" });
  for (const [label, text] of lines) list.append(make("div", {}, make("dt", {}, label), make("dd", {}, text)));
  return list;
}

/** Let everything that enhances pages see what was put in. */
export const enhance = () => document.dispatchEvent(new Event("htmx:after:swap"));
