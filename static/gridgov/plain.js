// "Back" goes to where one came from; without a script, or a way back, to the entrance.
"use strict";
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-back]") || history.length < 2) return;
  event.preventDefault();
  history.back();
});
