// Covering faces and plates: areas are drawn over the photo, shown as they will look, and made by the server for good.
"use strict";
(() => {
  const home = window.photoViewer;
  if (!home) return;
  const { viewer } = home;
  // As in cases/actions/pictures.py: nine colours are left.
  const CELLS = 3, LEAST = 0.01, STEP = 0.01;
  const areas = new Map();  // canvas → [x, y, width, height] in shares of the picture's sides
  let sheet = null, drag = null;

  const tools = (name) => viewer.querySelector(`[data-tools="${name}"]`);
  const between = (value, low, high) => Math.min(Math.max(value, low), high);

  function place(canvas, x, y, width, height) {
    width = between(width, LEAST, 1);
    height = between(height, LEAST, 1);
    const area = [between(x, 0, 1 - width), between(y, 0, 1 - height), width, height];
    areas.set(canvas, area);
    ["left", "top", "width", "height"].forEach((side, n) => { canvas.style[side] = `${area[n] * 100}%`; });
    const image = sheet.querySelector("img"), [wide, high] = [image.naturalWidth, image.naturalHeight];
    const pen = canvas.getContext("2d");
    pen.imageSmoothingEnabled = true;
    pen.imageSmoothingQuality = "high";
    if (wide) pen.drawImage(image, area[0] * wide, area[1] * high, area[2] * wide, area[3] * high, 0, 0, CELLS, CELLS);
  }

  function add(x, y, width, height) {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: CELLS, height: CELLS, className: "gg-area", tabIndex: 0 });
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", viewer.dataset.area);
    sheet.append(canvas);
    place(canvas, x, y, width, height);
    return canvas;
  }

  function drop(canvas) {
    areas.delete(canvas);
    canvas.remove();
  }

  function start() {
    sheet = home.alone();
    viewer.classList.add("gg-viewer-drawing");
    tools("look").hidden = true;
    tools("blur").hidden = false;
    viewer.querySelectorAll(".gg-viewer-step").forEach((button) => { button.hidden = true; });
    viewer.querySelector("[data-do=area]").focus();
  }

  function stop() {
    if (!sheet) return;
    [...areas.keys()].forEach(drop);
    viewer.classList.remove("gg-viewer-drawing");
    tools("look").hidden = false;
    tools("blur").hidden = true;
    home.say("");
    sheet = null;
    if (!viewer.open) return;
    home.alone();
    viewer.querySelector("[data-do=blur]").focus();
  }

  async function save(button) {
    if (!areas.size) { home.say(viewer.dataset.none); return; }
    button.disabled = true;
    const drawn = [...areas.values()].map((area) => area.map((share) => Number(share.toFixed(4))));
    if (await home.send("blur", { areas: drawn })) home.again();
    button.disabled = false;
  }

  viewer.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button?.dataset.do === "blur") start();
    else if (button?.dataset.do === "cancel") stop();
    else if (button?.dataset.do === "area") add(0.4, 0.4, 0.2, 0.2).focus();
    else if (button?.dataset.do === "save") save(button);
  });
  // Esc leaves the drawing first, and the viewer only then.
  viewer.addEventListener("cancel", (event) => {
    if (!sheet) return;
    event.preventDefault();
    stop();
  });
  viewer.addEventListener("close", stop);

  function shareOf(event) {
    const box = sheet.getBoundingClientRect();
    return [between((event.clientX - box.left) / box.width, 0, 1), between((event.clientY - box.top) / box.height, 0, 1)];
  }

  viewer.addEventListener("pointerdown", (event) => {
    if (!sheet || !sheet.contains(event.target) || event.button !== 0) return;
    event.preventDefault();
    const [x, y] = shareOf(event), held = areas.has(event.target) ? event.target : null;
    drag = held ? { canvas: held, from: areas.get(held), x, y } : { canvas: add(x, y, 0, 0), x, y };
    drag.canvas.focus();
    sheet.setPointerCapture(event.pointerId);
  });
  viewer.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const [x, y] = shareOf(event);
    if (drag.from) place(drag.canvas, drag.from[0] + x - drag.x, drag.from[1] + y - drag.y, drag.from[2], drag.from[3]);
    else place(drag.canvas, Math.min(x, drag.x), Math.min(y, drag.y), Math.abs(x - drag.x), Math.abs(y - drag.y));
  });
  viewer.addEventListener("pointerup", () => {
    // A click without a drag draws nothing.
    if (drag && !drag.from && areas.get(drag.canvas).slice(2).every((side) => side <= LEAST)) drop(drag.canvas);
    drag = null;
  });

  viewer.addEventListener("keydown", (event) => {
    const area = areas.get(event.target);
    if (!area) return;
    const [x, y, width, height] = area;
    const moves = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
    const move = moves[event.key];
    if (event.key === "Delete" || event.key === "Backspace") {
      drop(event.target);
      viewer.querySelector("[data-do=area]").focus();
    } else if (move && event.shiftKey) place(event.target, x, y, width + move[0], height + move[1]);
    else if (move) place(event.target, x + move[0], y + move[1], width, height);
    else return;
    event.preventDefault();
  });
})();
