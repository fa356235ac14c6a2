/* Filters apply as soon as a choice changes; searching waits for Enter or a pause. */
import { each } from "./dom.js";

each("form[data-filter]", (form) => {
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, input[type=checkbox], input[type=date]")) form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && field.value === "") field.disabled = true;
  });
});

window.addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form[data-filter] [disabled]")) field.disabled = false;
});
