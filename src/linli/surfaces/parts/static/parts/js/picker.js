/* The area tree as a search box with a list (a combobox); the select beneath stays the value that is sent.
   Also: a search box on top of long lists of units. */
import { each, make } from "./dom.js";

let serial = 0;

each("[data-area-picker]", (box) => {
  const select = box.querySelector("select");
  const options = [...select.options].filter((option) => option.value);
  const id = `picker-${(serial += 1)}`;
  const list = make("ul", { class: "picker-list", role: "listbox", id, hidden: true, "aria-label": box.dataset.wordSearch });
  const input = make("input", {
    type: "text", role: "combobox", autocomplete: "off", placeholder: box.dataset.wordSearch, id: select.id,
    "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list", "aria-describedby": select.getAttribute("aria-describedby"),
    "aria-invalid": select.getAttribute("aria-invalid"), required: select.required,
  });
  select.id = `${select.id}-value`;
  select.required = false;
  select.hidden = true;
  box.append(input, list);

  const depth = (option) => Number(option.dataset.depth);
  const open = new Set(options.filter((option) => depth(option) < 1));
  let active = -1;
  let shown = [];

  const parents = options.map((option, index) => {
    for (let before = index - 1; before >= 0; before -= 1) if (depth(options[before]) < depth(option)) return before;
    return -1;
  });
  const kids = options.map((option, index) => index + 1 < options.length && depth(options[index + 1]) > depth(option));
  const visible = (index) => {
    for (let up = parents[index]; up >= 0; up = parents[up]) if (!open.has(options[up])) return false;
    return true;
  };
  const matches = (option, word) => `${option.text} ${option.value} ${option.dataset.pinyin}`.toLowerCase().includes(word);
  const chosenText = () => (select.selectedOptions[0] && select.value ? select.selectedOptions[0].text.trim() : "");

  function draw() {
    const word = input.value.trim().toLowerCase();
    const searching = word && word !== chosenText().toLowerCase();
    shown = options.map((_, index) => index).filter((index) => (searching ? matches(options[index], word) : visible(index)));
    list.replaceChildren(
      ...shown.map((index, place) => {
        const option = options[index];
        const toggle = kids[index] && !searching ? (open.has(option) ? "▾" : "▸") : "";
        return make(
          "li",
          { class: "picker-item", role: "option", id: `${id}-${place}`, "data-depth": searching ? 0 : depth(option), "aria-selected": String(place === active), "aria-disabled": option.disabled ? "true" : null },
          make("span", { class: "picker-toggle", "aria-hidden": "true" }, toggle),
          make("span", {}, option.text.trim()),
          make("span", { class: "picker-level" }, option.dataset.level),
        );
      }),
    );
    if (!shown.length) list.append(make("li", { class: "picker-item", role: "option", "aria-disabled": "true", "aria-selected": "false" }, box.dataset.wordNone));
    input.setAttribute("aria-activedescendant", active >= 0 && shown.length ? `${id}-${active}` : "");
    const current = list.children[active];
    if (current) current.scrollIntoView({ block: "nearest" });
  }

  function show(on) {
    list.hidden = !on;
    input.setAttribute("aria-expanded", String(on));
    if (on) draw();
  }

  function toggle(index, on) {
    if (!kids[index]) return;
    if (on) open.add(options[index]);
    else open.delete(options[index]);
    draw();
  }

  function choose(place) {
    const index = shown[place];
    if (index === undefined) return;
    if (options[index].disabled) {
      toggle(index, !open.has(options[index]));
      return;
    }
    select.value = options[index].value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    input.value = chosenText();
    active = -1;
    show(false);
  }

  input.value = chosenText();
  input.addEventListener("focus", () => input.select());
  input.addEventListener("click", () => show(true));
  input.addEventListener("input", () => {
    active = 0;
    show(true);
  });
  input.addEventListener("blur", () => setTimeout(() => {
    show(false);
    if (!input.value.trim()) select.value = "";
    input.value = chosenText();
  }, 150));
  input.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      if (list.hidden) show(true);
      active = Math.min(Math.max(active + steps[event.key], 0), Math.max(shown.length - 1, 0));
      draw();
    } else if (!list.hidden && active >= 0 && (event.key === "ArrowRight" || event.key === "ArrowLeft") && kids[shown[active]]) {
      toggle(shown[active], event.key === "ArrowRight");
    } else if (event.key === "Enter" && !list.hidden) {
      choose(Math.max(active, 0));
    } else if (event.key === "Escape" && !list.hidden) {
      show(false);
    } else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const place = [...list.children].indexOf(event.target.closest("li"));
    if (event.target.closest(".picker-toggle") && kids[shown[place]]) toggle(shown[place], !open.has(options[shown[place]]));
    else choose(place);
  });
  select.addEventListener("change", () => {
    if (document.activeElement !== input) input.value = chosenText();
  });
});

each("[data-filter-list]", (box) => {
  const items = [...box.querySelectorAll("[data-filter-item]")];
  if (items.length < 6) return;
  const input = make("input", { type: "search", placeholder: box.dataset.wordSearch, "aria-label": box.dataset.wordSearch, autocomplete: "off" });
  const none = make("p", { class: "muted", role: "status", hidden: true }, box.dataset.wordNone);
  box.prepend(input);
  box.append(none);
  input.addEventListener("input", () => {
    const word = input.value.trim().toLowerCase();
    for (const item of items) item.hidden = !`${item.textContent} ${item.dataset.pinyin}`.toLowerCase().includes(word) && !item.querySelector("input").checked;
    for (const group of box.querySelectorAll("[data-filter-group]")) group.hidden = ![...group.querySelectorAll("[data-filter-item]")].some((item) => !item.hidden);
    none.hidden = items.some((item) => !item.hidden);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
});
