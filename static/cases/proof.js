// Marks what was moved and not saved yet; moves a whole column at once.
"use strict";
(() => {
  const form = document.querySelector("[data-switches]"), told = form?.querySelector("[data-moved]");
  if (!told) return;
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  const isMoved = (box) => box.checked !== box.defaultChecked;

  function tell() {
    form.querySelectorAll("tr[data-matter]").forEach((row) =>
      row.classList.toggle("pr-moved", [...row.querySelectorAll("input")].some(isMoved)));
    const count = boxes.filter(isMoved).length;
    told.textContent = count ? `${count} ${told.dataset.words}` : "";
  }

  form.addEventListener("change", tell);
  form.querySelectorAll("[data-all]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const column = boxes.filter((box) => box.name === button.dataset.all);
      const on = !column.every((box) => box.checked);
      column.forEach((box) => { box.checked = on; });
      tell();
    });
  });
  let saving = false;
  form.addEventListener("submit", () => { saving = true; });
  window.addEventListener("beforeunload", (event) => { if (!saving && boxes.some(isMoved)) event.preventDefault(); });
})();
