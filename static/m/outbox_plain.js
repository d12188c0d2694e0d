// Where a browser has no IndexedDB: what is typed is kept as a plain draft, and sent as an ordinary form under the same key, so
// that a form sent again after a broken network is still one. Photos can't be kept that way.
"use strict";
(() => {
  const user = document.documentElement.dataset.user;
  if (window.OutboxStore || !user) return;
  const keyOf = (form) => "draft:" + user + ":" + new URL(form.action).pathname;
  const fields = (form) => Array.from(form.elements).filter((input) => input.name && input.name !== "csrfmiddlewaretoken" && !["file", "submit", "hidden"].includes(input.type));
  const key = (form) => form.elements.idempotency_key;
  const read = (name) => JSON.parse(localStorage.getItem(name) || "null");
  const keep = (form, sent) => {
    const values = fields(form).map((input) => [input.name, input.type === "checkbox" ? input.checked : input.value]);
    try { localStorage.setItem(keyOf(form), JSON.stringify({ sent, key: key(form) && key(form).value, values })); } catch (error) { /* full or forbidden: no draft */ }
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

  // A page of ours after a form was sent: it has arrived.
  Object.keys(localStorage).filter((name) => name.startsWith("draft:" + user + ":")).forEach((name) => {
    if (read(name).sent && !name.endsWith(":" + location.pathname)) localStorage.removeItem(name);
  });
  document.querySelectorAll("form[data-outbox]").forEach((form) => {
    let timer = 0;
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => keep(form, false), 250); });
    form.addEventListener("change", () => keep(form, false));
    form.addEventListener("submit", () => { clearTimeout(timer); keep(form, true); });
    addEventListener("DOMContentLoaded", () => restore(form));
  });
})();
