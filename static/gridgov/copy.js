// Copies the text of what data-copy-from names; where the browser may not, it is marked, to be copied by hand.
"use strict";
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy-from]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copyFrom), words = button.querySelector("[data-words]");
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    words.textContent = button.dataset.copied;
  } catch {
    getSelection().selectAllChildren(source);
    words.textContent = button.dataset.mark;
  }
});
