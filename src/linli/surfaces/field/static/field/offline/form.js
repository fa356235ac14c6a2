/* Forms without a network: the same HTML as online, filled in here, kept in the outbox. */
import { announce, make } from "../../parts/js/dom.js";
import * as outbox from "./outbox.js";
import { gather } from "./photos.js";
import { enhance, icon, say, words } from "./ui.js";

const PLACE = { enableHighAccuracy: true, timeout: 12000, maximumAge: 30000 };

function prepare(html) {
  const holder = make("div");
  // The server drew it; parsed apart from this page, nothing in it could run.
  holder.append(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  // Photos are not sent while one types: there may be no network. The page's own handler must not take them.
  for (const box of holder.querySelectorAll("[data-photo-input]")) {
    box.removeAttribute("data-photo-input");
    box.setAttribute("data-offline-photos", "");
  }
  for (const one of holder.querySelectorAll(".photo-kept, input[name$=_ids]")) one.remove();
  for (const here of holder.querySelectorAll("[data-here]")) {
    here.removeAttribute("data-here");
    locate(here);
  }
  return holder;
}

function locate(box) {
  const ask = box.querySelector("[data-here-ask]");
  const status = box.querySelector("[data-here-status]");
  if (!ask || !navigator.geolocation || !window.isSecureContext) return;
  ask.hidden = false;
  const tell = (name) => {
    status.hidden = false;
    status.textContent = say(name);
  };
  ask.addEventListener("click", () => {
    tell("hereFinding");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        box.querySelector("[data-lon]").value = coords.longitude.toFixed(6);
        box.querySelector("[data-lat]").value = coords.latitude.toFixed(6);
        const area = box.querySelector("[data-here-area]");
        if (area) area.value = "";
        tell("hereKept");
      },
      () => tell("hereFailed"),
      PLACE,
    );
  });
}

function fill(form, fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) || []), value]);
  for (const field of form.elements) {
    const given = values.get(field.name);
    if (field.type === "checkbox" || field.type === "radio") {
      if (given) field.checked = given.includes(field.value);
    } else if (given && field.type !== "file") {
      field.value = given[0];
    }
  }
  // A part that stands in for a chosen person or unit stays shut once there is one.
  for (const part of form.querySelectorAll("details[data-open-without]")) {
    if (part.dataset.openWithout.split(" ").some((name) => form.elements[name]?.value)) part.open = false;
  }
}

function read(form) {
  const fields = [];
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value !== "" && !name.startsWith("csrf")) fields.push([name, value]);
  }
  return fields;
}

const worded = (element) => element.textContent.replace(/\s+/g, " ").trim();

/** What was filled in as a person reads it: the words of choices, the texts; nothing hidden. */
function shown(form) {
  const found = [];
  for (const field of form.elements) {
    if (!field.name || ["hidden", "file", "submit", "button"].includes(field.type) || !field.value) continue;
    if (field.type === "radio" || field.type === "checkbox") {
      if (field.checked) found.push(worded(field.closest("label") || field));
    } else if (field.tagName === "SELECT") {
      found.push(worded(field.selectedOptions[0]));
    } else {
      found.push(field.value);
    }
  }
  return found.filter(Boolean);
}

// Keeping an item takes a moment: its photos are encrypted. Whoever leaves meanwhile is asked.
const stay = (event) => event.preventDefault();

/** Draw a form. `what` is what the outbox keeps beside its fields; `from` an item that is being mended. */
export async function draw(html, { what, title, action = "", fields = [], from = null, done }) {
  const form = make("form", { class: "stack", novalidate: false, "data-filling": "" });
  form.append(...prepare(html || "").childNodes);
  const error = make("p", { class: "error-summary", role: "alert", hidden: true });
  const send = make("button", { class: "button button-primary button-large button-wide" }, icon("check"), action || words.save);
  form.append(error, make("div", { class: "form-actions" }, send));
  fill(form, from ? from.body.fields : fields);
  const photos = gather(form, words, from ? await outbox.photosOf(from) : []);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    window.addEventListener("beforeunload", stay);
    try {
      const values = read(form);
      const filled = shown(form);
      const label = what.filing ? [title, ...filled].slice(0, 3).join(" · ").slice(0, 60) : title;
      // A mended item keeps its id: if the server had it after all, it is not done twice.
      const key = from ? { key: from.key, made_at: from.made_at, version: what.version ?? from.body.version } : {};
      await outbox.keep({ ...what, ...key, label, shown: filled, fields: values }, photos());
      announce(words.saved);
      window.removeEventListener("beforeunload", stay);
      done();
    } catch (problem) {
      error.hidden = false;
      error.textContent = problem.name === "full" ? words.full : String(problem.message || problem);
      send.disabled = false;
      window.removeEventListener("beforeunload", stay);
    }
  });
  queueMicrotask(enhance);
  return form;
}

/** A choice among filings, as the tab of reporting shows it. */
export function choose(filings, current) {
  const row = make("nav", { class: "switch" });
  for (const one of filings) {
    row.append(make("a", { class: "button", href: one.page, ...(one.key === current ? { "aria-current": "page" } : {}) }, icon(one.icon), one.title));
  }
  return row;
}

