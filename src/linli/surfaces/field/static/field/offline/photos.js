/* Photos of a form that works without a network: made smaller at once, shown, kept in memory until the form is sent. */
import { announce, make } from "../../parts/js/dom.js";

const LONGEST = 1600;
const QUALITY = 0.82;

let worker = null;
let count = 0;
const waiting = new Map();

function inWorker(file) {
  const url = document.querySelector("[data-photo-worker]")?.dataset.photoWorker;
  if (!url || !window.Worker || !window.OffscreenCanvas) return Promise.reject(new Error("no worker"));
  if (!worker) {
    worker = new Worker(url);
    worker.addEventListener("message", ({ data }) => {
      const { done, fail } = waiting.get(data.id);
      waiting.delete(data.id);
      if (data.blob) done(data.blob);
      else fail(new Error(data.error));
    });
    worker.addEventListener("error", () => {
      for (const { fail } of waiting.values()) fail(new Error("worker"));
      waiting.clear();
      worker = null;
    });
  }
  return new Promise((done, fail) => {
    const id = (count += 1);
    waiting.set(id, { done, fail });
    worker.postMessage({ id, file, longest: LONGEST, quality: QUALITY });
  });
}

async function here(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = make("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
}

/** Return `file` as a JPEG no longer than 1600 px; the file itself when it cannot be read as a picture. */
export async function smaller(file) {
  try {
    return await inWorker(file).catch(() => here(file));
  } catch {
    return file;
  }
}

/** Let the photo inputs in `root` keep their photos; returns a function that gives them, and takes `known` ones in. */
export function gather(root, words, known = []) {
  const photos = [];
  for (const box of root.querySelectorAll("[data-offline-photos]")) {
    const input = box.querySelector("input[type=file]");
    const list = box.querySelector("[data-photo-list]");
    const most = Number(box.dataset.most) || 4;
    box.classList.add("is-ready");
    const show = (photo) => {
      photos.push(photo);
      const image = make("img", { alt: words.photo, src: URL.createObjectURL(photo.blob) });
      const remove = make("button", { type: "button", class: "button button-small" }, words.remove);
      const entry = make("li", { class: "photo-item" }, image, make("span", { class: "photo-state" }, words.kept), remove);
      remove.addEventListener("click", () => {
        photos.splice(photos.indexOf(photo), 1);
        URL.revokeObjectURL(image.src);
        entry.remove();
        input.focus();
      });
      list.append(entry);
    };
    for (const photo of known.filter((one) => one.field === input.name)) show(photo);
    input.addEventListener("change", async () => {
      const files = [...input.files];
      input.value = "";
      input.required = false;
      const room = most - photos.filter((one) => one.field === input.name).length;
      if (files.length > room) announce(words.mostPhotos);
      for (const file of files.slice(0, Math.max(room, 0))) {
        box.classList.add("is-busy");
        const blob = await smaller(file);
        box.classList.remove("is-busy");
        const point = (name) => root.querySelector(`[data-${name}]`)?.value || null;
        show({ id: crypto.randomUUID(), field: input.name, blob, captured_at: new Date(file.lastModified).toISOString(), lon: point("lon"), lat: point("lat") });
      }
    });
  }
  return () => photos;
}
