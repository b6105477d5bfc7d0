/* A picture of a page, covered before it leaves the browser: what lies under a covered square is painted over, and only
   the painted picture is sent. Without this file the form has no picture. */
(() => {
  "use strict";
  const WIDEST = 1280, ACROSS = 6, DOWN = 6, QUALITY = 0.72;
  const draw = async (canvas, data) => {
    const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes]));
    [canvas.width, canvas.height] = [image.width, image.height];
    canvas.getContext("2d").drawImage(image, 0, 0);
  };
  for (const canvas of document.querySelectorAll("canvas[data-picture]")) {
    draw(canvas, document.getElementById(canvas.dataset.picture).value);
  }

  const shot = document.querySelector("[data-shot]");
  if (!shot || !window.createImageBitmap) return;
  shot.hidden = false;
  const part = (name) => shot.querySelector(`[data-shot-${name}]`);
  const [take, file, drop, face, canvas, grid, field] = ["take", "file", "drop", "face", "canvas", "grid", "field"].map(part);
  const covered = new Set();
  let image = null;

  const paint = () => {
    const pen = canvas.getContext("2d"), [wide, high] = [canvas.width / ACROSS, canvas.height / DOWN];
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    pen.fillStyle = "#14191a";
    for (const place of covered) {
      pen.fillRect((place % ACROSS) * wide, Math.floor(place / ACROSS) * high, Math.ceil(wide), Math.ceil(high));
    }
    field.value = canvas.toDataURL("image/jpeg", QUALITY).split(",")[1];
  };
  const show = (bitmap) => {
    image = bitmap;
    const share = Math.min(1, WIDEST / image.width);
    [canvas.width, canvas.height] = [Math.round(image.width * share), Math.round(image.height * share)];
    covered.clear();
    for (const square of grid.children) square.setAttribute("aria-pressed", "false");
    [face.hidden, drop.hidden] = [false, false];
    paint();
  };
  for (let place = 0; place < ACROSS * DOWN; place += 1) {
    const square = document.createElement("button");
    square.type = "button";
    square.setAttribute("aria-pressed", "false");
    square.setAttribute("aria-label", grid.dataset.square
      .replace("ROW", Math.floor(place / ACROSS) + 1).replace("COLUMN", (place % ACROSS) + 1));
    square.addEventListener("click", () => {
      if (!covered.delete(place)) covered.add(place);
      square.setAttribute("aria-pressed", String(covered.has(place)));
      paint();
    });
    grid.append(square);
  }
  file.addEventListener("change", async () => {
    const bitmap = file.files[0] && await createImageBitmap(file.files[0]).catch(() => null);
    if (bitmap) show(bitmap);
    file.value = "";
  });
  drop.addEventListener("click", () => {
    [face.hidden, drop.hidden, field.value] = [true, true, ""];
    file.focus();
  });
  if (navigator.mediaDevices && navigator.mediaDevices.getDisplayMedia) {
    take.hidden = false;
    take.addEventListener("click", async () => {
      const stream = await navigator.mediaDevices.getDisplayMedia({ video: true }).catch(() => null);
      if (!stream) return;
      const film = document.createElement("video");
      film.srcObject = stream;
      await film.play();
      const bitmap = await createImageBitmap(film);
      for (const track of stream.getTracks()) track.stop();
      show(bitmap);
    });
  }
  if (field.value) createImageBitmap(new Blob([Uint8Array.from(atob(field.value), (s) => s.charCodeAt(0))])).then(show);
})();
