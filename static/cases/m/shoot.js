// Today's button opens the camera: the picture lies in the report's draft before its form is there. Where nothing can be kept on
// the device it stays a link.
"use strict";
(() => {
  const button = document.querySelector("[data-shoot]"), outbox = window.Outbox, store = window.OutboxStore;
  if (!button || !outbox || !store || !matchMedia("(pointer: coarse)").matches) return;
  const camera = button.querySelector("input"), link = document.querySelector("[data-begin-report]");
  const key = "draft:" + outbox.user + ":" + new URL(link.href).pathname;
  button.hidden = false;
  link.hidden = true;

  camera.addEventListener("change", async () => {
    if (!camera.files.length) return;
    button.classList.add("busy");
    const picture = camera.files[0];
    try {
      const kept = await window.Pictures.small(picture), begun = await store.draft(key);
      const shot = { id: outbox.newId(), field: "photos", name: picture.name, type: kept.type || picture.type, data: await window.Pictures.bytesOf(kept) };
      await store.keepFiles(key, begun.files.concat(shot));
    } finally {
      location.assign(link.href); // without room for the picture: there it is taken again
    }
  });
  addEventListener("pageshow", () => { button.classList.remove("busy"); camera.value = ""; });
})();
