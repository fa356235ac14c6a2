/* Makes a photo smaller beside the page, so that typing goes on. Asked with {id, file, longest, quality}. */
self.addEventListener("message", async ({ data: { id, file, longest, quality } }) => {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    const canvas = new OffscreenCanvas(Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale)));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    self.postMessage({ id, blob: await canvas.convertToBlob({ type: "image/jpeg", quality }) });
  } catch (error) {
    self.postMessage({ id, error: String(error) });
  }
});
