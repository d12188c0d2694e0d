// The page of figures: printing, and definitions that stay inside the window and close with Escape.
document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));

document.querySelectorAll(".gg-figure").forEach((card) => {
  const place = () => {
    card.classList.remove("gg-figure-closed");
    const about = card.querySelector(".gg-figure-about");
    card.classList.toggle("gg-figure-right", card.getBoundingClientRect().left + about.offsetWidth > document.documentElement.clientWidth - 8);
  };
  card.addEventListener("pointerenter", place);
  card.addEventListener("focusin", place);
  card.addEventListener("keydown", (event) => {
    if (event.key === "Escape") card.classList.add("gg-figure-closed");
  });
});
