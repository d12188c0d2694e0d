// Forms that go through the outbox: <form data-outbox="KIND" data-label="…">. Photos are shown and can be taken out again; what
// is typed is kept as a draft and comes back after a kill; submitting keeps the form on the device and sends it from there.
//
//   <input type="file" name="photos">     several inputs may share a name; data-shots="photos" shows what was picked
//   data-draft="off"                      no draft            data-stay   stay on the page when it was sent
//   "shot" on the form, detail {field, file, only}            a file that a script made; `only`: in place of others
"use strict";
(() => {
  const outbox = window.Outbox, store = window.OutboxStore, pictures = window.Pictures;
  let ready = document.readyState === "complete";
  addEventListener("DOMContentLoaded", () => { ready = true; });
  const TOKENS = ["csrfmiddlewaretoken", "idempotency_key"], MOST_WAITED = 8000;

  // --- drafts ----------------------------------------------------------------------------------------------------------

  const draftKey = (form, user) => "draft:" + user + ":" + new URL(form.action).pathname;
  const fieldsOf = (form) => Array.from(new FormData(form)).filter((pair) => typeof pair[1] === "string" && !TOKENS.includes(pair[0]));
  const fill = (form, fields, begun) => {
    Array.from(form.elements).forEach((input) => {
      if (!input.name || begun.get(input) || TOKENS.includes(input.name) || input.type === "file" || input.type === "submit") return;
      const values = fields.filter((pair) => pair[0] === input.name).map((pair) => pair[1]);
      if (input.type === "checkbox" || input.type === "radio") input.checked = values.includes(input.value);
      else if (values.length) input.value = values[0];
    });
  };

  // --- one form --------------------------------------------------------------------------------------------------------

  const take = (form) => {
    const key = draftKey(form, outbox.user), drafts = form.dataset.draft !== "off";
    // Fields that scripts fill begin empty; what a hidden field says from the beginning is the page's own.
    const begun = new Map(Array.from(form.querySelectorAll("input[type=hidden]")).map((input) => [input, input.value]));
    const shots = []; // {id, field, name, type, data}
    let timer = 0, sending = null;

    const news = (text, bad) => {
      let line = form.querySelector("[data-news]");
      if (!line) {
        line = document.createElement("p");
        line.setAttribute("role", "status");
        line.dataset.news = "";
        form.insertBefore(line, form.firstChild);
      }
      line.className = bad ? "fault" : "news";
      line.textContent = text;
      line.hidden = !text;
      if (text) line.scrollIntoView({ block: "center" });
    };

    // A device without room keeps no draft; what is sent is sent all the same.
    const keep = () => { if (drafts && !sending && !outbox.off) store.keepWords(key, { item: form.dataset.key, fields: fieldsOf(form) }).catch(() => null); };
    const keepShots = () => { if (drafts) store.keepFiles(key, shots).catch(() => null); };
    const forget = () => {
      clearTimeout(timer);
      store.dropDraft(key).catch(() => null);
      delete form.dataset.key;
    };

    // --- photos and recordings

    const show = () => {
      if (shots.length) form.querySelectorAll("[data-no-photo]").forEach((line) => line.remove());
      form.querySelectorAll("[data-shots]").forEach((box) => {
        box.textContent = "";
        shots.filter((shot) => shot.field === box.dataset.shots).forEach((shot, number) => {
          const figure = document.createElement("figure"), sound = shot.type.startsWith("audio/");
          const media = document.createElement(sound ? "audio" : "img"), button = document.createElement("button");
          media.src = URL.createObjectURL(new Blob([shot.data], { type: shot.type }));
          if (sound) media.controls = true; else media.alt = outbox.say("photo") + " " + (number + 1);
          media.addEventListener(sound ? "emptied" : "load", () => { if (!sound) URL.revokeObjectURL(media.src); });
          media.addEventListener("error", () => figure.classList.add("unseen"));
          button.type = "button";
          button.className = "out";
          button.textContent = "×";
          button.setAttribute("aria-label", outbox.say("takeOut") + " " + (number + 1));
          button.addEventListener("click", () => { shots.splice(shots.indexOf(shot), 1); show(); keepShots(); changed(); });
          figure.append(media, button);
          box.append(figure);
        });
      });
    };
    const changed = () => form.dispatchEvent(new CustomEvent("shots", { detail: shots }));
    const add = async (field, file, only) => {
      const kept = file.type.startsWith("audio/") ? file : await pictures.small(file);
      if (only) shots.splice(0, shots.length, ...shots.filter((shot) => shot.field !== field));
      const type = kept.type || file.type || "application/octet-stream";
      shots.push({ id: outbox.newId(), field, name: file.name || field, type: type.split(";")[0], data: await pictures.bytesOf(kept) });
      const moment = form.elements.occurred_at;
      if (moment && !moment.value) moment.value = new Date().toISOString();
    };
    form.addEventListener("change", async (event) => {
      const input = event.target;
      if (outbox.off || input.type !== "file" || !input.files.length) return;
      const files = Array.from(input.files);
      form.setAttribute("aria-busy", "true");
      for (const file of files) await add(input.name, file, input.dataset.only !== undefined);
      input.value = "";
      form.removeAttribute("aria-busy");
      show(); keepShots(); changed(); keep();
    });
    // Closed without a photo: often the camera was refused, which no page is told. Where nothing can be said, nothing is lost.
    form.addEventListener("cancel", (event) => {
      const input = event.target, place = input.closest(".picks, label");
      if (input.type !== "file" || !input.accept.startsWith("image/") || form.querySelector("[data-no-photo]")) return;
      const line = document.createElement("p");
      line.className = "hint";
      line.setAttribute("role", "status");
      line.dataset.noPhoto = "";
      line.textContent = outbox.say("noPhoto");
      place.insertAdjacentElement("afterend", line);
    }, true);
    form.addEventListener("shot", async (event) => {
      await add(event.detail.field, event.detail.file, event.detail.only);
      show(); keepShots(); changed(); keep();
    });

    // --- the draft

    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, 250); });
    form.addEventListener("change", keep);
    addEventListener("pagehide", () => { clearTimeout(timer); keep(); });
    // Read before anything that a script fills in could be kept over it.
    const before = drafts ? store.draft(key).catch(() => null) : Promise.resolve(null);
    const restore = async () => {
      const draft = await before;
      if (!draft || (!draft.words && !draft.files.length)) return;
      if (draft.words) {
        fill(form, draft.words.fields, begun);
        if (draft.words.item) form.dataset.key = draft.words.item;
      }
      shots.push(...draft.files);
      show(); changed();
      form.dispatchEvent(new CustomEvent("restored"));
    };

    // --- sending

    const rest = (busy) => form.querySelectorAll("button:not([type=button])").forEach((button) => { button.disabled = busy; });
    const faults = (errors) => {
      form.querySelectorAll(".fault[data-of]").forEach((line) => line.remove());
      errors.forEach((error) => {
        const input = error.attr && form.elements[error.attr], field = input && input.closest && input.closest(".field");
        if (!field) return;
        const line = document.createElement("span");
        line.className = "fault";
        line.dataset.of = error.attr;
        line.textContent = error.detail;
        field.append(line);
      });
    };

    // What became of the item: {state, answer, why, errors}; "waiting" when it takes longer than one likes to look at.
    const outcome = (id) => new Promise((resolve) => {
      const heard = (event) => { if (event.detail.id === id) over(event.detail); };
      const over = (detail) => { document.removeEventListener("outbox", heard); clearTimeout(alarm); resolve(detail); };
      const alarm = setTimeout(() => over({ state: "waiting" }), navigator.onLine === false ? 300 : MOST_WAITED);
      document.addEventListener("outbox", heard);
    });

    form.addEventListener("submit", async (event) => {
      if (event.defaultPrevented || outbox.off) return;
      event.preventDefault();
      if (sending || form.getAttribute("aria-busy")) return;
      const moment = form.elements.occurred_at;
      if (moment && !moment.value) moment.value = new Date().toISOString();
      const fields = fieldsOf(form), pressed = event.submitter || document.activeElement;
      if (pressed && pressed.form === form && pressed.type === "submit" && pressed.name) fields.push([pressed.name, pressed.value]);
      const id = form.dataset.key || outbox.newId();
      const item = {
        id, user: outbox.user, kind: form.dataset.outbox, label: form.dataset.label || document.title, action: new URL(form.action).pathname,
        // A form that stands on another page than its own is edited on its own.
        page: form.action.includes("/do/") ? new URL(form.action).pathname : location.pathname + location.search, draft: drafts ? key : "", fields, at: Date.now(), state: "waiting", why: "", tries: 0, next: 0,
        files: shots.map((shot) => ({ id: shot.id, field: shot.field, name: shot.name, type: shot.type, sent: 0 })),
        text: (fields.find((pair) => ["text", "note", "result", "reason"].includes(pair[0]) && pair[1]) || ["", ""])[1].slice(0, 60),
      };
      sending = id;
      rest(true);
      news(outbox.say("sending"));
      const waiting = outcome(id);
      const found = await outbox.add(item, shots.map((shot) => ({ id: shot.id, item: id, data: shot.data }))).then(
        () => waiting,
        // The device has no room, or forbids it: then straight to the house, and what fails is still in the form.
        () => outbox.direct(item, shots).then(
          (answer) => ({ state: "sent", answer }),
          (error) => ({ state: "refused", why: error.told || outbox.say(error.code), errors: error.errors }),
        ),
      );
      sending = null;
      rest(false);
      if (found.state === "refused") {
        // Nothing was done: it goes on being filled in here, under its key.
        await outbox.drop(id).catch(() => null);
        form.dataset.key = id;
        keep(); keepShots();
        faults(found.errors || []);
        news(found.why, true);
        return;
      }
      forget();
      shots.length = 0;
      form.reset();
      begun.forEach((value, input) => { input.value = value; });
      if (found.state === "sent" && form.dataset.stay === undefined) { location.assign(found.answer.url); return; }
      show(); changed();
      form.dispatchEvent(new CustomEvent("restored"));
      // What the house said is told besides; that there is no network, the words say already.
      const why = found.why && found.why !== outbox.say("network") ? found.why + " " : "";
      news(found.state === "sent" ? found.answer.label : found.signin ? outbox.say("signin") : why + outbox.say("stored"));
    });

    // Once the page's own scripts listen.
    if (ready) restore(); else addEventListener("DOMContentLoaded", restore);
  };

  if (!outbox) return;
  window.OutboxForms = { take }; // for forms that a script makes
  document.querySelectorAll("form[data-outbox]").forEach(take);
})();
