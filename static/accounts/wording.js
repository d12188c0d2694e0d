// Shows while one types what a notice will read like, and puts places in where the cursor stands.
"use strict";
(() => {
  const parts = (inside) => {
    const box = inside.closest("[data-wording]");
    return box && { text: box.querySelector("textarea"), preview: box.querySelector("output"), places: [...box.querySelectorAll("[data-place]")] };
  };

  function preview({ text, preview, places }) {
    const samples = Object.fromEntries(places.map((place) => [place.dataset.place, place.dataset.sample]));
    preview.textContent = text.value.replace(/\{([^{}]*)\}/g, (all, name) => samples[name.trim()] ?? all);
  }

  document.addEventListener("input", (event) => {
    const found = event.target.matches("textarea") && parts(event.target);
    if (found) preview(found);
  });

  document.addEventListener("click", (event) => {
    const place = event.target.closest("[data-place]");
    const found = place && parts(place);
    if (!found) return;
    found.text.setRangeText(`{${place.dataset.place}}`, found.text.selectionStart, found.text.selectionEnd, "end");
    found.text.focus();
    preview(found);
  });
})();
