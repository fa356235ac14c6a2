/* The shell: which view an address shows, the lock before it, sending whenever that is possible. */
import { make } from "../../parts/js/dom.js";
import * as outbox from "./outbox.js";
import * as server from "./server.js";
import * as store from "./store.js";
import * as vault from "./vault.js";
import * as views from "./views.js";
import { conflict, edit, outboxView } from "./outboxview.js";
import { icon, link, say, shell, words } from "./ui.js";

const IDLE = 15 * 60 * 1000;
const EVERY = 20000;
const home = shell.dataset.home;
const place = document.querySelector("[data-view]");
let pack = null;
let touched = Date.now();
let session = "offline";

const at = {
  home,
  get pack() {
    return pack;
  },
  get query() {
    return new URLSearchParams(location.search);
  },
  notice: "",
  go(url) {
    history.pushState(null, "", url);
    show().then(() => window.scrollTo(0, 0));
  },
  redraw(notice = "") {
    at.notice = typeof notice === "string" ? notice : "";
    show();
  },
  sent: () => send(),
  send: (now) => send(now),
  lock() {
    vault.lock();
    pack = null;
    show();
  },
};

function routed() {
  const [first, second, third] = location.pathname.slice(home.length).split("/").filter(Boolean);
  if (first === "outbox" || first === "offline") {
    const { query } = at;
    if (query.get("edit")) return edit(at, query.get("edit"));
    if (query.get("conflict")) return conflict(at, query.get("conflict"));
    return outboxView(at);
  }
  if (!pack) return { title: words.today, parts: [make("p", { class: "panel" }, words.noPack)] };
  if (first === "m") return third ? views.act(at, second, third) : views.matter(at, second);
  const filing = pack.filings.find((one) => one.page === location.pathname);
  if (filing) return views.filing(at, filing.key);
  return first === "visits" ? views.calls(at) : views.today(at);
}

let drawing = 0;

async function show() {
  const turn = (drawing += 1);
  const view = vault.isOpen() ? await routed() : await lockView();
  if (turn !== drawing) return;
  at.notice = "";
  document.querySelector("[data-title]").textContent = view.title;
  const back = document.querySelector("[data-back]");
  back.replaceChildren(...(view.back ? [link(view.back, "link-button", icon("arrow-left"), make("span", { class: "visually-hidden" }, words.back))] : []));
  place.replaceChildren(...view.parts.filter(Boolean));
  document.title = view.title;
  shell.dataset.ready = "yes";
  await bars();
}

async function bars() {
  const waiting = store.unsent(await store.items()).length;
  const text = [session === "opened" ? words.online : words.offline, waiting ? say("waitingN", { n: waiting }) : ""];
  document.querySelector("[data-net-text]").textContent = text.filter(Boolean).join(" · ");
  document.querySelector("[data-net-back]").hidden = session !== "opened";
  const first = pack?.filings.find((one) => one.listed);
  const tabs = [
    { url: home, label: words.today, picture: "list-checks" },
    ...(first ? [{ url: first.page, label: first.title, picture: first.icon }] : []),
    ...(pack?.calls.length ? [{ url: `${home}visits/`, label: words.calls, picture: "footprints" }] : []),
    { url: shell.dataset.outbox, label: words.outbox, picture: "upload", count: waiting },
  ];
  document.querySelector("[data-tabs]").replaceChildren(...(vault.isOpen() ? tabs.map(tab) : []));
}

function tab({ url, label, picture, count }) {
  const current = location.pathname === url ? { "aria-current": "page" } : {};
  const face = make("a", { href: url, ...current }, icon(picture), make("span", {}, label));
  if (count) face.append(make("span", { class: "count count-hot" }, String(count)));
  return make("li", {}, face);
}

async function lockView() {
  const row = await vault.record();
  const why = session === "lost" ? words.lostKey : row?.expired ? words.expired : row?.pin ? words.pinHint : words.pinNone;
  const parts = [make("h1", { class: "field-title-large" }, words.pinTitle), make("p", { class: "panel" }, why)];
  const gone = await store.lost();
  if (gone) parts.unshift(make("p", { class: "error-summary", role: "alert" }, say("lost", { n: gone })));
  if (row?.pin) parts.push(pinForm());
  parts.push(link(`${shell.dataset.login}?next=${encodeURIComponent(location.pathname)}`, "button button-wide", icon("log-in"), words.signInGo));
  return { title: words.pinTitle, parts };
}

function pinForm() {
  const input = make("input", { name: "pin", type: "password", inputmode: "numeric", maxlength: "6", autocomplete: "current-password", required: true, "aria-label": words.pinTitle });
  const status = make("p", { role: "alert" });
  const form = make("form", { class: "stack" }, make("div", { class: "field" }, input), status, make("button", { class: "button button-primary button-large button-wide" }, icon("lock"), words.pinOpen));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const came = await vault.openByPin(input.value);
    if (came === "opened") await opened();
    else if (came === "wrong") status.textContent = words.pinWrong;
    else show();
  });
  return form;
}

async function opened() {
  touched = Date.now();
  pack = await server.keptPack();
  await show();
  send();
}

async function online() {
  const came = await server.unlock();
  session = came;
  if (came === "opened") {
    const fresh = await server.fetchPack();
    if (fresh) pack = fresh;
  }
  return came === "opened";
}

async function send(now = false) {
  if (!vault.isOpen()) return;
  if (session !== "opened" && navigator.onLine) await online();
  if (session === "opened") await outbox.drain({ now });
}

document.addEventListener("click", (event) => {
  touched = Date.now();
  const anchor = event.target.closest("a[href]");
  if (!anchor || event.ctrlKey || event.metaKey || anchor.target || anchor.hasAttribute("download")) return;
  const url = new URL(anchor.href);
  // The key lives in this page: leaving it for another of the field's would lock the store.
  if (anchor.matches("[data-net-back]") || url.origin !== location.origin || !url.pathname.startsWith(home)) return;
  event.preventDefault();
  at.go(url.pathname + url.search);
});
document.addEventListener("input", () => {
  touched = Date.now();
});
window.addEventListener("popstate", show);
window.addEventListener("online", () => send(true));
window.addEventListener("offline", () => {
  session = "offline";
  bars();
});

let following = 0;
outbox.watch(() => {
  clearTimeout(following);
  following = setTimeout(() => {
    // A list follows what happens; a form that somebody is filling in stays as it is, even while no field of it has
    // the focus: when the keyboard was put away, or where a touch on a choice gives none.
    if (place.querySelector("[data-filling]") || place.contains(document.activeElement?.form || null)) bars();
    else show();
  }, 250);
});
setInterval(() => {
  if (vault.isOpen() && Date.now() - touched > IDLE) at.lock();
  else send();
}, EVERY);

async function begin() {
  if (navigator.serviceWorker) navigator.serviceWorker.register(`${home}sw.js`).catch(() => null);
  await online();
  if (vault.isOpen() && !pack) pack = await server.keptPack();
  await show();
  send(true);
}

begin();
