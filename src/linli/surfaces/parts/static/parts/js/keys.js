/* The desk by keyboard: j/k move through rows, Enter opens, x ticks, "/" searches; data-key="u" gives a key to
   any link, button or box. Keys never fire while somebody types. */
const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);

function move(step) {
  const list = rows();
  if (!list.length) return;
  const now = list.findIndex((row) => row.classList.contains("is-current"));
  const next = list[Math.min(Math.max(now + step, 0), list.length - 1)];
  for (const row of list) row.classList.toggle("is-current", row === next);
  const link = next.querySelector("a") || next.querySelector("button, input");
  if (link) link.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function tick() {
  const box = document.querySelector("[data-row].is-current input[type=checkbox]");
  if (!box) return false;
  box.click();
  return true;
}

function follow(key) {
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target) return false;
  if (target.matches("input, textarea, select")) target.focus();
  else target.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    return;
  }
  if (event.key === "Enter" && event.target.matches("[data-row] input[type=checkbox]")) {
    // A ticked row opens like any other; Enter must not send the form of the ticked rows.
    const { url } = event.target.closest("[data-row]").dataset;
    event.preventDefault();
    if (url) location.assign(url);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (event.key === "j" || event.key === "k") move(event.key === "j" ? 1 : -1);
  else if (event.key === "x" ? !tick() : !follow(event.key)) return;
  event.preventDefault();
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest("[data-row]");
  if (!row) return;
  for (const other of rows()) other.classList.toggle("is-current", other === row);
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-bulk]");
  const count = form && form.querySelector("[data-bulk-count]");
  if (!count) return;
  const ticked = form.querySelectorAll("input[name=rows]:checked").length;
  count.textContent = count.dataset.word.replace("{n}", ticked);
});
