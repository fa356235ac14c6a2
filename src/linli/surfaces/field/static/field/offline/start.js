/* On every online page of the field: keep the shell ready, send what waits, renew the day's pack. */
import { each } from "../../parts/js/dom.js";
import * as outbox from "./outbox.js";
import * as server from "./server.js";
import * as store from "./store.js";
import * as vault from "./vault.js";

const OLD = 10 * 60 * 1000;
const EVERY = 30000;

async function start(element) {
  if (!window.indexedDB || !window.isSecureContext) return;
  if (navigator.serviceWorker) navigator.serviceWorker.register(element.dataset.swUrl).catch(() => null);
  if ((await server.unlock()) !== "opened") return;
  await tell();
  await outbox.drain({ now: true });
  const packed = (await store.get("meta", "packed")) || 0;
  if (Date.now() - packed > OLD || element.hasAttribute("data-fresh")) await server.fetchPack();
  element.dataset.ready = "yes";
}

async function tell() {
  const rows = store.unsent(await store.items());
  window.dispatchEvent(new CustomEvent("linli:unsent", { detail: rows.length }));
  const back = rows.filter((one) => one.state !== "waiting").length;
  const row = await vault.record(vault.who());
  const gone = await store.lost();
  each("[data-offline-ready]", (panel) => {
    panel.hidden = Boolean(row && row.pin) && !back && !gone;
    for (const [name, shown] of Object.entries({ pin: !(row && row.pin), back: back > 0, lost: gone > 0 })) {
      const line = panel.querySelector(`[data-offline-${name}]`);
      line.hidden = !shown;
      line.querySelectorAll("[data-n]").forEach((place) => (place.textContent = String(name === "back" ? back : gone)));
    }
  });
}

each("[data-offline-start]", (element) => {
  outbox.watch(tell);
  start(element);
  window.addEventListener("online", () => outbox.drain({ now: true }));
  setInterval(() => outbox.drain(), EVERY);
});
