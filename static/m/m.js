// The phone's frame: the service worker, the strip "no network", back, a form sent once.
"use strict";
(() => {
  const page = document.documentElement;
  page.classList.add("scripted");
  const all = (what, from = document) => Array.from(from.querySelectorAll(what));

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-again]")) {
      event.preventDefault();
      location.reload();
    } else if (event.target.closest("[data-back]") && history.length > 1) {
      event.preventDefault();
      history.back();
    }
  });

  const tell = () => all("[data-offline]").forEach((strip) => { strip.hidden = navigator.onLine; });
  addEventListener("online", tell);
  addEventListener("offline", tell);
  tell();

  // A second tap sends nothing: buttons rest until the answer is there, or the page is come back to. A form of the outbox sees
  // to that itself.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.hasAttribute("data-outbox") || event.defaultPrevented) return;
    setTimeout(() => all("button", form).forEach((button) => { button.disabled = true; }));
  });
  addEventListener("pageshow", () => all("form:not([data-outbox]) button:disabled").forEach((button) => { button.disabled = false; }));
  all("form[data-at-once]").forEach((form) => form.addEventListener("change", () => form.submit()));
})();
