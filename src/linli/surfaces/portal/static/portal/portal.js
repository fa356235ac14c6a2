/* What makes the residents' pages quicker; every page works without it. */
import { announce, cookie, each, make } from "../parts/js/dom.js";

async function ask(url, fields) {
  const body = new URLSearchParams(fields);
  const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": cookie("csrftoken") } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

/* The place from the phone's position: asked for by a press, taken once, shown in words before it is used. */
each("[data-where]", (form) => {
  const box = form.querySelector("[data-where-box]");
  const button = form.querySelector("[data-where-ask]");
  const status = form.querySelector("[data-where-status]");
  const found = form.querySelector("[data-where-found]");
  if (!navigator.geolocation || !window.isSecureContext) return;
  box.hidden = false;
  const say = (text) => {
    status.textContent = text;
  };
  async function take({ coords }) {
    const lon = coords.longitude.toFixed(6);
    const lat = coords.latitude.toFixed(6);
    try {
      const { label } = await ask(form.dataset.url, { lon, lat });
      if (!label) return say(form.dataset.wordOutside);
      form.querySelector("[data-lon]").value = lon;
      form.querySelector("[data-lat]").value = lat;
      form.querySelector("[data-where-label]").textContent = label;
      found.hidden = false;
      button.hidden = true;
      found.querySelector("button").focus();
      say("");
    } catch {
      say(form.dataset.wordFailed);
    }
    return undefined;
  }
  button.addEventListener("click", () => {
    say(form.dataset.wordFinding);
    navigator.geolocation.getCurrentPosition(take, () => say(form.dataset.wordFailed), {
      enableHighAccuracy: true,
      timeout: 12000,
      maximumAge: 30000,
    });
  });
});

/* While somebody writes: whom to call first, and what it probably is. */
each("[data-guess]", (form) => {
  const words = form.querySelector("textarea");
  const row = form.querySelector("[data-guess-row]");
  const alerts = form.querySelector("[data-guess-alerts]");
  const all = form.querySelector("#category_other");
  let waiting = 0;
  let last = "";

  function choose(code) {
    const card = form.querySelector(`input[name=category][value="${code}"]`);
    if (card) {
      card.checked = true;
      all.value = "";
    } else {
      all.value = code;
    }
    for (const one of row.querySelectorAll("button")) one.setAttribute("aria-pressed", String(one.value === code));
  }

  function show({ categories, alerts: found }) {
    row.hidden = !categories.length;
    row.replaceChildren(form.dataset.wordMaybe);
    for (const [code, name] of categories) {
      const button = make("button", { type: "button", class: "button", value: code, "aria-pressed": "false" }, name);
      button.addEventListener("click", () => choose(code));
      row.append(button);
    }
    alerts.replaceChildren();
    for (const alert of found) {
      const list = make("ul", { class: "numbers" });
      for (const [number, title] of alert.phones) {
        const link = make("a", { class: "phone button button-warning button-large button-wide", href: `tel:${number}` }, `${title} `, make("span", { class: "phone-number" }, number));
        list.append(make("li", {}, link));
      }
      alerts.append(make("section", { class: "urgent-box stack" }, make("h2", {}, alert.title), make("p", {}, alert.tell), list));
      announce(`${alert.title}。${alert.tell}`);
    }
  }

  async function look() {
    const text = words.value.trim();
    if (text === last || text.length < 2) return;
    last = text;
    try {
      show(await ask(form.dataset.url, { text }));
    } catch {
      // Without an answer the categories can still be chosen by hand, and the server looks again on sending.
    }
  }
  for (const change of ["input", "change"]) {
    words.addEventListener(change, () => {
      clearTimeout(waiting);
      waiting = setTimeout(look, 500);
    });
  }
  // Somebody may have begun to write before this script was there; a page sent back has its alerts already.
  if (!form.querySelector("input[name=seen]")) look();
  for (const card of form.querySelectorAll("input[name=category]")) {
    card.addEventListener("change", () => {
      all.value = "";
    });
  }
});
