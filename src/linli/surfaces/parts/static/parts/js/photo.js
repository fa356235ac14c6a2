/* Photos are made smaller on the phone and sent one by one while the form is still being filled in.
   The answer's {"id": …} travels as <name>_ids; without an upload address the files go with the form. */
import { announce, cookie, each, make } from "./dom.js";

const LONGEST = 1600;

async function smaller(file) {
  if (!file.type.startsWith("image/") || file.type === "image/gif" || !window.createImageBitmap) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size < 800000) return file;
    const canvas = make("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" }) : file;
  } catch {
    return file;
  }
}

async function send(url, file, original, form) {
  const data = new FormData();
  data.append("file", file);
  data.append("captured_at", new Date(original.lastModified).toISOString());
  // Where the reporter said the place is, if they pressed 用我现在的位置.
  for (const name of ["lon", "lat"]) {
    const field = form && form.querySelector(`[data-${name}]`);
    if (field && field.value) data.append(name, field.value);
  }
  const answer = await fetch(url, { method: "POST", body: data, headers: { "X-CSRFToken": cookie("csrftoken"), Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).id;
}

each("[data-photo-input]", (box) => {
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector("[data-photo-list]");
  box.classList.add("is-ready");
  const { uploadUrl, most, wordFailed, wordRemove, wordMost, wordSending, wordDone } = box.dataset;

  function item(file) {
    const image = make("img", { alt: file.name, src: URL.createObjectURL(file) });
    const state = make("span", { class: "photo-state" });
    const remove = make("button", { type: "button", class: "button button-small" }, wordRemove);
    const entry = make("li", { class: "photo-item" }, image, state, remove);
    remove.addEventListener("click", () => {
      entry.remove();
      input.focus();
    });
    list.append(entry);
    return { entry, state };
  }

  async function upload(file) {
    const { entry, state } = item(file);
    const attempt = async () => {
      state.textContent = wordSending;
      try {
        const id = await send(uploadUrl, await smaller(file), file, input.form);
        entry.append(make("input", { type: "hidden", name: `${input.name}_ids`, value: id }));
        state.textContent = wordDone;
        announce(wordDone);
      } catch {
        const again = make("button", { type: "button", class: "button button-small button-warning" }, wordFailed);
        again.addEventListener("click", attempt, { once: true });
        state.replaceChildren(again);
        announce(wordFailed);
      }
    };
    await attempt();
  }

  input.addEventListener("change", async () => {
    const files = [...input.files];
    if (!uploadUrl) {
      list.replaceChildren();
      for (const file of files) item(file).entry.querySelector("button").remove();
      return;
    }
    const room = Number(most) - list.children.length;
    if (files.length > room) announce(wordMost);
    input.value = "";
    input.required = false;
    for (const file of files.slice(0, Math.max(room, 0))) await upload(file);
  });
});
