// A name drawn by finger, pen or mouse: [data-sign] holds a canvas, the field that carries the drawing as a PNG, and a button to
// begin anew. It listens at the document, so that a form which comes later (a dialog of the desk) can be signed as well.
"use strict";
(() => {
  // What a line is drawn with, in pixels of the canvas itself: it is larger than it looks, for paper.
  const WIDTH = 5, INK = "#0a1a3a", LEAST = 12;
  const strokes = new WeakMap(); // canvas -> {pointer, x, y, length}
  const box = (element) => element.closest("[data-sign]");
  const fieldOf = (canvas) => box(canvas).querySelector("input");

  const place = (canvas, event) => {
    const frame = canvas.getBoundingClientRect();
    return { x: ((event.clientX - frame.left) * canvas.width) / frame.width, y: ((event.clientY - frame.top) * canvas.height) / frame.height };
  };
  const wipe = (canvas) => {
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    strokes.delete(canvas);
    fieldOf(canvas).value = "";
    box(canvas).removeAttribute("data-drawn");
  };

  document.addEventListener("pointerdown", (event) => {
    const canvas = event.target;
    if (!canvas.matches || !canvas.matches("[data-sign] canvas") || event.button > 0) return;
    event.preventDefault();
    if (!strokes.has(canvas)) wipe(canvas);
    canvas.setPointerCapture(event.pointerId);
    const before = strokes.get(canvas), at = place(canvas, event);
    strokes.set(canvas, { pointer: event.pointerId, x: at.x, y: at.y, length: before ? before.length : 0 });
  });
  document.addEventListener("pointermove", (event) => {
    const stroke = strokes.get(event.target);
    if (!stroke || stroke.pointer !== event.pointerId) return;
    const pen = event.target.getContext("2d"), at = place(event.target, event);
    pen.strokeStyle = INK;
    pen.lineWidth = WIDTH;
    pen.lineCap = pen.lineJoin = "round";
    pen.beginPath();
    pen.moveTo(stroke.x, stroke.y);
    pen.lineTo(at.x, at.y);
    pen.stroke();
    stroke.length += Math.hypot(at.x - stroke.x, at.y - stroke.y);
    Object.assign(stroke, at);
  });
  const lift = (event) => {
    const stroke = strokes.get(event.target);
    if (!stroke || stroke.pointer !== event.pointerId) return;
    stroke.pointer = null;
    // A touch by accident is no name.
    if (stroke.length < LEAST) return;
    fieldOf(event.target).value = event.target.toDataURL("image/png");
    box(event.target).setAttribute("data-drawn", "");
  };
  document.addEventListener("pointerup", lift);
  document.addEventListener("pointercancel", lift);

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("[data-sign] [data-anew]");
    if (button) wipe(box(button).querySelector("canvas"));
  });
  // Sent without a name: the place to sign says so, and nothing is sent.
  document.addEventListener("submit", (event) => {
    const empty = Array.from(event.target.querySelectorAll("[data-sign]")).find((one) => one.dataset.needed !== undefined && !one.querySelector("input").value);
    if (!empty) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const words = empty.querySelector("[data-missing]");
    words.hidden = false;
    empty.scrollIntoView({ block: "center" });
  }, true);
})();
