/* 用我现在的位置: asked for by a press, taken once, never followed. */
import { each } from "./dom.js";

each("[data-place]", (box) => {
  const button = box.querySelector("[data-locate]");
  const status = box.querySelector("[data-place-status]");
  if (!button || !navigator.geolocation || !window.isSecureContext) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    status.textContent = box.dataset.wordFinding;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        box.querySelector("[data-lon]").value = coords.longitude.toFixed(6);
        box.querySelector("[data-lat]").value = coords.latitude.toFixed(6);
        status.textContent = box.dataset.wordFound;
        box.dispatchEvent(new CustomEvent("linli:place", { bubbles: true, detail: { lon: coords.longitude, lat: coords.latitude } }));
      },
      () => {
        status.textContent = box.dataset.wordFailed;
      },
      { enableHighAccuracy: true, timeout: 12000, maximumAge: 30000 },
    );
  });
});
