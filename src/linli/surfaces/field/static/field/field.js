/* The field on a phone: a key for each sending, the place, and today's list in walking order.
   The phone's position is asked for by a press, stays on the phone for the list, and goes along with a report only. */
import { announce, cookie, each } from "../parts/js/dom.js";

const EARTH = 6371000;
const OPTIONS = { enableHighAccuracy: true, timeout: 12000, maximumAge: 30000 };
const canLocate = () => Boolean(navigator.geolocation && window.isSecureContext);

each("[data-keyed]", (form) => {
  const key = form.querySelector("[data-key-field]");
  if (window.crypto && crypto.randomUUID) key.value = crypto.randomUUID();
});

/* A category from the whole list becomes the chosen card's value. */
each("[data-all-kinds]", (select) => {
  const form = select.form;
  const extra = document.createElement("input");
  extra.type = "hidden";
  select.addEventListener("change", () => {
    for (const card of form.querySelectorAll("input[name=category][type=radio]")) {
      card.checked = card.value === select.value;
      card.required = !select.value;
    }
    const known = form.querySelector("input[name=category][type=radio]:checked");
    if (select.value && !known) {
      extra.name = "category";
      extra.value = select.value;
      form.append(extra);
    } else {
      extra.remove();
    }
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "category" && event.target.type === "radio") {
      extra.remove();
      select.value = "";
    }
  });
});

each("[data-here]", (box) => {
  const button = box.querySelector("[data-here-ask]");
  const status = box.querySelector("[data-here-status]");
  const area = box.querySelector("[data-here-area]");
  if (!canLocate()) return;
  button.hidden = false;
  const say = (text) => {
    status.hidden = false;
    status.textContent = text;
  };
  async function take({ coords }) {
    const lon = coords.longitude.toFixed(6);
    const lat = coords.latitude.toFixed(6);
    let label = "";
    try {
      const body = new URLSearchParams({ lon, lat });
      const answer = await fetch(box.dataset.url, { method: "POST", body, headers: { "X-CSRFToken": cookie("csrftoken") } });
      ({ label } = await answer.json());
    } catch {
      say(box.dataset.wordFailed);
      return;
    }
    if (!label) {
      say(box.dataset.wordOutside);
      return;
    }
    box.querySelector("[data-lon]").value = lon;
    box.querySelector("[data-lat]").value = lat;
    area.value = "";
    say(label);
  }
  const ask = () => {
    say(box.dataset.wordFinding);
    navigator.geolocation.getCurrentPosition(take, () => say(box.dataset.wordFailed), OPTIONS);
  };
  button.addEventListener("click", ask);
  // Whoever has allowed it before need not press again.
  if (navigator.permissions) navigator.permissions.query({ name: "geolocation" }).then((state) => state.state === "granted" && ask());
});

function metres(one, other) {
  const radians = Math.PI / 180;
  const east = (one.lon - other.lon) * radians * Math.cos(((one.lat + other.lat) / 2) * radians);
  const north = (one.lat - other.lat) * radians;
  return EARTH * Math.hypot(east, north);
}

const inWords = (length, words) =>
  length < 1000
    ? words.wordMetres.replace("{n}", Math.round(length / 10) * 10)
    : words.wordKilometres.replace("{n}", (length / 1000).toFixed(1));

/** The nearest first, then the nearest to that one: a good walk, if not the shortest. */
function walk(list, start, words) {
  const items = [...list.children];
  const point = (item) => ({ lon: Number(item.dataset.lon), lat: Number(item.dataset.lat) });
  const placed = items.filter((item) => item.dataset.lon);
  let here = start;
  while (placed.length) {
    placed.sort((a, b) => metres(here, point(a)) - metres(here, point(b)));
    const next = placed.shift();
    next.querySelector("[data-away]").textContent = inWords(metres(start, point(next)), words);
    here = point(next);
    list.append(next);
  }
  for (const item of items.filter((one) => !one.dataset.lon)) list.append(item);
  // What is urgent stays on top, whatever the way.
  for (const item of [...list.querySelectorAll(".is-urgent")].reverse()) list.prepend(item);
}

each("[data-walk]", (bar) => {
  const lists = [...document.querySelectorAll("[data-walk-list]")];
  if (!canLocate() || !lists.length) return;
  bar.hidden = false;
  const status = bar.querySelector("[data-walk-status]");
  const ask = () =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        for (const list of lists) walk(list, { lon: coords.longitude, lat: coords.latitude }, bar.dataset);
        status.textContent = bar.dataset.wordHere;
        announce(bar.dataset.wordHere);
      },
      () => {
        status.textContent = bar.dataset.wordFailed;
      },
      OPTIONS,
    );
  bar.querySelector("[data-walk-ask]").addEventListener("click", ask);
  if (navigator.permissions) navigator.permissions.query({ name: "geolocation" }).then((state) => state.state === "granted" && ask());
});
