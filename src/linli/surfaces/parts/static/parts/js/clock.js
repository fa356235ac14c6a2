/* Clock chips count on by themselves, once a minute; the server drew them right at the start.
   The page's own clock is trusted only for how much time has passed since then. */
import { each } from "./dom.js";

const MINUTE = 60000;
const opened = Date.now();
const { wordDays, wordHours, wordMinutes, wordLess, wordLeft, wordOver } = document.documentElement.dataset;

function words(left) {
  const minutes = Math.floor(Math.abs(left) / MINUTE);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  const parts = days ? [[days, wordDays], [hours, wordHours]] : [[hours, wordHours], [rest, wordMinutes]];
  const text = parts.filter(([number]) => number).map(([number, word]) => `${number} ${word}`).join(" ");
  return (left < 0 ? wordOver : wordLeft).replace("{span}", text || wordLess);
}

each("[data-clock]", (chip) => {
  const due = new Date(chip.dataset.clock).getTime();
  const served = Number(document.documentElement.dataset.now) || opened;
  const place = chip.querySelector("[data-clock-words]");
  const tick = () => {
    const left = due - (served + (Date.now() - opened));
    place.textContent = words(left);
    if (left < 0 && !chip.classList.contains("clock-overdue")) {
      chip.classList.remove("clock-running", "clock-warning");
      chip.classList.add("clock-overdue");
    }
  };
  setInterval(tick, MINUTE);
});
