// Proposals beside a report while it is written (form[data-suggest]), and fields filled in by a click on a proposal, also
// in dialogs that come later. Typing never waits for it; without this script the buttons ask and fill in by a POST.
"use strict";
(() => {
  const WATCHED = ["text", "place", "grid", "lng", "lat", "category"];
  const PAUSE = 600;
  let timer = 0, going = null, last = "";

  function mark(form) {
    form.querySelectorAll("[data-pick]").forEach((button) => {
      button.setAttribute("aria-pressed", String(form.elements[button.dataset.pick]?.value === button.dataset.value));
    });
  }

  // New proposals in the place of the old ones; who stood on one with the keyboard stands on it again.
  function show(form, html) {
    const box = form.querySelector("[data-advice]");
    const on = box.contains(document.activeElement) ? document.activeElement.dataset : null;
    box.innerHTML = html;
    mark(form);
    if (on?.value) box.querySelector(`[data-pick="${on.pick}"][data-value="${on.value}"]`)?.focus({ preventScroll: true });
  }

  async function ask(form, again) {
    const given = new FormData();
    WATCHED.forEach((name) => given.set(name, form.elements[name]?.value ?? ""));
    const now = JSON.stringify([...given]);
    if (now === last && !again) return;
    last = now;
    given.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    going?.abort();
    going = new AbortController();
    try {
      const answer = await fetch(form.dataset.suggest, { method: "POST", body: given, signal: going.signal });
      if (answer.ok) show(form, await answer.text());
    } catch { /* a report can be written without proposals */ }
  }

  function later(event) {
    const form = event.target.form;
    if (!form) return;
    mark(form);
    if (!form.dataset.suggest || !WATCHED.includes(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE, form, false);
  }
  document.addEventListener("input", later);
  document.addEventListener("change", later);

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-pick], [data-ask]");
    if (!button?.form) return;
    const field = button.form.elements[button.dataset.pick];
    if (field) {
      event.preventDefault();
      field.value = button.dataset.value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
      mark(button.form);
    } else if ("ask" in button.dataset) {
      event.preventDefault();
      clearTimeout(timer);
      ask(button.form, true);
    }
  });

  // unfold would write a file's name into the nearest text field; it leaves inputs alone that say they are looked after.
  document.querySelectorAll("input[type=file]").forEach((input) => { input.hasChangeListener = true; });
})();
