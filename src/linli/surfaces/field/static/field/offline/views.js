/* What the shell shows of the pack: today's list, one matter, the forms, whom to call at. */
import { make } from "../../parts/js/dom.js";
import * as outbox from "./outbox.js";
import * as server from "./server.js";
import { choose, draw } from "./form.js";
import { button, facts, icon, link, moment, say, words } from "./ui.js";
import { metres, ordered } from "./walk.js";

const here = { point: null };

function empty(picture, title, text = "") {
  return make("div", { class: "empty" }, icon(picture), make("p", { class: "empty-title" }, title), make("p", { class: "empty-text" }, text));
}

function away(one) {
  if (!here.point || one.lon === null || one.lon === undefined) return "";
  const length = metres(here.point, one);
  return length < 1000 ? say("metres", { n: Math.round(length / 10) * 10 }) : say("kilometres", { n: (length / 1000).toFixed(1) });
}

function walkButton(redraw) {
  if (!navigator.geolocation || !window.isSecureContext) return "";
  const status = make("p", { class: "muted small", role: "status" });
  const ask = button(words.walk, () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        here.point = { lon: coords.longitude, lat: coords.latitude };
        redraw();
      },
      () => {
        status.textContent = words.walkFailed;
      },
      { enableHighAccuracy: true, timeout: 12000, maximumAge: 30000 },
    );
  }, "", "route");
  return make("div", { class: "walk-bar" }, ask, status);
}

const inOrder = (things) => (here.point ? ordered(things, here.point) : things);

function due(matter) {
  if (!matter.due) return "";
  const late = Date.parse(matter.due) < Date.now();
  return make("span", { class: late ? "badge badge-whistle" : "badge" }, late ? words.overdue : say("dueBy", { at: moment(matter.due) }));
}

function matterLine(home, matter, unsent) {
  const foot = make("span", { class: "field-item-foot" });
  if (matter.urgent) foot.append(make("span", { class: "badge badge-whistle" }, icon("siren"), words.urgent));
  if (unsent.has(matter.number)) foot.append(make("span", { class: "badge badge-rice" }, icon("upload"), words.waiting));
  foot.append(due(matter), make("span", { class: "muted" }, matter.area), make("span", { class: "muted" }, away(matter)));
  const title = make("span", { class: "field-item-title" }, matter.title);
  const todo = matter.group === "near" ? "" : make("span", { class: "field-item-todo" }, matter.todo);
  return make("li", { class: `field-item${matter.urgent ? " is-urgent" : ""}` }, link(`${home}m/${matter.number}/`, "", todo, title, foot));
}

/** Today's list. */
export async function today(at) {
  const { pack, home, redraw } = at;
  const { mine } = await outbox.list();
  const unsent = new Set(mine.filter((item) => item.state !== "done" && item.body).map((item) => item.body.number));
  const parts = [make("h1", { class: "visually-hidden" }, words.today), make("p", { class: "muted small" }, say("asOf", { at: moment(pack.made_at) })), walkButton(redraw)];
  for (const group of ["mine", "errand", "near"]) {
    const matters = inOrder(pack.matters.filter((one) => one.group === group));
    if (!matters.length && group !== "mine") continue;
    const list = make("ol", { class: "field-list" }, ...matters.map((one) => matterLine(home, one, unsent)));
    const head = make("h2", { class: "field-head" }, say(group), " ", make("span", { class: "count" }, String(matters.length)));
    parts.push(make("section", {}, head, matters.length ? list : empty("circle-check", words.allDone, words.allDoneHint)));
  }
  return { title: words.today, parts };
}

