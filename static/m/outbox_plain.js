// Where a browser keeps nothing (no IndexedDB, or none for a page in a foreign frame): forms are sent as ordinary forms, photos with
// them, and a note says so. What is typed is kept as a plain draft where there is room for one, and sent under the same key, so that
// a form sent again after a broken network is still one.
"use strict";
(() => {
  const user = document.documentElement.dataset.user, words = document.getElementById("outbox-words");
  if (!user) return;
  let shelf = null, ready = document.readyState === "complete";
  addEventListener("DOMContentLoaded", () => { ready = true; });
  try { shelf = window.localStorage; } catch (error) { /* forbidden: no drafts */ }
  const keyOf = (form) => "draft:" + user + ":" + new URL(form.action).pathname;
  const fields = (form) => Array.from(form.elements).filter((input) => input.name && input.name !== "csrfmiddlewaretoken" && !["file", "submit", "hidden"].includes(input.type));
  const key = (form) => form.elements.idempotency_key;
  const read = (name) => JSON.parse(shelf.getItem(name) || "null");
  const keep = (form, sent) => {
    const values = fields(form).map((input) => [input.name, input.type === "checkbox" ? input.checked : input.value]);
    try { shelf.setItem(keyOf(form), JSON.stringify({ sent, key: key(form) && key(form).value, values })); } catch (error) { /* full: no draft */ }
  };
  const restore = (form) => {
    const draft = read(keyOf(form));
    if (!draft || form.querySelector(".fault")) return;
    fields(form).forEach((input) => {
      const found = draft.values.find((pair) => pair[0] === input.name);
      if (found && input.type === "checkbox") input.checked = found[1];
      else if (found && input.type !== "radio") input.value = found[1];
    });
    if (draft.key && key(form)) key(form).value = draft.key;
    form.dispatchEvent(new CustomEvent("restored"));
  };
  const note = (form) => {
    const line = document.createElement("p");
    line.className = "hint";
    line.dataset.plain = "";
    line.textContent = words.dataset.plain;
    form.insertBefore(line, form.firstChild);
  };

  const begin = () => {
    // A page of ours after a form was sent: it has arrived.
    if (shelf) Object.keys(shelf).filter((name) => name.startsWith("draft:" + user + ":")).forEach((name) => {
      if (read(name).sent && !name.endsWith(":" + location.pathname)) shelf.removeItem(name);
    });
    document.querySelectorAll("form[data-outbox]").forEach((form) => {
      note(form);
      if (!shelf) return;
      let timer = 0;
      form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => keep(form, false), 250); });
      form.addEventListener("change", () => keep(form, false));
      form.addEventListener("submit", () => { clearTimeout(timer); keep(form, true); });
      if (ready) restore(form); else addEventListener("DOMContentLoaded", () => restore(form));
    });
  };
  if (!window.OutboxStore) begin(); else document.addEventListener("outbox-off", begin);
})();
