/* What is asked of the server. Everything else works without it. */
import { cookie } from "../../parts/js/dom.js";
import { get, put } from "./store.js";
import * as vault from "./vault.js";

const where = (name) => document.querySelector("[data-keys-url]").dataset[name];
const within = (seconds) => (AbortSignal.timeout ? AbortSignal.timeout(seconds * 1000) : undefined);

/** Ask for JSON; returns {status, body}, status 0 without a network. */
async function ask(url, options = {}, seconds = 20) {
  try {
    const answer = await fetch(url, { credentials: "same-origin", redirect: "error", signal: within(seconds), ...options });
    const isJson = (answer.headers.get("content-type") || "").includes("json");
    return { status: answer.status, body: isJson ? await answer.json() : {} };
  } catch {
    return { status: 0, body: {} };
  }
}

async function open(lent, url) {
  const first = await vault.openByServer(lent);
  if (first.opened) return true;
  const { status, body } = await ask(`${url}?id=${encodeURIComponent(first.again)}`);
  return status === 200 && body.asked ? Boolean((await vault.openByServer(body)).opened) : false;
}

/** Open the vault by signing in, if there is a network and a session: "opened", "offline", "signed-out", "lost". */
export async function unlock() {
  const url = where("keysUrl");
  const { status, body } = await ask(url, {}, 8);
  if (status === 401 || status === 403) return "signed-out";
  if (status !== 200) return "offline";
  try {
    return (await open(body, url)) ? "opened" : "lost";
  } catch {
    return "lost";
  }
}

/** Fetch the day's pack and keep it, with the photos before; returns it, or null without a network. */
export async function fetchPack() {
  const { status, body } = await ask(where("packUrl"), {}, 40);
  if (status !== 200) return null;
  await open(body, where("keysUrl"));
  const { unlock: _unlock, asked: _asked, hand_in: _handIn, ...pack } = body;
  await put("kept", await vault.seal(pack), `pack:${vault.who()}`);
  await put("meta", Date.now(), "packed");
  await keepBefores(pack);
  return pack;
}

async function keepBefores(pack) {
  const befores = {};
  for (const matter of pack.matters.filter((one) => one.before)) {
    try {
      const answer = await fetch(matter.before, { signal: within(20) });
      if (answer.ok) befores[matter.number] = await vault.base64(await answer.arrayBuffer());
    } catch {
      return; // the rest of the pack is of use without them
    }
  }
  await put("kept", await vault.seal(befores), `befores:${vault.who()}`);
}

/** Return the pack the phone keeps, or null. */
export async function keptPack() {
  const sealed = vault.isOpen() && (await get("kept", `pack:${vault.who()}`));
  return sealed ? vault.unseal(sealed) : null;
}

/** Return the photo before of a matter as a data address, or "". */
export async function before(number) {
  const sealed = await get("kept", `befores:${vault.who()}`);
  const found = sealed ? (await vault.unseal(sealed))[number] : "";
  return found ? `data:image/jpeg;base64,${found}` : "";
}

/** Send one item; returns {status, body}. */
export function send(data) {
  return ask(where("syncUrl"), { method: "POST", body: data, headers: { "X-CSRFToken": cookie("csrftoken") } }, 120);
}