/** One matter, and what may be done on it here. */
export async function matter({ pack, home }, number) {
  const one = pack.matters.find((each) => each.number === number);
  if (!one) return { title: number, back: home, parts: [empty("wifi-off", words.notHere)] };
  const parts = [make("h1", { class: "field-title-large" }, one.title)];
  parts.push(make("p", { class: "row" }, make("span", { class: "badge badge-qing" }, one.stage), due(one), make("span", { class: "muted" }, one.number)));
  const { mine } = await outbox.list();
  const waiting = mine.find((item) => item.state !== "done" && item.body && item.body.number === number);
  if (waiting) parts.push(make("p", { class: "panel panel-rice" }, icon("upload"), words.unsentHere));
  const picture = await server.before(number);
  if (picture) parts.push(make("figure", { class: "before-photo" }, make("img", { src: picture, alt: words.before })));
  if (one.actions.length) {
    const first = (index) => `button button-wide${index < 2 ? " button-large" : ""}${index === 0 ? " button-primary" : ""}`;
    parts.push(make("div", { class: "thumb-actions" }, ...one.actions.map((each, index) => link(`${home}m/${number}/${each.name}/`, first(index), each.title))));
  } else {
    parts.push(make("p", { class: "panel" }, words.nothingOffline));
  }
  if (one.lines.length) parts.push(make("section", { class: "panel" }, facts(one.lines)));
  return { title: one.area, back: home, parts };
}

/** The form of an action. */
export async function act({ pack, home, go, sent }, number, name) {
  const one = pack.matters.find((each) => each.number === number);
  const action = one && one.actions.find((each) => each.name === name);
  if (!action) return { title: number, back: home, parts: [empty("wifi-off", words.notHere)] };
  const parts = [make("h1", { class: "field-title-large" }, action.title), make("p", {}, one.title, " ", make("span", { class: "muted" }, number))];
  const picture = await server.before(number);
  if (picture) parts.push(make("figure", { class: "before-photo" }, make("img", { src: picture, alt: words.before }), make("figcaption", {}, words.beforeHint)));
  const what = { number, action: name, version: one.version, post: pack.post };
  const done = () => (sent(), go(home));
  parts.push(await draw(pack.forms[action.form], { what, title: `${action.title} · ${one.title}`, action: action.title, done }));
  return { title: action.title, back: `${home}m/${number}/`, parts };
}

/** A filing's form: report, settle, visit. */
export async function filing({ pack, home, go, sent, query }, key) {
  const one = pack.filings.find((each) => each.key === key);
  if (!one) return { title: "", back: home, parts: [empty("wifi-off", words.nothingOffline)] };
  const call = pack.calls.find((each) => each.key === query.get("call"));
  const parts = [make("h1", { class: "visually-hidden" }, one.title)];
  const listed = pack.filings.filter((each) => each.listed);
  if (one.listed && listed.length > 1) parts.push(choose(listed, key));
  if (call) parts.push(make("section", { class: "panel" }, make("h2", {}, call.title), ...call.reasons.map((reason) => make("p", {}, reason))));
  const what = { filing: key, post: pack.post };
  const fields = call ? Object.entries(call.fill) : [...query.entries()];
  const title = call ? `${one.title} · ${call.title}` : one.title;
  const done = () => (sent(), go(call ? `${home}visits/` : home));
  parts.push(await draw(pack.forms[one.form], { what, title, fields, done }));
  return { title: one.title, back: call ? `${home}visits/` : null, parts };
}

/** Whom to call at today, in walking order. */
export function calls({ pack, redraw }) {
  const parts = [make("h1", { class: "visually-hidden" }, words.calls)];
  if (!pack.calls.length) return { title: words.calls, parts: [...parts, empty("circle-check", words.nobodyToCall)] };
  parts.push(walkButton(redraw));
  const list = make("ol", { class: "field-list" });
  for (const call of inOrder(pack.calls)) {
    const page = pack.filings.find((one) => one.key === call.filing)?.page;
    const face = [make("span", { class: "field-item-todo" }, call.title), ...call.reasons.map((one) => make("span", { class: "field-item-title" }, one))];
    face.push(make("span", { class: "field-item-foot" }, make("span", { class: "muted" }, call.address), make("span", { class: "muted" }, away(call))));
    list.append(make("li", { class: `field-item${call.urgent ? " is-urgent" : ""}` }, link(page ? `${page}?call=${encodeURIComponent(call.key)}` : "#", "", ...face)));
  }
  return { title: words.calls, parts: [...parts, list] };
}
