// The record on the spot. A draft goes on from the record that was there when it was begun (`base`); where somebody has written since,
// both stand on the page until they are put together by hand: nothing is written over unseen.
"use strict";
(() => {
  const form = document.querySelector("form[data-record]");
  if (!form) return;
  const base = form.elements.base, version = form.elements.version, box = form.querySelector("[data-newer]");
  const words = form.elements.record, begun = words.defaultValue;
  const behind = () => base.value !== "" && base.value !== version.value;
  const show = () => { if (box) box.hidden = !behind() || words.value === begun; };

  // A draft keeps its base; who only looks has none.
  form.addEventListener("input", (event) => { if (event.target !== base && base.value === "") base.value = version.value; });
  form.addEventListener("restored", () => {
    if (words.value === begun) base.value = "";
    show();
  });
  form.querySelectorAll("[data-together]").forEach((button) => button.addEventListener("click", () => {
    base.value = version.value;
    show();
    words.focus();
    words.dispatchEvent(new Event("change", { bubbles: true }));
  }));
  // Refused, for somebody was faster: what stands there now is fetched, and shown beside what was typed here.
  document.addEventListener("outbox", async (event) => {
    const told = event.detail;
    if (told.state !== "refused" || !(told.errors || []).some((error) => error.code === "changed")) return;
    const answer = await fetch(form.action, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html"), newer = page.querySelector("[data-newer]");
    if (!newer) return;
    box.querySelector(".words").textContent = newer.querySelector(".words").textContent;
    box.querySelector(".hint").textContent = newer.querySelector(".hint").textContent;
    version.value = page.querySelector("[name=version]").value;
    box.hidden = false;
    box.scrollIntoView({ block: "center" });
  });
})();
