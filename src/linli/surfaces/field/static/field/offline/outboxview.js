/* 待上传: each item with its state, what to do about one that came back, the hand-in file, the PIN, the space left. */
import { announce, make } from "../../parts/js/dom.js";
import * as outbox from "./outbox.js";
import * as store from "./store.js";
import * as vault from "./vault.js";
import { draw } from "./form.js";
import { button, icon, link, moment, say, size, words } from "./ui.js";

const LOOKS = { waiting: "badge badge-rice", done: "badge badge-qing", refused: "badge badge-whistle", conflict: "badge badge-whistle" };

function discardButton(item, redraw) {
  return button(words.discard, async () => {
    if (window.confirm(words.discardSure)) {
      await outbox.discard(item.key);
      redraw();
    }
  }, "button-quiet", "trash-2");
}

function line(item, at) {
  const { home } = at;
  const box = make("li", { class: "outbox-item", "data-item": item.key, "data-state": item.state });
  box.append(make("p", { class: "outbox-head" }, make("span", { class: LOOKS[item.state] }, say(item.state)), make("strong", {}, item.body.label)));
  const small = [say("madeAt", { at: moment(item.made_at) })];
  if (item.body.photos.length) small.push(say("photosN", { n: item.body.photos.length }));
  if (item.state === "waiting" && item.tries) small.push(say("triesN", { n: item.tries }));
  box.append(make("p", { class: "muted small" }, small.join(" · ")));
  if (item.answer) box.append(make("p", {}, item.answer.said));
  if (item.state === "done" && item.answer.url) box.append(link(item.answer.url, "button button-small", words.look));
  if (item.state === "conflict") box.append(link(`${home}outbox/?conflict=${item.key}`, "button button-wide button-warning", icon("arrow-up-down"), words.look));
  if (item.state === "refused") box.append(link(`${home}outbox/?edit=${item.key}`, "button button-wide", icon("pencil"), words.edit), discardButton(item, at.redraw));
  return box;
}

function pinPanel(vaultRow, redraw) {
  const field = (name, label) => make("label", { class: "field" }, make("span", { class: "field-label" }, label), make("input", { name, type: "password", inputmode: "numeric", pattern: "[0-9]{6}", maxlength: "6", autocomplete: "new-password", required: true }));
  const status = make("p", { role: "status" });
  const form = make("form", { class: "stack" }, make("p", {}, words.pinSetHint), field("pin", words.pinSet), field("again", words.pinAgain), status, make("button", { class: "button button-primary button-wide" }, words.pinSet));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { pin, again } = Object.fromEntries(new FormData(form));
    if (!/^\d{6}$/.test(pin)) status.textContent = words.pinSix;
    else if (pin !== again) status.textContent = words.pinDiffers;
    else {
      await vault.setPin(pin);
      await store.space({ ask: true });
      announce(words.pinKept);
      redraw();
    }
  });
  const title = vaultRow.pin ? words.pinIsSet : words.pinSet;
  return make("details", { class: "panel", id: "pin", open: !vaultRow.pin }, make("summary", {}, icon("lock"), title), form);
}

async function spacePanel() {
  const { kept, used, room } = await store.space();
  const box = make("section", { class: "panel" }, make("p", {}, say("space", { used: size(used), room: size(room) })), make("p", {}, kept ? words.keptYes : words.keptNo));
  if (!kept) box.append(button(words.keep, async () => {
    const after = await store.space({ ask: true });
    announce(after.kept ? words.keptYes : words.keptNo);
  }));
  return box;
}

async function save(redraw) {
  const { blob, count } = await outbox.handInFile();
  const anchor = make("a", { href: URL.createObjectURL(blob), download: `linli-${new Date().toISOString().slice(0, 16).replace(/\W/g, "")}.json` });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  announce(say("handInDone", { n: count }));
  redraw(say("handInDone", { n: count }));
}

