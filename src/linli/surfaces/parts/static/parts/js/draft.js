/* What somebody typed survives an expired session or a closed tab: forms with data-draft="key" are kept on this
   device for a day, offered back, and forgotten when sent. Passwords, files and tokens are never kept. */
import { each, make } from "./dom.js";

const DAY = 24 * 3600 * 1000;
const kept = (field) => field.name && !["password", "file", "hidden", "submit"].includes(field.type) && field.name !== "csrfmiddlewaretoken";

function read(form) {
  return [...form.elements].filter(kept).map((field) => [field.name, field.value, Boolean(field.checked)]);
}

function write(form, values) {
  const fields = [...form.elements].filter(kept);
  for (const [name, value, checked] of values) {
    for (const field of fields.filter((one) => one.name === name)) {
      if (field.type === "checkbox" || field.type === "radio") {
        if (field.value === value) field.checked = checked;
      } else {
        field.value = value;
      }
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
}

each("form[data-draft]", (form) => {
  const key = `draft:${location.pathname}:${form.dataset.draft}`;
  const fresh = JSON.stringify(read(form));
  let stored = null;
  try {
    stored = JSON.parse(localStorage.getItem(key) || "null");
  } catch {
    stored = null;
  }
  if (stored && Date.now() - stored.at < DAY && JSON.stringify(stored.values) !== fresh) {
    const words = document.body.dataset;
    const yes = make("button", { type: "button", class: "button button-small" }, words.wordRestore);
    const no = make("button", { type: "button", class: "button button-quiet button-small" }, words.wordDiscard);
    const note = make("div", { class: "draft-note", role: "status" }, words.wordDraft, yes, no);
    yes.addEventListener("click", () => {
      write(form, stored.values);
      note.remove();
    });
    no.addEventListener("click", () => {
      localStorage.removeItem(key);
      note.remove();
    });
    form.prepend(note);
  }
  let waiting = 0;
  const keep = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      try {
        localStorage.setItem(key, JSON.stringify({ at: Date.now(), values: read(form) }));
      } catch {
        // A full or forbidden store only means that nothing is kept.
      }
    }, 400);
  };
  form.addEventListener("input", keep);
  // A page that follows the sending says data-draft-done="key" once the server has it.
});

each("[data-draft-done]", (element) => {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("draft:") && key.endsWith(`:${element.dataset.draftDone}`)) localStorage.removeItem(key);
  }
});
