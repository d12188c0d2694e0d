// One letter for each move of a page: whatever carries data-letter is pressed by its key, and `?` lists them all.
"use strict";
(() => {
  const list = document.getElementById("letters-dialog");
  if (!list || !list.showModal) return;
  const all = () => [...document.querySelectorAll("[data-letter]")].filter((one) => !one.hidden && !one.disabled);

  function nameOf(one) {
    const words = one.cloneNode(true);
    words.querySelectorAll(".material-symbols-outlined").forEach((icon) => icon.remove());
    return words.textContent.trim();
  }

  function show() {
    const rows = all().map((one) => {
      const row = document.createElement("div"), key = document.createElement("kbd");
      const term = document.createElement("dt"), said = document.createElement("dd");
      key.textContent = one.dataset.letter.toUpperCase();
      said.textContent = nameOf(one);
      term.append(key);
      row.append(term, said);
      return row;
    });
    list.querySelector("dl").replaceChildren(...rows);
    list.showModal();
  }

  document.querySelector("[data-letters]")?.addEventListener("click", show);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input, textarea, select, [contenteditable], .leaflet-container")) return;
    const wanted = all().find((one) => one.dataset.letter === event.key.toLowerCase());
    if (!wanted) return;
    event.preventDefault();
    wanted.click();
  });
})();
