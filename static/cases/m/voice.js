// A voice note of a minute at most, where the browser can record; elsewhere the phone's own recorder makes a file.
"use strict";
(() => {
  const form = document.querySelector("form.report"), button = form && form.querySelector("[data-voice]");
  if (!button || !window.MediaRecorder || !navigator.mediaDevices || !window.Outbox) return;
  const words = button.querySelector("[data-voice-words]"), idle = words.textContent;
  const LONGEST = 60;
  let recorder = null, clock = 0;

  const offer = (here) => { button.hidden = !here; form.querySelector("[data-voice-file]").hidden = here; };
  offer(true);
  document.addEventListener("outbox-off", () => offer(false));

  const rest = () => {
    clearInterval(clock);
    recorder = null;
    button.setAttribute("aria-pressed", "false");
    words.textContent = idle;
  };
  const begin = async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const pieces = [];
    recorder = new MediaRecorder(stream, { audioBitsPerSecond: 32000 });
    recorder.ondataavailable = (event) => pieces.push(event.data);
    recorder.onstop = () => {
      stream.getTracks().forEach((track) => track.stop());
      const type = recorder.mimeType || "audio/webm";
      rest();
      form.dispatchEvent(new CustomEvent("shot", { detail: { field: "voice", file: new File(pieces, "voice", { type }), only: true } }));
    };
    recorder.start();
    let left = LONGEST;
    button.setAttribute("aria-pressed", "true");
    const tick = () => {
      words.textContent = form.dataset.recording + " " + left;
      if (left <= 0 && recorder) recorder.stop();
      left -= 1;
    };
    tick();
    clock = setInterval(tick, 1000);
  };
  button.addEventListener("click", async () => {
    if (recorder) { recorder.stop(); return; }
    try { await begin(); } catch (error) { rest(); words.textContent = form.dataset.noVoice; form.querySelector("[data-voice-file]").hidden = false; }
  });
})();
