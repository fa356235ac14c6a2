/* The page itself: focus on errors, the offline bar, the shell's small courtesies. */
import { each } from "./dom.js";

each("[data-focus]", (element) => element.focus());

each("[data-offline-bar]", (bar) => {
  const text = bar.querySelector("[data-offline-text]");
  const { wordOffline, wordWaiting } = bar.dataset;
  let waiting = 0;
  const show = () => {
    bar.hidden = navigator.onLine && !waiting;
    const parts = [];
    if (!navigator.onLine) parts.push(wordOffline);
    if (waiting) parts.push(`${waiting} ${wordWaiting}`);
    text.textContent = parts.join(" · ");
  };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  // Whoever keeps unsent items says how many: dispatchEvent(new CustomEvent("linli:unsent", {detail: 3})).
  window.addEventListener("linli:unsent", (event) => {
    waiting = event.detail;
    show();
  });
  show();
});

each("[data-print]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

each("[data-copy]", (button) => {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(source.value === undefined ? source.textContent : source.value);
    if (button.dataset.wordCopied) button.textContent = button.dataset.wordCopied;
  });
});
