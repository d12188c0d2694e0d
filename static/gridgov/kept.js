// A form of the desk that was sent after its session had ended: what was typed is put back, in this tab and for the same person,
// once they have signed in again. Files can't be; passwords aren't.
"use strict";
(() => {
  const KEY = "gridgovTyped", door = /^\/admin\/(login|in)\//;
  const typed = (form) => [...form.elements].filter((field) => field.name && !["password", "file", "hidden", "submit", "button"].includes(field.type));
  // Not form.action: some forms have a field of that name.
  const goal = (form) => new URL(form.getAttribute("action") || "", location).pathname;
  const user = document.querySelector("[data-user]")?.dataset.user;

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || !user) return;
    const fields = typed(form).map((field) => [field.name, field.value, field.checked === true]);
    sessionStorage.setItem(KEY, JSON.stringify({ user, path: location.pathname, action: goal(form), fields }));
  });

  if (door.test(location.pathname)) return;
  const kept = JSON.parse(sessionStorage.getItem(KEY) || "null");
  sessionStorage.removeItem(KEY);
  const from = document.referrer && new URL(document.referrer);
  if (!kept || kept.user !== user || !from || from.origin !== location.origin || !door.test(from.pathname)) return;
  const form = [...document.forms].find((one) => one.method === "post" && goal(one) === kept.action && kept.action === location.pathname);
  if (!form) return;
  const left = [...kept.fields];
  typed(form).forEach((field) => {
    const place = left.findIndex(([name, value]) => name === field.name && (field.type !== "radio" && field.type !== "checkbox" || value === field.value));
    if (place < 0) return;
    const [[, value, checked]] = left.splice(place, 1);
    if (field.type === "radio" || field.type === "checkbox") field.checked = checked; else field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
})();
