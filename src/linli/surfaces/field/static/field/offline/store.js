/* The phone's own store: what waits to be sent, the day's pack, and the vault that locks both.
   Nothing in it can be read without a key (vault.js) but states, times, sizes and ids. */
import { openDB } from "../vendor/idb/idb.js";

const NAME = "linli-field";
const DAYS = 24 * 3600 * 1000;
/* How many items are unsent is also kept in a cookie: if the browser throws this store away, the loss is said. */
const MARK = "field_unsent";

let opening = null;

/** Open the store, made on first use. */
export function database() {
  opening ||= openDB(NAME, 1, {
    upgrade(db) {
      db.createObjectStore("meta");
      db.createObjectStore("items", { keyPath: "key" });
      db.createObjectStore("photos", { keyPath: "id" });
      db.createObjectStore("kept");
    },
    blocking(_now, _wanted, event) {
      event.target.close();
      opening = null;
    },
    terminated() {
      opening = null;
    },
  });
  return opening;
}

export const get = async (name, key) => (await database()).get(name, key);
export const put = async (name, value, key) => (await database()).put(name, value, key);
export const remove = async (name, key) => (await database()).delete(name, key);

/** Return every item, oldest first. */
export async function items() {
  const rows = await (await database()).getAll("items");
  return rows.sort((a, b) => a.made_at.localeCompare(b.made_at) || a.order - b.order);
}

/** Write an item and its photos together, or nothing; one of the same key is replaced, photos and all. */
export async function add(item, photos) {
  const db = await database();
  const work = db.transaction(["items", "photos"], "readwrite", { durability: "strict" });
  const before = await work.objectStore("items").get(item.key);
  for (const id of before?.photos || []) work.objectStore("photos").delete(id);
  for (const photo of photos) work.objectStore("photos").put(photo);
  work.objectStore("items").put(item);
  await work.done;
  await mark();
}

/** Change an item if it is still there, and return it. */
export async function change(key, values) {
  const db = await database();
  const work = db.transaction("items", "readwrite");
  const item = await work.store.get(key);
  const changed = item && { ...item, ...values };
  if (changed) await work.store.put(changed);
  await work.done;
  await mark();
  return changed;
}

/** Forget an item's photos; with `whole`, the item too. */
export async function forget(key, { whole = false, values = {} } = {}) {
  const db = await database();
  const work = db.transaction(["items", "photos"], "readwrite");
  const item = await work.objectStore("items").get(key);
  if (item) {
    for (const id of item.photos) work.objectStore("photos").delete(id);
    if (whole) work.objectStore("items").delete(key);
    else work.objectStore("items").put({ ...item, ...values, photos: [] });
  }
  await work.done;
  await mark();
}

/** Throw away what was sent more than `days` ago. */
export async function tidy(days = 3) {
  for (const item of await items()) {
    if (item.state === "done" && Date.now() - Date.parse(item.done_at) > days * DAYS) await forget(item.key, { whole: true });
  }
}

export const unsent = (rows) => rows.filter((item) => item.state !== "done");

async function mark() {
  const count = unsent(await items()).length;
  document.cookie = `${MARK}=${count}; path=/field/; max-age=${60 * 24 * 3600}; samesite=strict`;
  window.dispatchEvent(new CustomEvent("linli:unsent", { detail: count }));
}

/** Return how many unsent items were lost: the cookie remembers some and the store has none. Said once. */
export async function lost() {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${MARK}=`));
  const known = found ? Number(found.slice(MARK.length + 1)) : 0;
  const here = (await items()).length;
  return known && !here ? known : 0;
}

/** Stop telling of the loss. */
export const admit = mark;

/** Ask the browser to keep this store, and say how full it is: {kept, used, room} in bytes. */
export async function space({ ask = false } = {}) {
  const storage = navigator.storage;
  if (!storage || !storage.estimate) return { kept: false, used: 0, room: Infinity };
  const kept = ask && storage.persist ? await storage.persist() : await (storage.persisted ? storage.persisted() : false);
  const { usage = 0, quota = Infinity } = await storage.estimate();
  return { kept, used: usage, room: quota - usage };
}
