// The size of the text, as this browser was told to show it; set before anything is drawn, so that no page jumps.
// (Light and dark are the theme's own: Alpine keeps `adminTheme`.)
"use strict";
(() => {
  const KEPT = "gridgovType", page = document.documentElement;
  const apply = (size) => { if (size) page.dataset.type = size; else delete page.dataset.type; };
  apply(localStorage.getItem(KEPT));

  document.addEventListener("DOMContentLoaded", () => {
    const menu = document.querySelector(".gg-display");
    if (!menu) return;
    const sizes = menu.querySelectorAll("[name=display-type]");
    sizes.forEach((choice) => {
      choice.checked = choice.value === (page.dataset.type || "");
      choice.addEventListener("change", () => {
        localStorage.setItem(KEPT, choice.value);
        apply(choice.value);
      });
    });
    document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
  // Another tab of the same browser follows.
  addEventListener("storage", (event) => { if (event.key === KEPT) apply(event.newValue); });
})();
