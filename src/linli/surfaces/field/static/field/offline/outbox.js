/* The outbox: what was done on this phone, kept until the server has it. An item is written whole before anything is
   sent, is sent under the id it got when it was made, and ends in one of three states: done, refused, conflict. */
import * as store from "./store.js";
import * as vault from "./vault.js";
import * as server from "./server.js";

const LOCK = "linli-field-sender";
const LEAST_ROOM = 20 * 1024 * 1024;
const FIRST_WAIT = 5000;
const LONGEST_WAIT = 10 * 60 * 1000;
const RETRY = new Set([0, 408, 425, 429]);

const channel = "BroadcastChannel" in window ? new BroadcastChannel("linli-field") : null;
const listeners = new Set();
let order = 0;

/** Call `work` whenever an item changes, in this tab or another. */
export function watch(work) {
  listeners.add(work);
}

if (channel) channel.addEventListener("message", () => listeners.forEach((work) => work()));

function changed() {
  listeners.forEach((work) => work());
  if (channel) channel.postMessage("changed");
}

/** Keep something done: `what` is {label, filing | number+action, version, fields, post}; photos are {id, field, blob, …}.
    Throws an Error named "full" when there is no room, before anything is lost. */
export async function keep(what, photos = []) {
  const key = what.key || crypto.randomUUID();
  const sealed = [];
  let size = 0;
  for (const { blob, ...about } of photos) {
    const content = await blob.arrayBuffer();
    size += content.byteLength;
    sealed.push({ id: about.id, ...(await vault.sealBytes(content)) });
  }
  const { room } = await store.space();
  if (room < LEAST_ROOM + size) throw named("full");
  const body = { ...what, key, photos: photos.map(({ blob, ...about }) => about) };
  const item = {
    key, who: vault.who(), made_at: what.made_at || new Date().toISOString(), order: (order += 1), state: "waiting",
    tries: 0, next_at: 0, size, photos: sealed.map((photo) => photo.id), sealed: await vault.seal(body),
  };
  try {
    await store.add(item, sealed);
  } catch (error) {
    throw error && error.name === "QuotaExceededError" ? named("full") : error;
  }
  changed();
  return key;
}

function named(name) {
  const error = new Error(name);
  error.name = name;
  return error;
}

/** Return the open person's items with what they say, newest first; others' as a number. */
export async function list() {
  const rows = await store.items();
  const mine = [];
  for (const row of rows.filter((one) => one.who === vault.who()).reverse()) {
    const body = vault.isOpen() ? await vault.unseal(row.sealed) : null;
    const answer = row.answer && vault.isOpen() ? await vault.unseal(row.answer) : null;
    mine.push({ ...row, body, answer });
  }
  return { mine, others: store.unsent(rows).filter((one) => one.who !== vault.who()).length };
}

/** Return an item's photos as {id, field, blob, …}. */
export async function photosOf(item) {
  const found = [];
  for (const about of item.body.photos) {
    const kept = await store.get("photos", about.id);
    if (kept) found.push({ ...about, blob: new Blob([await vault.unsealBytes(kept)], { type: "image/jpeg" }) });
  }
  return found;
}

/** Throw an item away; only a person's own press does that. */
export async function discard(key) {
  await store.forget(key, { whole: true });
  changed();
}

/** Send an item again; after a conflict, on top of what others did (`version`). */
export async function again(item, version) {
  const body = version === undefined ? item.body : { ...item.body, version };
  await store.change(item.key, { state: "waiting", tries: 0, next_at: 0, sealed: await vault.seal(body) });
  changed();
}

/* -- sending ---------------------------------------------------------------------------------------------------- */

/** Send what waits, one after the other, in one tab only; returns when nothing more can be sent now. */
export async function drain({ now = false } = {}) {
  if (!vault.isOpen()) return;
  const work = () => sendAll(now);
  if (navigator.locks) await navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? work() : null));
  else await work();
}

async function sendAll(now) {
  const held = new Set(); // matters of which an earlier item still waits: later ones must not overtake it
  for (const row of await store.items()) {
    if (row.state !== "waiting" || row.who !== vault.who()) continue;
    const body = await vault.unseal(row.sealed);
    const matter = body.number || row.key;
    if (held.has(matter) || (!now && row.next_at > Date.now())) {
      held.add(matter);
      continue;
    }
    const result = await sendOne(row, body);
    if (result === "stop") return;
    if (result === "later") held.add(matter);
  }
  await store.tidy();
}

async function sendOne(row, body) {
  const form = await packed(row, body);
  const { status, body: answer } = await server.send(form);
  if (status === 200) {
    await store.forget(row.key, { values: { state: "done", done_at: new Date().toISOString(), answer: await vault.seal(answer) } });
  } else if (status === 401 || status === 403 && answer.state === "no_post") {
    return "stop";
  } else if (status === 0 || RETRY.has(status) || status >= 500 || !answer.state || answer.code === "incomplete") {
    const tries = row.tries + 1;
    const wait = Math.min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT) * (0.75 + Math.random() / 2);
    await store.change(row.key, { tries, next_at: Date.now() + wait });
    changed();
    return status === 0 ? "stop" : "later";
  } else {
    const state = answer.state === "conflict" ? "conflict" : "refused";
    await store.change(row.key, { state, answer: await vault.seal(answer) });
  }
  changed();
  return "sent";
}

function envelopeOf(row, body) {
  const { key, filing, number, action, version, post } = body;
  return { key, filing, number, action, version, post, made_at: row.made_at };
}

async function packed(row, body) {
  const form = new FormData();
  form.append("_item", JSON.stringify(envelopeOf(row, body)));
  const photos = await photosOf({ body });
  form.append("_photos", JSON.stringify(photos.map(({ blob, ...about }) => about)));
  for (const [name, value] of body.fields) form.append(name, value);
  for (const photo of photos) form.append(`photo-${photo.id}`, photo.blob, "photo.jpg");
  return form;
}

/* -- handing in --------------------------------------------------------------------------------------------------- */

/** Return an encrypted file with everything unsent of this person; only the server can open it. */
export async function handInFile() {
  const { mine } = await list();
  const items = [];
  for (const row of store.unsent(mine).reverse()) {
    const photos = [];
    for (const { blob, ...about } of await photosOf(row)) photos.push({ ...about, content: await vault.base64(blob) });
    items.push({ item: envelopeOf(row, row.body), label: row.body.label, fields: row.body.fields, photos });
  }
  const sealed = await vault.forServer({ who: vault.who(), made_at: new Date().toISOString(), items });
  return { blob: new Blob([JSON.stringify(sealed)], { type: "application/json" }), count: items.length };
}
