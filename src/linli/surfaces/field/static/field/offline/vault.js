/* Locks what the phone keeps. One random key per person (AES-256-GCM) encrypts everything; it is kept only wrapped:
   by a secret that the server lends after signing in, and, for days without a network, by a PIN together with a key
   that cannot leave this browser. After 72 hours without contact the PIN's wrapping and the day's pack are destroyed:
   then only signing in opens the rest. */
import { get, put, remove } from "./store.js";

const HOURS = 3600 * 1000;
const KEPT = 72 * HOURS;
const ROUNDS = 600000; // PBKDF2-HMAC-SHA256, OWASP Password Storage, 2023
const TRIES = 10;
const text = new TextEncoder();

let whose = "";
let key = null;

const b64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
const bytes = (value) => Uint8Array.from(atob(value), (sign) => sign.charCodeAt(0));
const name = (who) => `vault:${who}`;

export const isOpen = () => Boolean(key);
export const who = () => whose;

async function encrypt(by, plain) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, by, plain) };
}

const decrypt = (by, { iv, data }) => crypto.subtle.decrypt({ name: "AES-GCM", iv }, by, data);
const aes = (raw, extractable = false) => crypto.subtle.importKey("raw", raw, "AES-GCM", extractable, ["encrypt", "decrypt"]);

async function fromPin(pin, salt) {
  const base = await crypto.subtle.importKey("raw", text.encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** Return the vault of `person`, or of whoever used this phone last. What is over-age is destroyed first. */
export async function record(person = "") {
  const found = person || (await get("meta", "current")) || "";
  const vault = found ? await get("meta", name(found)) : null;
  if (!vault) return null;
  const now = Date.now();
  // A clock set back would make three days last for ever.
  if (vault.pin && (now > vault.until || now < vault.seen - HOURS)) {
    await expire(vault);
  } else if (now > vault.seen) {
    vault.seen = now;
    await put("meta", vault, name(found));
  }
  return vault;
}

async function expire(vault) {
  vault.pin = null;
  vault.device = null;
  vault.expired = true;
  await put("meta", vault, name(vault.who));
  await remove("kept", `pack:${vault.who}`);
  await remove("kept", `befores:${vault.who}`);
}

/** Open (on first use: make) the vault with what the server lent. Raises when the server's key is gone. */
export async function openByServer(lent) {
  const now = Date.now();
  const current = { id: lent.unlock.id, key: await aes(bytes(lent.unlock.value)) };
  const vault = (await record(lent.who)) || { who: lent.who, server: null, pin: null, device: null, misses: 0 };
  let raw;
  if (vault.server) {
    const under = lent.asked && lent.asked.id === vault.server.id ? lent.asked : lent.unlock;
    if (under.id !== vault.server.id) return { again: vault.server.id };
    raw = await decrypt(await aes(bytes(under.value)), vault.server);
  } else {
    raw = crypto.getRandomValues(new Uint8Array(32)).buffer;
  }
  Object.assign(vault, {
    server: { id: current.id, ...(await encrypt(current.key, raw)) },
    until: now + KEPT,
    seen: now,
    expired: false,
    misses: 0,
    handIn: lent.hand_in,
    post: lent.post,
  });
  await put("meta", vault, name(vault.who));
  await put("meta", vault.who, "current");
  key = await aes(raw, true);
  whose = vault.who;
  return { opened: true };
}

/** Open the vault with the PIN; returns "opened", "wrong", "none" (no PIN set, or destroyed). */
export async function openByPin(pin) {
  const vault = await record();
  if (!vault || !vault.pin) return "none";
  try {
    const outer = await decrypt(vault.device, vault.pin);
    const raw = await decrypt(await fromPin(pin, vault.pin.salt), { iv: vault.pin.inner, data: outer });
    key = await aes(raw, true);
    whose = vault.who;
    vault.misses = 0;
    await put("meta", vault, name(vault.who));
    return "opened";
  } catch {
    vault.misses += 1;
    if (vault.misses >= TRIES) await expire(vault);
    else await put("meta", vault, name(vault.who));
    return vault.pin ? "wrong" : "none";
  }
}

/** Set the PIN by which the vault opens without a network. The vault must be open. */
export async function setPin(pin) {
  const vault = await record(whose);
  const raw = await crypto.subtle.exportKey("raw", key);
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const inner = await encrypt(await fromPin(pin, salt), raw);
  const device = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const outer = await encrypt(device, inner.data);
  Object.assign(vault, { device, pin: { ...outer, inner: inner.iv, salt }, misses: 0 });
  await put("meta", vault, name(whose));
}

/** Forget the key until it is opened again. */
export function lock() {
  key = null;
}

/** Encrypt anything JSON can hold. */
export const seal = (value) => encrypt(key, text.encode(JSON.stringify(value)));
/** Encrypt the bytes of a photo. */
export const sealBytes = (buffer) => encrypt(key, buffer);
export const unsealBytes = (sealed) => decrypt(key, sealed);
export const unseal = async (sealed) => JSON.parse(new TextDecoder().decode(await decrypt(key, sealed)));

/** Seal `value` so that only the server can open it: P-256 ECDH, HKDF-SHA256, AES-256-GCM (docs/field-offline.md). */
export async function forServer(value) {
  const { handIn } = await record(whose);
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const theirs = await crypto.subtle.importKey("raw", bytes(handIn.value), curve, false, []);
  const mine = await crypto.subtle.generateKey(curve, true, ["deriveBits"]);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, mine.privateKey, 256);
  const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: text.encode("linli field hand-in") };
  const once = await crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const { iv, data } = await encrypt(once, text.encode(JSON.stringify(value)));
  const point = await crypto.subtle.exportKey("raw", mine.publicKey);
  return { format: "linli-field-outbox", key: handIn.id, point: b64(point), iv: b64(iv), sealed: await base64(data) };
}

/** Base64 of something large, which String.fromCharCode cannot take at once. */
export async function base64(buffer) {
  const url = await new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(new Blob([buffer]));
  });
  return url.slice(url.indexOf(",") + 1);
}
