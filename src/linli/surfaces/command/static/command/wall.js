/* The command centre comes alive: asks for what is new, opens a matter on the spot, turns the boards of a wall,
   arranges tiles. Without it every page still works. */
import { announce, cookie, each } from "../parts/js/dom.js";

const HEADERS = { "HX-Request": "true" };

/** Follow where an ended session leads; tell whether it did. */
function led(answer) {
  const to = answer.headers.get("HX-Redirect");
  if (to) location.assign(to);
  return Boolean(to);
}

/** Put markup of our own server into an element. */
function fill(element, html) {
  element.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
}

/* -- asking for what is new ---------------------------------------------------------------------------------------- */

/** A tile that somebody is using is left alone until they are done. */
const inUse = (tile) =>
  (tile.contains(document.activeElement) && document.activeElement !== tile) ||
  tile.querySelector("details[open], .is-panning");

const drawn = new WeakMap();

function put(wall, tiles) {
  for (const tile of wall.querySelectorAll("[data-tile]")) {
    const html = tiles[tile.dataset.tile];
    if (html === undefined || drawn.get(tile) === html) continue;
    if (inUse(tile)) return false;
    const at = tile.querySelector(".wall-body");
    const scrolled = at ? at.scrollTop : 0;
    fill(tile, html);
    drawn.set(tile, html);
    const body = tile.querySelector(".wall-body");
    if (body) body.scrollTop = scrolled;
  }
  document.dispatchEvent(new Event("htmx:after:swap"));
  return true;
}

each("[data-wall]", (wall) => {
  const line = document.querySelector("[data-live-line]");
  const words = line && line.querySelector("[data-live-words]");
  const clock = () => new Date().toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" });
  let [tag, good, waits] = [`"${wall.dataset.tag}"`, clock().slice(0, 5), Number(wall.dataset.ask) * 1000];

  function say(ok) {
    if (!line) return;
    line.classList.toggle("is-lost", !ok);
    words.textContent = (ok ? line.dataset.wordOk : line.dataset.wordLost).replace("{time}", ok ? clock() : good);
  }
  async function ask() {
    if (document.hidden) return;
    try {
      const answer = await fetch(wall.dataset.liveUrl, {
        headers: { ...HEADERS, "If-None-Match": tag }, cache: "no-store", credentials: "same-origin",
      });
      if (led(answer)) return;
      if (answer.status === 200) {
        const { at, tiles } = await answer.json();
        // What could not be put in now is asked for again: the old stamp is kept.
        if (put(wall, tiles)) tag = answer.headers.get("ETag");
        good = at;
      } else if (answer.status !== 304) throw new Error(answer.status);
      say(true);
    } catch {
      say(false);
    }
  }
  setInterval(ask, waits);
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  wall.addEventListener("linli:changed", ask);
  const again = document.querySelector("[data-again]");
  if (again) {
    again.addEventListener("click", (event) => {
      event.preventDefault();
      ask();
    });
  }
});

/* -- a matter on the spot ------------------------------------------------------------------------------------------ */

each("[data-dialog]", (dialog) => {
  const panel = dialog.querySelector("[data-panel]");
  const wall = document.querySelector("[data-wall]");
  let from = null;

  async function open(url, options = {}) {
    try {
      const answer = await fetch(url, { credentials: "same-origin", ...options, headers: { ...HEADERS, ...options.headers } });
      if (led(answer)) return;
      fill(panel, await answer.text());
      if (options.method && wall) wall.dispatchEvent(new Event("linli:changed"));
    } catch {
      announce(panel.dataset.wordFailed);
      if (options.method) window.alert(panel.dataset.wordFailed);
      else location.assign(url);
      return;
    }
    if (!dialog.open) dialog.showModal();
    document.dispatchEvent(new Event("htmx:after:swap"));
    const said = panel.querySelector("[data-said], .error-summary, [role=alert]");
    (said || panel.querySelector("form input:not([type=hidden]), form select, form textarea, form button, a")).focus();
    if (said) announce(said.textContent.trim());
  }
  // A link of a drawing has no text for its href.
  const ours = (link) => link && new URL(link.getAttribute("href"), location.href).pathname.startsWith("/command/m/");
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!ours(link) || event.ctrlKey || event.metaKey || event.shiftKey || event.button || event.defaultPrevented) return;
    event.preventDefault();
    if (!dialog.contains(link)) from = link.getAttribute("href");
    open(link.getAttribute("href"));
  });
  panel.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    const body = new FormData(form, event.submitter);
    open(form.action, { method: "POST", body, headers: { "X-CSRFToken": cookie("csrftoken") } });
  });
  dialog.addEventListener("close", () => {
    panel.replaceChildren();
    const back = from && document.querySelector(`[data-wall] a[href="${CSS.escape(from)}"]`);
    if (back) back.focus();
  });
});

