// Records without a network. The first page of mediation leaves on the phone which sessions there are: their moments, and the roles of
// those invited, without a name. Where there is no network the record is begun from that, kept here, and sent when there is one.
"use strict";
(() => {
  const store = window.OutboxStore, user = document.documentElement.dataset.user, key = "mediation:" + user;
  if (!store || !user) return;

  const rows = Array.from(document.querySelectorAll("[data-session]"));
  if (document.querySelector("[data-sessions-kept]")) {
    const sessions = rows.map((row) => ({
      id: row.dataset.session, version: row.dataset.version, label: row.dataset.label, hearing: row.dataset.hearing === "yes",
      there: Array.from(row.querySelectorAll("[data-there]")).map((one) => [one.dataset.there, one.textContent]),
    }));
    store.forget("mediation:", key).then(() => store.keepWords(key, { sessions })).catch(() => null);
  }

  const page = document.querySelector("[data-notes]");
  if (!page) return;
  const pick = page.querySelector("[data-pick]"), sample = page.querySelector("template"), empty = page.querySelector("[data-empty]");
  const begin = (session) => {
    const old = page.querySelector("form");
    if (old) old.remove();
    const form = sample.content.cloneNode(true).querySelector("form"), box = form.querySelector("fieldset");
    form.action = page.dataset.action.replace("/0/", "/" + session.id + "/");
    form.dataset.label += " · " + session.label;
    form.elements.version.value = session.version;
    session.there.forEach((one) => {
      const label = document.createElement("label"), tick = document.createElement("input"), words = document.createElement("span");
      label.className = "switch";
      Object.assign(tick, { type: "checkbox", name: "came", value: one[0] });
      words.textContent = one[1];
      label.append(tick, words);
      box.append(label);
    });
    if (!session.hearing) form.querySelector("[data-hearing]").remove();
    page.append(form);
    window.OutboxForms.take(form);
    form.addEventListener("input", () => { if (form.elements.base.value === "") form.elements.base.value = session.version; });
  };
  store.draft(key).catch(() => null).then((kept) => {
    const sessions = (kept && kept.words && kept.words.sessions) || [];
    empty.hidden = sessions.length > 0;
    sessions.forEach((session) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "big quiet", textContent: session.label });
      button.addEventListener("click", () => {
        pick.querySelectorAll("button").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
        begin(session);
      });
      pick.append(button);
    });
  });
})();