/** The list. */
export async function outboxView(at) {
  const { mine, others } = await outbox.list();
  const open = store.unsent(mine);
  const parts = [make("h1", { class: "visually-hidden" }, words.outbox)];
  if (at.notice) parts.push(make("p", { class: "panel panel-rice", role: "status" }, at.notice));
  const gone = await store.lost();
  if (gone) {
    const seen = button(words.lostSeen, async () => {
      await store.admit();
      at.redraw();
    });
    parts.push(make("section", { class: "error-summary", role: "alert" }, make("p", {}, say("lost", { n: gone })), seen));
  }
  if (others) parts.push(make("p", { class: "panel panel-rice" }, say("others", { n: others })));
  if (mine.length) parts.push(make("ol", { class: "outbox" }, ...mine.map((item) => line(item, at))));
  else parts.push(make("div", { class: "empty" }, icon("circle-check"), make("p", { class: "empty-title" }, words.emptyOutbox)));
  if (open.length) {
    parts.push(button(words.sendNow, () => at.send(true), "button-primary button-large", "upload"));
    const file = make("section", { class: "panel stack" }, make("p", {}, words.handInHint), button(words.handIn, () => save(at.redraw), "", "file-text"));
    parts.push(file);
  }
  parts.push(pinPanel(await vault.record(vault.who()), at.redraw), await spacePanel());
  parts.push(button(words.lock, at.lock, "", "lock"));
  return { title: words.outbox, parts };
}

/** Mending an item that came back. */
export async function edit(at, key) {
  const { pack, home, go, sent } = at;
  const item = (await outbox.list()).mine.find((one) => one.key === key);
  if (!item) return outboxView(at);
  const parts = [make("h1", { class: "field-title-large" }, item.body.label)];
  if (item.answer) parts.push(make("p", { class: "error-summary", role: "alert" }, item.answer.said));
  const matter = pack && pack.matters.find((one) => one.number === item.body.number);
  const name = item.body.filing ? pack?.filings.find((one) => one.key === item.body.filing)?.form : matter?.actions.find((one) => one.name === item.body.action)?.form;
  if (!name && item.body.fields.length) return { title: words.edit, back: `${home}outbox/`, parts: [...parts, make("p", { class: "panel" }, words.formOld)] };
  const { fields: _fields, photos: _photos, shown: _shown, label, ...what } = item.body;
  if (matter) what.version = matter.version;
  parts.push(await draw(pack.forms[name] || "", { what, title: what.filing ? label.split(" · ")[0] : label, from: item, done: () => (sent(), go(`${home}outbox/`)) }));
  return { title: words.edit, back: `${home}outbox/`, parts };
}

/** What others did beside what I did, and the choice. */
export async function conflict(at, key) {
  const { home, go, sent } = at;
  const item = (await outbox.list()).mine.find((one) => one.key === key);
  if (!item || !item.answer) return outboxView(at);
  const theirs = item.answer.theirs || {};
  const steps = make("ol", { class: "roster" });
  for (const step of theirs.steps || []) steps.append(make("li", {}, make("strong", {}, step.did), " ", make("span", { class: "muted" }, `${step.who} ${step.at}`)));
  const values = make("ul", { class: "roster" });
  for (const value of item.body.shown) values.append(make("li", {}, value));
  const photos = make("div", { class: "field-photos" });
  for (const photo of await outbox.photosOf(item)) photos.append(make("img", { src: URL.createObjectURL(photo.blob), alt: words.photo }));
  const parts = [
    make("h1", { class: "field-title-large" }, item.body.label),
    make("p", { class: "error-summary", role: "alert" }, item.answer.said),
    make("section", { class: "panel" }, make("h2", {}, words.theirs), theirs.stage ? make("p", {}, say("nowAt", { stage: theirs.stage })) : "", steps),
    make("section", { class: "panel" }, make("h2", {}, words.mineDid), make("p", { class: "muted small" }, say("madeAt", { at: moment(item.made_at) })), values, photos),
  ];
  if (theirs.again) {
    parts.push(button(words.stillDo, async () => {
      await outbox.again(item, theirs.version);
      sent();
      go(`${home}outbox/`);
    }, "button-primary button-large", "check"));
  } else {
    parts.push(make("p", { class: "panel panel-rice" }, words.cannotDo));
  }
  parts.push(discardButton(item, () => go(`${home}outbox/`)));
  return { title: words.conflict, back: `${home}outbox/`, parts };
}