/* -- by keyboard: j and k go from tile to tile, Enter goes in --------------------------------------------------------- */

const typing = (target) => target.closest("input, textarea, select, [contenteditable], dialog[open]");

document.addEventListener("keydown", (event) => {
  const tiles = [...document.querySelectorAll("[data-tile]")];
  if (!tiles.length || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const now = tiles.findIndex((tile) => tile.contains(document.activeElement));
  if (event.key === "j" || event.key === "k") {
    const next = tiles[Math.min(Math.max(now + (event.key === "j" ? 1 : -1), 0), tiles.length - 1)];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  } else if (event.key === "Enter" && now >= 0 && document.activeElement === tiles[now]) {
    const first = tiles[now].querySelector(".wall-body a[href], .wall-foot a[href]");
    if (!first) return;
    first.focus();
  } else return;
  event.preventDefault();
});

/* -- a wall turns its boards ----------------------------------------------------------------------------------------- */

each("[data-turn]", (head) => {
  const button = head.querySelector("[data-pause]");
  const left = head.querySelector("[data-turn-left]");
  const KEY = "linli-wall-paused";
  let seconds = Number(head.dataset.turn);
  const paused = () => sessionStorage.getItem(KEY) === "yes";
  const show = () => {
    button.textContent = paused() ? button.dataset.wordGo : button.dataset.wordPause;
    button.setAttribute("aria-pressed", String(paused()));
    left.textContent = paused() ? "" : `${seconds}″`;
  };
  const toggle = () => {
    sessionStorage.setItem(KEY, paused() ? "no" : "yes");
    show();
  };
  button.hidden = false;
  button.addEventListener("click", toggle);
  show();
  setInterval(() => {
    if (paused() || document.querySelector("dialog[open]") || document.hidden) return;
    seconds -= 1;
    show();
    if (seconds <= 0) location.assign(head.dataset.next);
  }, 1000);
  document.addEventListener("keydown", (event) => {
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " " && !event.target.closest("button, a")) toggle();
    else if (event.key === "ArrowRight" && !event.target.closest(".map")) location.assign(head.dataset.next);
    else if (event.key === "Escape") location.assign(head.dataset.exit);
    else return;
    event.preventDefault();
  });
});

/* -- arranging tiles ------------------------------------------------------------------------------------------------- */

each("[data-arrange]", (form) => {
  const rows = () => [...form.querySelectorAll("[data-arrange-row]")];
  function move(row, step) {
    const to = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!to) return;
    if (step < 0) to.before(row);
    else to.after(row);
    announce(`${row.querySelector("strong").textContent} ${rows().indexOf(row) + 1}/${rows().length}`);
  }
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    event.preventDefault();
    move(button.closest("[data-arrange-row]"), Number(button.dataset.move));
    button.focus();
  });
  form.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-arrange-row]");
    if (!row || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const here = document.activeElement;
    move(row, event.key === "ArrowUp" ? -1 : 1);
    here.focus();
  });
  let held = null;
  form.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("[data-grip]")) return;
    held = event.target.closest("[data-arrange-row]");
    held.classList.add("is-dragged");
    form.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  form.addEventListener("pointermove", (event) => {
    if (!held) return;
    const over = rows().find((row) => {
      const box = row.getBoundingClientRect();
      return event.clientY > box.top && event.clientY < box.bottom;
    });
    if (!over || over === held) return;
    if (rows().indexOf(over) < rows().indexOf(held)) over.before(held);
    else over.after(held);
  });
  const drop = () => {
    if (held) held.classList.remove("is-dragged");
    held = null;
  };
  form.addEventListener("pointerup", drop);
  form.addEventListener("pointercancel", drop);
});
